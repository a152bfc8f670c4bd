"""Who came: written once for everybody, and what each kind of activity counts it for (docs/rules/service.md, The sheet)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import MARKED, Activity, Mover, SignUpStatus, Status, WalkIn
from activities.models.kinds import counts_for
from activities.operations import locks
from activities.operations.sign_ups import may_act_for
from activities.rules import adult_ratio, ages
from activities.rules.attendance_sheet import check_not_closed
from people.models import AccessLog, Consent, Guardianship, Person, User
from people.operations import consents
from people.operations.staff import note_openings
from people.rules import consent
from portal.refusals import Refusal, caught
from portal.registry import Registry


class Follower(Protocol):
    """Writes what ``mark`` means for whoever counts it, ``details`` as that app's columns of the sheet gave them.

    Called with person and activity locked; returns whether it wrote anything. May raise Refusal, and then nothing is noted.
    """

    def __call__(
        self, activity: Activity, person: Person, mark: str, details: Any, *, at: datetime, by: User
    ) -> bool: ...


@dataclass(frozen=True)
class Timekeeper:
    """Who writes when somebody came and left by the code at the spot.

    come(activity, person, with_code=, at=); leave(activity, person, at=); known(activity, person ids) -> {person id: record},
    with ``started_at``, ``ended_at`` and ``time``.
    """

    come: Callable[..., Any]
    leave: Callable[..., Any]
    known: Callable[[Activity, Collection[int]], dict[int, Any]]


RECORD = Consent.Purpose.RECORD
EARLY = timedelta(hours=1)  # how long before the start somebody may check in

#: By what attendance counts for. volunteers: 400.
timekeepers = Registry[Timekeeper]("who keeps the time at the spot", named=lambda keeper: keeper.come.__name__)

#: By what attendance counts for (``Kind.counts_for``). volunteers: 400.
followers = Registry[Follower]("what follows from attendance")


def record_attendance(
    activity: Activity, marks: Mapping[int, str], *, at: datetime, by: User, details: Mapping[int, Any] | None = None
) -> int:
    """Set {person id: attended, absent or excused} on the seats; returns for how many something changed.

    details: {person id: what the columns of this kind asked beside it}.
    Not before the start, and not once the sheet is closed. A seat that waits for a guardian's yes is not marked as attended.
    """
    with transaction.atomic():
        base = locks.lock(activity.pk, list(marks))
        if not base.has_started(at=at):
            raise Refusal(_("Attendance can be recorded once it has begun."))
        if base.status not in {Status.PUBLISHED, Status.DONE}:
            raise Refusal(_("It did not take place, so there is no attendance to record."))
        check_not_closed(base, at)
        seats = [SignUpStatus.CONFIRMED, SignUpStatus.CONSENT_PENDING, *MARKED]
        follow = followers.get(counts_for(base.kind))
        changed = _record_walk_ins(base, marks, follow, details or {}, at=at, by=by)
        for row in base.sign_ups.filter(person__in=marks, status__in=seats).select_related("person"):
            mark = marks[row.person_id]
            if mark not in MARKED:
                continue
            if row.status == SignUpStatus.CONSENT_PENDING:
                if mark == SignUpStatus.ATTENDED:
                    raise Refusal(
                        _("A guardian of %(name)s has not agreed to “%(title)s” yet.")
                        % {"name": row.person.name, "title": base.title},
                        row.person,
                        about="mark",
                    )
                if mark == SignUpStatus.EXCUSED:
                    mark = SignUpStatus.ABSENT
            was = row.status
            if was != mark:
                row.move_to(mark, by=Mover.STAFF)
                row.marked_by = by
                row.save(update_fields=["status", "marked_by"])
            wrote = bool(follow and follow(base, row.person, mark, (details or {}).get(row.person_id), at=at, by=by))
            changed += wrote or was != mark
    return changed


def _record_walk_ins(
    base: Activity,
    marks: Mapping[int, str],
    follow: Follower | None,
    details: Mapping[int, Any],
    *,
    at: datetime,
    by: User,
) -> int:
    """Whoever walked in came; marked otherwise, they were entered by mistake and leave the sheet, unless time is recorded."""
    changed = 0
    for walk_in in base.walk_ins.filter(person__in=marks).select_related("person"):
        mark = marks[walk_in.person_id]
        wrote = bool(follow and follow(base, walk_in.person, mark, details.get(walk_in.person_id), at=at, by=by))
        if mark != SignUpStatus.ATTENDED:
            walk_in.delete()
        changed += wrote or mark != SignUpStatus.ATTENDED
    return changed


def walk_in(
    activity: Activity, person: Person, *, at: datetime, by: User | None, consent_by: str = "", accept: bool = False
) -> WalkIn:
    """Somebody is or was there without a seat: from the start until the sheet is closed, whatever the capacity.

    Before the end the rules of age and of children and adults are said once (``accept``: they were read), and a minor without
    a guardian's yes (``consent_by``: whose, in words) is refused; afterwards the fact is recorded.
    by: the member of staff or leader; None where they checked in themselves.
    """
    with transaction.atomic():
        base = locks.lock(activity.pk, [person.pk])
        if base.status not in {Status.PUBLISHED, Status.DONE}:
            raise Refusal(_("It did not take place, so there is no attendance to record."))
        if by is not None and not base.has_started(at=at):
            raise Refusal(_("It has not begun yet; until then people sign up."))
        check_not_closed(base, at)
        if person.neighbourhood_id != base.neighbourhood_id:
            raise Refusal(_("This belongs to another residential area."), about="person")
        if base.sign_ups.live().filter(person=person).exists():
            raise Refusal(
                _("%(name)s is signed up here and stands on the sheet already.") % {"name": person.name}, about="person"
            )
        if known := base.walk_ins.filter(person=person).first():
            return known
        if not base.is_past(at=at):
            if not person.is_adult_on(ages.day_of(base)) and not consent_by.strip():
                raise Refusal(
                    _("%(name)s is a minor: ask a guardian first, and write who said yes.") % {"name": person.name},
                    about="consent_by",
                )
            if not accept:
                with caught() as no:
                    ages.check_ages(base, [person])
                    adult_ratio.check_ratio(base, [person])
                if no.refusal is not None:
                    raise Refusal(no.sentence, person, about="accept")
        return WalkIn.objects.create(
            activity=base, person=person, entered_at=at, entered_by=by, consent_by=consent_by.strip()[:80]
        )


def check_in(
    activity: Activity, people: Collection[Person], *, by: Person, with_code: bool, agrees: bool = False, at: datetime
) -> list[Person]:
    """``by`` says that these, of their booking or household, are here: everybody is marked as come.

    with_code: by the word printed at the spot; else it is an own report.  agrees: time may be recorded, for whom ``by`` may say so.
    Without sign-up whoever may come is a walk-in. Returns those whose time is not recorded because nobody agreed to it.
    """
    with transaction.atomic():
        if not people:
            raise Refusal(_("Please tick who is here."), about="people")
        base = locks.lock(activity.pk, [person.pk for person in people])
        if base.status not in {Status.PUBLISHED, Status.DONE}:
            raise Refusal(_("It does not take place."))
        if not base.starts_at - EARLY <= at <= base.ends_at:
            raise Refusal(_("Checking in is possible from an hour before the start until the end."))
        keeper, untimed = timekeepers.get(counts_for(base.kind)), []
        for person in people:
            _came(base, person, by=by, at=at)
            if keeper is None:
                continue
            if agrees and not consent.has(person, RECORD, ages.day_of(base)):
                consents.agree(person, RECORD, actor=by)
            if consent.has(person, RECORD, ages.day_of(base)):
                keeper.come(base, person, with_code=with_code, at=at)
            else:
                untimed.append(person)
    return untimed


def _came(base: Activity, person: Person, *, by: Person, at: datetime) -> None:
    row = base.sign_ups.live().filter(person=person).select_related("booking", "person").first()
    if row is None:
        if base.needs_sign_up and not base.walk_ins.filter(person=person).exists():
            raise Refusal(
                _("%(name)s is not signed up here. Whoever leads it enters them on the sheet: please speak to them.")
                % {"name": person.name}
            )
        if person != by and not consent.is_guardian(by, person):
            raise Refusal(_("Only the person, their guardian or whoever signed them up can do this."))
        walk_in(base, person, at=at, by=None, consent_by="" if person == by else by.name)
        return
    if not may_act_for(by, row):
        raise Refusal(_("Only the person, their guardian or whoever signed them up can do this."))
    if row.status == SignUpStatus.CONSENT_PENDING:
        raise Refusal(
            _("A guardian of %(name)s has not agreed to “%(title)s” yet. They can do so on its page, until it begins.")
            % {"name": person.name, "title": base.title}
        )
    if row.status == SignUpStatus.OFFERED:
        raise Refusal(
            _("A seat in “%(title)s” is kept for %(name)s. Please take it first, on its page.")
            % {"name": person.name, "title": base.title}
        )
    if row.status not in {SignUpStatus.CONFIRMED, SignUpStatus.ATTENDED}:
        raise Refusal(
            _("%(name)s stands as “%(state)s” here. Please speak to whoever leads it.")
            % {"name": person.name, "state": row.get_status_display()}
        )
    if row.status == SignUpStatus.CONFIRMED:
        row.move_to(SignUpStatus.ATTENDED, by=Mover.STAFF)
        row.save(update_fields=["status"])


def check_out(activity: Activity, people: Collection[Person], *, by: Person, at: datetime) -> None:
    """``by`` says that these leave now; only where time is counted."""
    with transaction.atomic():
        keeper = timekeepers.get(counts_for(activity.kind))
        if keeper is None:
            raise Refusal(_("No time is counted here."))
        for person in people:
            row = activity.sign_ups.live().filter(person=person).select_related("booking", "person").first()
            theirs = person == by or consent.is_guardian(by, person) or (row is not None and may_act_for(by, row))
            if not theirs:
                raise Refusal(_("Only the person, their guardian or whoever signed them up can do this."))
            keeper.leave(activity, person, at=at)


def guardians_to_call(activity: Activity, child: Person, *, by: User, at: datetime) -> list[Guardianship]:
    """The guardians of a minor on the sheet, for whoever leads it, while it goes on; each asking is logged (V6)."""
    with transaction.atomic():
        if not activity.has_started(at=at) or activity.is_past(at=at):
            raise Refusal(_("Guardians' numbers are shown while it goes on. Afterwards the committee reaches them."))
        if child.is_adult_on(ages.day_of(activity)):
            raise Refusal(_("%(name)s is of age.") % {"name": child.name})
        bonds = Guardianship.objects.filter(child=child, ended_at=None).exclude(guardian__phone="")
        found = list(bonds.select_related("guardian").order_by("pk"))
        note_openings([child], by=by, page=AccessLog.Page.CALL)
        if not found:
            raise Refusal(
                _("No guardian's number is known. Please ring the committee: %(phone)s.")
                % {"phone": activity.neighbourhood.phone or activity.neighbourhood}
            )
    return found


def note_came(activity: Activity, person: Person, *, by: User | None) -> None:
    """Whoever has a confirmed seat came: their service was confirmed, or they checked in. The caller holds the person's lock."""
    with transaction.atomic():
        base = locks.lock(activity.pk)
        for row in base.sign_ups.filter(person=person, status=SignUpStatus.CONFIRMED):
            row.move_to(SignUpStatus.ATTENDED, by=Mover.STAFF)
            row.marked_by = by
            row.save(update_fields=["status", "marked_by"])
