"""Closing the attendance sheet of an activity, and opening it again (docs/rules/service.md, The sheet)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Activity, SheetAct, Status
from activities.operations import locks
from activities.rules.attendance_sheet import sheet_of
from people.models import User
from portal.refusals import Refusal


def close(activity: Activity, *, by: User, at: datetime) -> SheetAct:
    """Nothing more is written onto the sheet from now on. Not before the activity is over, and not twice."""
    with transaction.atomic():
        base = locks.lock(activity.pk)
        if base.status not in {Status.PUBLISHED, Status.DONE}:
            raise Refusal(_("It did not take place, so there is no attendance to record."))
        if not base.is_past(at=at):
            raise Refusal(_("It is not over yet; the sheet is closed afterwards."))
        if sheet_of(base).is_closed(at):
            raise Refusal(_("The sheet of “%(title)s” is closed already.") % {"title": base.title})
        return SheetAct.objects.create(activity=base, act=SheetAct.Act.CLOSED, done_at=at, done_by=by)


def reopen(activity: Activity, *, reason: str, by: User, at: datetime) -> SheetAct:
    """Attendance can be written again, until the sheet is closed by an act or the 10th of the month after ``at`` is over.

    Whoever calls this has asked whether ``by`` may (``activities.reopen_activity``); the leader may not.
    """
    with transaction.atomic():
        if not reason.strip():
            raise Refusal(_("Please say why it is opened again; that is kept with the sheet."), about="reason")
        base = locks.lock(activity.pk)
        if base.status not in {Status.PUBLISHED, Status.DONE}:
            raise Refusal(_("It did not take place, so there is no attendance to record."))
        if not sheet_of(base).is_closed(at):
            raise Refusal(_("The sheet of “%(title)s” is open.") % {"title": base.title})
        return SheetAct.objects.create(
            activity=base, act=SheetAct.Act.REOPENED, done_at=at, done_by=by, reason=reason.strip()[:200]
        )
