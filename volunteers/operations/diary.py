"""How a morning went: who was there, a word and a picture (G1)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Mover, SignUp, SignUpStatus, Status
from activities.operations import locks
from activities.rules import attendance_sheet
from people.models import Channel, Person, User
from portal import clock
from portal.refusals import Refusal
from volunteers.models import Shift
from volunteers.operations import service
from volunteers.operations.planning import give
from volunteers.operations.promises import check_member
from volunteers.operations.sheet import check_nobody_recorded
from volunteers.operations.swaps import rota_of


def record(
    slot: Shift,
    present: Collection[Person],
    *,
    at: datetime,
    note: str = "",
    by: Person | None = None,
    by_staff: User | None = None,
) -> Shift:
    """Note who was there; the outcome follows from it: done, swapped, partial or missed. It can be written again.

    Until its sheet is closed, for everybody. by: a member who was down for it, or the leader; by_staff: whoever keeps
    the rota. People who came without being down are members of that day who helped out.
    """
    with transaction.atomic():
        rota = rota_of(slot)
        activity = locks.lock(slot.pk, [person.pk for person in present])
        fresh = activity.most_derived()
        assert isinstance(fresh, Shift)
        if fresh.status not in {Status.PUBLISHED, Status.DONE}:
            raise Refusal(_("There was no duty that morning, so there is nothing to note."))
        if fresh.starts_at > at:
            raise Refusal(_("That morning has not begun yet."))
        rows = list(activity.sign_ups.live().select_related("booking", "person"))
        if by_staff is None and (by is None or by.pk not in {row.person_id for row in rows} | {rota.team.leader_id}):
            raise Refusal(_("Those who were down for it and the team's leader note how it went."))
        attendance_sheet.check_not_closed(fresh, at)
        day = clock.local_date(fresh.starts_at)
        there = {person.pk for person in present}
        known = {row.person_id for row in rows}
        for person in present:
            if person.pk not in known or not person.is_adult_on(day):  # V4: also whoever turned out to be a minor
                check_member(rota, person, day)
            if person.pk not in known:
                rows.append(give(activity, person, at=at, channel=Channel.IN_PERSON))
        check_nobody_recorded(activity, [row.person for row in rows if row.person_id not in there])
        _mark(rows, there, by_staff)
        fresh.outcome = outcome(rows, there, rota.people_needed, was_planned=fresh.entered_at is None)
        fresh.outcome_note = note.strip()[:200]
        fresh._history_user = by_staff or (by.user if by else None)
        fresh.save()
        service.from_rota(fresh, present, at=at, by=by_staff)
    return fresh


def _mark(rows: list[SignUp], there: set[int], by: User | None) -> None:
    for row in rows:
        status = SignUpStatus.ATTENDED if row.person_id in there else SignUpStatus.ABSENT
        if row.status == SignUpStatus.EXCUSED and status == SignUpStatus.ABSENT:
            continue  # they had said so beforehand
        row.move_to(status, by=Mover.STAFF)
        row.marked_by = by
        row.save(update_fields=["status", "marked_by"])


def outcome(rows: list[SignUp], there: set[int], needed: int, *, was_planned: bool = True) -> str:
    """Everyone wanted was there: done, or swapped where somebody not on the rota was; fewer: partial; nobody: missed.

    Where nobody was planned, because the morning was entered afterwards, nothing was swapped.
    """
    if not there:
        return Shift.Outcome.MISSED
    if len(there) < needed:
        return Shift.Outcome.PARTIAL
    planned = {row.person_id for row in rows if row.booking.channel == Channel.ROSTER}
    return Shift.Outcome.DONE if there <= planned or not was_planned else Shift.Outcome.SWAPPED
