"""Slips about people whom the leader does not find on the list: written at the spot, matched to persons by staff (V6)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Activity, ArrivalSlip, SignUpStatus, Status
from activities.operations import attendance, locks
from activities.rules.attendance_sheet import check_not_closed
from people.models import Person, User
from portal.refusals import Refusal


def write(activity: Activity, slip: ArrivalSlip, *, by: User, at: datetime) -> ArrivalSlip:
    """Keep what the leader typed, unsaved in ``slip``. It answers nothing about who is known.

    From the start until the sheet is closed; before the end a minor without a guardian's yes is refused.
    """
    with transaction.atomic():
        base = locks.lock(activity.pk)
        if base.status not in {Status.PUBLISHED, Status.DONE}:
            raise Refusal(_("It did not take place, so there is no attendance to record."))
        if not base.has_started(at=at):
            raise Refusal(_("It has not begun yet; until then people sign up."))
        check_not_closed(base, at)
        if slip.is_minor and not base.is_past(at=at):
            if not slip.consent_by.strip():
                raise Refusal(
                    _("%(name)s is a minor: ask a guardian first, and write who said yes.") % {"name": slip.name},
                    about="consent_by",
                )
            if not slip.phone.strip():
                raise Refusal(_("Please write the guardian's phone number."), about="phone")
        if slip.came_at and slip.left_at and slip.left_at <= slip.came_at:
            raise Refusal(_("The end must lie after the start."), about="left_at")
        slip.activity, slip.written_at, slip.written_by = base, at, by
        slip.save()
    return slip


def match(slip: ArrivalSlip, person: Person, *, by: User, at: datetime) -> ArrivalSlip:
    """Say who it was: a walk-in, or the one on the list who came after all. Times are typed on the sheet from it."""
    with transaction.atomic():
        base = locks.lock(slip.activity_id, [person.pk])
        slip = _open(slip)
        if base.sign_ups.live().filter(person=person, status=SignUpStatus.CONFIRMED).exists():
            attendance.record_attendance(base, {person.pk: SignUpStatus.ATTENDED}, at=at, by=by)
        elif not base.sign_ups.live().filter(person=person, status=SignUpStatus.ATTENDED).exists():
            attendance.walk_in(base, person, at=at, by=by, consent_by=slip.consent_by, accept=True)
        slip.person, slip.settled_at, slip.settled_by, slip.phone = person, at, by, ""  # the person's record has it
        slip.save(update_fields=["person", "settled_at", "settled_by", "phone"])
    return slip


def set_aside(slip: ArrivalSlip, *, by: User, at: datetime) -> None:
    """Nobody will be found for it: it is settled without a person, and what was written of them is deleted."""
    with transaction.atomic():
        slip = _open(slip)
        slip.name, slip.phone, slip.consent_by = "–", "", ""
        slip.settled_at, slip.settled_by = at, by
        slip.save()


def _open(slip: ArrivalSlip) -> ArrivalSlip:
    row = ArrivalSlip.objects.select_for_update(of=("self",)).get(pk=slip.pk)
    if row.settled_at is not None:
        raise Refusal(_("This slip is settled already."))
    return row
