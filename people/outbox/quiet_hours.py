"""Quiet hours bind only what the portal starts by itself: reminders go earlier, changes wait (messages.md)."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

SOON = timedelta(hours=12)  # a change of something that starts within this is told at any hour


def is_quiet(moment: datetime) -> bool:
    now = timezone.localtime(moment).time()
    begins, ends = time.fromisoformat(settings.QUIET_FROM), time.fromisoformat(settings.QUIET_UNTIL)
    return begins <= now < ends if begins <= ends else now >= begins or now < ends


def reminder_due(moment: datetime) -> datetime:
    """A reminder that falls in quiet hours moves earlier, to 20:30 of that evening, never later."""
    if not is_quiet(moment):
        return moment
    earlier = _at(moment, settings.QUIET_EARLIER)
    return earlier if earlier <= moment else earlier - timedelta(days=1)


def quiet_due(moment: datetime, starts_at: datetime | None) -> datetime:
    """When a cancelled, moved, swap or empty-slot message goes: in quiet hours only where the start is near."""
    if not is_quiet(moment) or (starts_at is not None and starts_at - moment <= SOON):
        return moment
    morning = _at(moment, settings.QUIET_UNTIL)
    if morning <= moment:
        morning += timedelta(days=1)
    return morning if starts_at is None or morning < starts_at else starts_at - SOON


def _at(moment: datetime, time_of_day: str) -> datetime:
    """That time of day (HH:MM, Asia/Shanghai) on the day of ``moment``."""
    day = timezone.localtime(moment).date()
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(time_of_day)))
