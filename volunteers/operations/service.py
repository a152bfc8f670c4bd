"""Service records: in and out, by whom confirmed, what was corrected (V2; docs/rules/service.md)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from activities.models import SEAT_HOLDING, Activity, SignUp, SignUpStatus, WalkIn
from activities.models.kinds import SERVICE, counts_for
from activities.operations import attendance
from activities.rules.attendance_sheet import check_not_closed
from people.models import Consent, Guardianship, Person, User
from people.operations import merging
from people.rules import consent
from portal import clock
from portal.dates import day, hm, span
from portal.refusals import Refusal, caught
from volunteers.models import Certificate, ServiceCorrection, ServiceRecord
from volunteers.models.service import served
from volunteers.operations import worked_on

Source, State = ServiceRecord.Source, ServiceRecord.State
LATE = timedelta(hours=6)  # and how long after the end check out
LONGEST = timedelta(hours=14)  # no service of one day is longer


def lock_person(person_id: int) -> Person:
    """Overlaps are looked for behind the person's own lock, so that two entries at once do not both pass."""
    return Person.objects.select_for_update(no_key=True).get(pk=person_id)


def _check_may_be_recorded(activity: Activity, person: Person) -> None:
    if person.neighbourhood_id != activity.neighbourhood_id:
        raise Refusal(_("This belongs to another residential area."))
    if counts_for(activity.kind) != SERVICE:
        raise Refusal(
            _("“%(title)s” does not count as volunteer service, so no service time is recorded for it.")
            % {"title": activity.title}
        )
    on = clock.local_date(activity.starts_at)
    if not consent.has(person, Consent.Purpose.RECORD, on):
        raise Refusal(
            _(
                "%(name)s has not agreed to service time being recorded. They can agree under “My page”, “What I agreed to”."
                " That they came can be noted all the same, without times."
            )
            % {"name": person.name},
            person,
            about="data",
        )
    seat = SignUp.objects.filter(
        activity=activity, person=person, status__in=[*SEAT_HOLDING, SignUpStatus.EXCUSED]
    ).first()
    if seat is not None and seat.status in {SignUpStatus.ABSENT, SignUpStatus.EXCUSED}:
        raise Refusal(
            _("%(name)s is marked as not there (%(mark)s). Whoever leads “%(title)s” corrects that on the sheet first.")
            % {"name": person.name, "mark": seat.get_status_display(), "title": activity.title}
        )
    if seat is not None and seat.status == SignUpStatus.CONSENT_PENDING:
        raise Refusal(
            _("A guardian of %(name)s has not agreed to “%(title)s” yet. They can do so on its page, until it begins.")
            % {"name": person.name, "title": activity.title}
        )
    if seat is not None and seat.status == SignUpStatus.OFFERED:
        raise Refusal(
            _("A seat in “%(title)s” is kept for %(name)s. Please take it first, on its page.")
            % {"name": person.name, "title": activity.title}
        )
    if seat is None and not WalkIn.objects.filter(activity=activity.pk, person=person).exists():
        raise Refusal(
            _("%(name)s is not signed up for “%(title)s”. Whoever leads it can enter them on the sheet.")
            % {"name": person.name, "title": activity.title}
        )


