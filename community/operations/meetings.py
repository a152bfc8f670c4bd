"""The record of a team's monthly meeting: once it stands it is read-only, and its members read what was resolved (M8)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Status
from activities.operations import locks
from activities.operations.lifecycle import save
from community.models import Meeting
from people.models import User
from portal.refusals import Refusal


def close_team_record(meeting: Meeting, *, at: datetime, by: User) -> Meeting:
    """Whoever was expected and is not named absent was there (M4). Party meetings have their own rules and are not closed here."""
    with transaction.atomic():
        locks.lock(meeting.pk)
        fresh = Meeting.objects.get(pk=meeting.pk)
        if fresh.type != Meeting.Type.TEAM_MEETING:
            raise Refusal(
                _(
                    "Only the record of a team's own meeting is closed here. Please leave Party meetings to the branch, which signs them."
                )
            )
        if fresh.record_state not in {Meeting.RecordState.PLANNED, Meeting.RecordState.DRAFT}:
            raise Refusal(
                _(
                    "This record stands already. If something in it is wrong, please say so in the record of the next meeting."
                )
            )
        if fresh.status == Status.CANCELLED or not fresh.is_past(at=at):
            raise Refusal(_("It has not taken place yet. Please close the record after the meeting."))
        if fresh.chair_id is None or fresh.recorder_id is None:
            raise Refusal(_("Please name who chaired it and who took notes."))
        if not fresh.resolutions:
            raise Refusal(_("Please write what was resolved; if nothing was, write that."))
        fresh.record_state = Meeting.RecordState.SIGNED
        fresh.recorded_at = fresh.recorded_at or at
        save(fresh, by)
    return fresh
