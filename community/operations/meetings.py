"""The record of a meeting: signed once complete, read-only from then on, and put right only by an amendment (M8)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Status
from activities.operations import locks
from activities.operations.lifecycle import save
from community.models import Absence, Amendment, Meeting
from community.rules.attendance import attendance_of, names
from community.rules.record_text import changed, lines_of_meeting, only
from people.models import User, opened
from portal.refusals import Refusal

State = Meeting.RecordState


def missing_in_record(meeting: Meeting) -> list[str]:
    """What has to be done before it is signed (M4), a sentence each; none when it is complete."""
    found = []
    if meeting.chair_id is None or meeting.recorder_id is None:
        found.append(_("Please name who chaired it and who took notes."))
    if not meeting.resolutions:
        found.append(_("Please write what was resolved; if nothing was, write that."))
    attendance = attendance_of(meeting)
    if attendance.unexplained:
        found.append(
            _(
                "Not there by the attendance sheet, and no reason is given: %(names)s. Please enter each with the reason."
            )
            % {"names": _(", ").join(names(attendance.unexplained))}
        )
    if away := attendance.absent & {meeting.chair_id, meeting.recorder_id}:
        found.append(
            _("%(names)s cannot have chaired or taken notes and be absent. Please correct one of the two.")
            % {"names": _(", ").join(names(frozenset(away)))}
        )
    if strangers := meeting.absences.exclude(person__in=attendance.expected).values_list("person", flat=True):
        found.append(
            _("Not expected on that day, so nobody misses them: %(names)s. Please take these lines out.")
            % {"names": _(", ").join(names(frozenset(strangers)))}
        )
    return found


def sign_record(meeting: Meeting, *, at: datetime, by: User) -> Meeting:
    """Whoever was expected on that day and is not named absent was there (M4). The counts are kept as they are now (M5)."""
    with transaction.atomic():
        locks.lock(meeting.pk)
        fresh = Meeting.objects.get(pk=meeting.pk)
        if fresh.is_signed:
            raise Refusal(
                _("The record of “%(title)s” is signed already. If something in it is wrong, please amend it.")
                % {"title": fresh.title}
            )
        if fresh.status in {Status.CANCELLED, Status.DRAFT} or not fresh.is_past(at=at):
            raise Refusal(
                _("“%(title)s” has not taken place yet, or is a draft. Please sign the record after the meeting.")
                % {"title": fresh.title}
            )
        if missing := missing_in_record(fresh):
            raise Refusal(" ".join(missing))
        count(fresh)
        fresh.record_state = State.SIGNED
        fresh.recorded_at = fresh.recorded_at or at
        fresh.signed_at, fresh.signed_by = at, by
        save(fresh, by)
    return fresh


def count(meeting: Meeting) -> None:
    """Set the counts of the record as of its own day (M5); not saved."""
    attendance = attendance_of(meeting)
    meeting.should_attend, meeting.attended = len(attendance.expected), len(attendance.present)
    meeting.is_quorate = attendance.is_quorate


def amend_record(
    meeting: Meeting,
    *,
    at: datetime,
    by: User,
    reason: str,
    columns: Mapping[str, Any],
    absences: Mapping[int, str] | None = None,
    withheld: bool = False,
) -> Amendment:
    """Put right what was signed. What stood there is kept beside it, with who, when and why, and readers see both.

    columns: of the record, with what they shall be.  absences: {person id: reason}, all of them; None leaves them.
    withheld: the old words are for staff only.
    """
    with transaction.atomic():
        if not reason.strip():
            raise Refusal(_("Please say why it is amended; it stands beside the record."), about="reason")
        locks.lock(meeting.pk)
        fresh = Meeting.objects.get(pk=meeting.pk)
        if not fresh.is_signed:
            raise Refusal(
                _(
                    "The record of “%(title)s” is not signed yet, so it can still be changed: please do that in its form."
                )
                % {"title": fresh.title}
            )
        before = lines_of_meeting(fresh)
        with opened():
            for name, value in columns.items():
                setattr(fresh, name, value)
            if absences is not None:
                fresh.absences.exclude(person__in=absences).delete()
                for person, why in absences.items():
                    Absence.objects.update_or_create(meeting=fresh, person_id=person, defaults={"reason": why})
            try:
                fresh.full_clean()
            except ValidationError as error:
                raise Refusal(str(" ".join(error.messages))) from error
            if not fresh.is_past(at=at):
                raise Refusal(_("What is signed has taken place. Please write an end that is past."), about="ends_at_0")
            if columns.keys() & {"starts_at"} or absences is not None:
                count(fresh)
            fresh.record_state = State.AMENDED
            save(fresh, by)
            if missing := missing_in_record(fresh):
                raise Refusal(" ".join(missing))
        after = lines_of_meeting(Meeting.objects.get(pk=fresh.pk))
        other = changed(before, after)
        if not other:
            raise Refusal(_("Nothing would change. Please write what it should say."))
        return Amendment.objects.create(
            activity_id=fresh.pk,
            made_at=at,
            made_by=by,
            reason=reason.strip()[:200],
            before=only(before, other),
            after=only(after, other),
            withheld=withheld,
        )