def check_times(
    person: Person,
    start: datetime,
    end: datetime | None,
    break_minutes: int,
    *,
    at: datetime | None = None,
    but: ServiceRecord | None = None,
) -> None:
    """V2: no overlap with another record of the person; times in order, not longer than a day's work, not after ``at``."""
    if at is not None and start > at:
        raise Refusal(_("Service to come is not recorded yet."), about="came")
    if at is not None and end is not None and end > at:
        raise Refusal(
            _("It is only %(now)s: nobody has left later than that. Leave it empty until they have left.")
            % {"now": hm(at)},
            about="left",
        )
    if end is not None:
        if end <= start:
            raise Refusal(_("The end must lie after the start."), about="left")
        if end - start > LONGEST:
            raise Refusal(_("That is longer than a day's service. Please look at the day and the times again."))
        if break_minutes >= (end - start) / timedelta(minutes=1):
            raise Refusal(_("The breaks are as long as the service itself. Please look at them again."))
    others = ServiceRecord.objects.standing().filter(person=person)
    if but is not None:
        others = others.exclude(pk=but.pk)
    clash = others.overlapping(start, end or start + timedelta(minutes=1)).select_related("activity").first()
    if clash is not None:
        raise Refusal(
            _(
                "%(name)s has a record for that time already: “%(title)s”, %(when)s. One of the two must be corrected first."
            )
            % {"name": person.name, "title": clash.activity.title, "when": when(clash)}
        )


def when(record: ServiceRecord) -> str:
    """Day and times of a record, as mails and pages say them."""

    class Span:
        starts_at, ends_at = record.started_at, record.ended_at

    return f"{day(record.started_at)} {span(Span)}"


def records_at(activity: Activity, person_ids: Collection[int]) -> dict[int, ServiceRecord]:
    """{person id: their standing record there}."""
    rows = ServiceRecord.objects.standing().filter(activity=activity.pk, person__in=person_ids)
    return {record.person_id: record for record in rows}


def check_in(activity: Activity, person: Person, *, at: datetime, with_code: bool = True) -> ServiceRecord:
    """By the code at the spot; pressing it twice is once. Without its secret word it is an own report (V2)."""
    with transaction.atomic():
        if not activity.starts_at - attendance.EARLY <= at <= activity.ends_at:
            raise Refusal(_("Checking in is possible from an hour before the start until the end."))
        person = lock_person(person.pk)
        known = ServiceRecord.objects.standing().filter(activity=activity, person=person).first()
        if known is not None:
            return known
        _check_may_be_recorded(activity, person)
        counts_from = max(at, activity.starts_at)
        check_times(person, counts_from, None, 0)
        record = ServiceRecord.objects.create(
            neighbourhood_id=activity.neighbourhood_id,
            activity=activity,
            person=person,
            arrived_at=at,
            started_at=counts_from,
            source=Source.QR if with_code else Source.SELF_REPORT,
            entered_at=at,
        )
        worked_on.take_over(record)
    return record


def check_out(activity: Activity, person: Person, *, at: datetime, break_minutes: int = 0) -> ServiceRecord:
    """End the record that :func:`check_in` began; pressing twice changes nothing. Refuses long after the activity's end."""
    with transaction.atomic():
        person = lock_person(person.pk)
        record = ServiceRecord.objects.standing().filter(activity=activity, person=person).first()
        if record is None:
            raise Refusal(_("Please check in first. If you forgot, tell whoever leads the activity."))
        if record.ended_at is not None:
            return record
        if at <= record.started_at:
            raise Refusal(
                _("It has not begun yet, so there is no time to count. If you cannot stay, tell whoever leads it.")
            )
        if at > activity.ends_at + LATE:
            raise Refusal(_("That was too long ago. Please tell whoever leads the activity when you left."))
        check_times(person, record.started_at, at, break_minutes, at=at, but=record)
        _fill(record, record.started_at, at, break_minutes)
        record.save()
    return record


def finish(record: ServiceRecord, end: datetime, break_minutes: int, *, by: User, at: datetime) -> ServiceRecord:
    """Say when somebody left who did not check out; confirmed with it, unless it is ``by``'s own or their child's."""
    with transaction.atomic():
        person = lock_person(record.person_id)
        record = ServiceRecord.objects.select_for_update(of=("self",)).select_related("person").get(pk=record.pk)
        if record.state != State.PENDING or record.ended_at is not None:
            raise Refusal(
                _("%(name)s has left already, as it stands here. Please correct the record.") % {"name": person}
            )
        check_times(person, record.started_at, end, break_minutes, at=at, but=record)
        _fill(record, record.started_at, end, break_minutes)
        record.save()
        if not is_own(record, by):
            record = confirm(record, by=by, at=at)
    return record


