"""When reminders fall due; read by the sweep, by the promise on the page and by the mails."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.timezone import localtime

from activities.models import Activity
from people import outbox

EVENING, HOURS = "evening", "hours"


def leads(activity: Activity) -> list[tuple[str, datetime]]:
    """When this activity's reminders fall due: the evening before, and some hours before where it says so."""
    start = localtime(activity.starts_at)
    hour, minute = map(int, settings.REMINDER_TIME.split(":"))
    evening = (start - timedelta(days=1)).replace(hour=hour, minute=minute, second=0, microsecond=0)
    found = [(EVENING, outbox.reminder_due(evening))]
    if activity.extra_reminder_hours:
        found.append((HOURS, outbox.reminder_due(start - timedelta(hours=activity.extra_reminder_hours))))
    return found


def remind_at(activity: Activity) -> datetime:
    """The evening reminder, as promised on the page; whoever joins later has the confirmation as reminder."""
    return leads(activity)[0][1]