def _fill(record: ServiceRecord, start: datetime, end: datetime | None, break_minutes: int) -> None:
    record.started_at, record.ended_at, record.break_minutes = start, end, break_minutes
    record.minutes = served(start, end, break_minutes)


def enter(
    activity: Activity,
    person: Person,
    start: datetime,
    end: datetime | None,
    *,
    at: datetime,
    source: str,
    break_minutes: int = 0,
    note: str = "",
    by: User | None = None,
    pieces: str = "",
    confirms: bool = False,
) -> ServiceRecord:
    """From the sheet, an own report or the rota; waits to be confirmed by somebody else. Raises Refusal.

    start: when they arrived; the time counts from the start of the activity at the earliest (V2).  Nothing later than ``at``.
    pieces: codes of what was worked on, as on the tags; else what the shift works on.
    confirms: ``by`` confirms it with the same act, where it has an end and is not their own.
    """
    with transaction.atomic():
        check_not_closed(activity, at)
        person = lock_person(person.pk)
        _check_may_be_recorded(activity, person)
        arrived, start = start, max(start, activity.starts_at)
        if end is not None and end - arrived > LONGEST:
            raise Refusal(_("That is longer than a day's service. Please look at the day and the times again."))
        check_times(person, start, end, break_minutes, at=at)
        record = ServiceRecord(
            neighbourhood_id=activity.neighbourhood_id,
            activity=activity,
            person=person,
            arrived_at=arrived,
            source=source,
            note=note.strip()[:200],
            entered_at=at,
            entered_by=by,
        )
        _fill(record, start, end, break_minutes)
        try:
            with transaction.atomic():
                record.save()
        except IntegrityError as error:
            raise Refusal(
                _("%(name)s has a record for “%(title)s” already; please correct that one.")
                % {"name": person.name, "title": activity.title}
            ) from error
        worked_on.take_over(record)
        if known := worked_on.pieces_named(pieces, activity.neighbourhood):
            worked_on.say(record, known)
        if confirms and by is not None and end is not None and not is_own(record, by):
            record = confirm(record, by=by, at=at)
    return record


def is_own(record: ServiceRecord, user: User) -> bool:
    """V2: the confirmer is another person than the volunteer, and than the guardian who stands for them."""
    persons = Person.objects.filter(user=user).values("pk")
    if record.person.user_id == user.pk:
        return True
    return Guardianship.objects.filter(guardian__in=persons, child=record.person, ended_at=None).exists()


def confirm(record: ServiceRecord, *, by: User, at: datetime) -> ServiceRecord:
    """Count the record's hours. Refuses one's own or one's child's, a rejected one, and one that nobody knows the end of."""
    with transaction.atomic():
        person = lock_person(record.person_id)
        record = ServiceRecord.objects.select_for_update(of=("self",)).select_related("person").get(pk=record.pk)
        if record.state == State.CONFIRMED:
            return record
        if record.state == State.REJECTED:
            raise Refusal(_("This record was rejected. Please enter a new one."))
        if is_own(record, by):
            raise Refusal(_("Nobody confirms their own service or that of their children. Please ask a colleague."))
        if record.minutes is None:
            raise Refusal(_("Nobody knows when %(name)s left. Please correct the time first.") % {"name": person})
        check_was_there(record)
        record.state, record.confirmed_by, record.confirmed_at = State.CONFIRMED, by, at
        record.save()
        attendance.note_came(record.activity, person, by=by)
    return record


def check_was_there(record: ServiceRecord) -> None:
    """No time is confirmed of whoever the sheet says was absent, nor of what does not count as service."""
    if ServiceRecord.objects.doubtful(ServiceRecord.objects.filter(pk=record.pk), future=False).exists():
        raise Refusal(
            _(
                "By the sheet %(name)s was not at “%(title)s”, or it does not count as service. Please correct the sheet, or"
                " reject the record."
            )
            % {"name": record.person, "title": record.activity}
        )


def reject(record: ServiceRecord, *, reason: str, by: User, at: datetime) -> ServiceRecord:
    """Count nothing of it; the volunteer reads ``reason``. Refuses one's own or one's child's."""
    with transaction.atomic():
        if not reason.strip():
            raise Refusal(_("Please say why; the volunteer reads it."))
        record = ServiceRecord.objects.select_for_update(of=("self",)).select_related("person").get(pk=record.pk)
        if is_own(record, by):
            raise Refusal(_("Nobody decides on their own service or that of their children. Please ask a colleague."))
        record.state, record.note = State.REJECTED, reason.strip()[:200]
        record.confirmed_by, record.confirmed_at = by, at
        record.save()
        certificates_to_issue_anew(record, at)
    return record


def correct(
    record: ServiceRecord,
    start: datetime,
    end: datetime | None,
    break_minutes: int,
    *,
    reason: str,
    by: User,
    at: datetime,
) -> ServiceRecord:
    """Change the times; what stood before is kept with who and why (V2). It stays, or becomes again, to be confirmed
    unless somebody else than the volunteer corrected it, which confirms it."""
    with transaction.atomic():
        if not reason.strip():
            raise Refusal(_("Please say why it is corrected; that is kept with the record."))
        person = lock_person(record.person_id)
        record = ServiceRecord.objects.select_for_update(of=("self",)).select_related("person").get(pk=record.pk)
        if record.state == State.REJECTED:
            raise Refusal(_("This record was rejected. Please enter a new one."))
        if is_own(record, by):
            raise Refusal(_("Nobody corrects their own service or that of their children. Please ask a colleague."))
        check_times(person, start, end, break_minutes, at=at, but=record)
        if end is not None:
            check_was_there(record)
        ServiceCorrection.objects.create(
            record=record,
            old_started_at=record.started_at,
            old_ended_at=record.ended_at,
            old_minutes=record.minutes,
            corrected_at=at,
            corrected_by=by,
            reason=reason.strip()[:200],
        )
        _fill(record, start, end, break_minutes)
        if record.minutes is None:
            record.state, record.confirmed_by, record.confirmed_at = State.PENDING, None, None
        else:
            record.state, record.confirmed_by, record.confirmed_at = State.CONFIRMED, by, at
        record.save()
        certificates_to_issue_anew(record, at)
    return record


def certificates_to_issue_anew(record: ServiceRecord, at: datetime) -> None:
    """T0: a certificate that was issued with the record as it stood is listed for staff; it stays as it is until then."""
    lines = record.certificate_lines.exclude(minutes=record.minutes or 0)
    if record.state != State.CONFIRMED:
        lines = record.certificate_lines.all()
    Certificate.objects.filter(
        pk__in=lines.values("certificate"), state=Certificate.State.ISSUED, outdated_at=None
    ).update(outdated_at=at)


def from_rota(slot: Activity, people: Collection[Person], *, at: datetime, by: User | None) -> int:
    """G1: a morning that was done writes its minutes, for those who agreed to records; returns how many are new.

    Written by staff they are confirmed, unless it is their own; written by a member they wait for that.
    """
    made = 0
    for person in people:
        with (
            caught()
        ):  # no consent to records, or a record of that time exists: the morning itself is noted all the same
            end = min(slot.ends_at, at)  # noted while it still goes on: no time of the future
            enter(slot, person, slot.starts_at, end, at=at, source=Source.ROSTER, by=by, confirms=True)
            made += 1
    return made


def no_overlap(joining: merging.Joining) -> None:
    """V2: one person serves in one place at a time, also when two records of them are joined."""
    for record in ServiceRecord.objects.standing().filter(person=joining.dropped).select_related("activity"):
        check_times(joining.kept, record.started_at, record.ended_at, record.break_minutes)
