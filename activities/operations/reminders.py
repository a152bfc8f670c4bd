"""Reminders: computed each minute from the activities as they are now (docs/rules/messages.md)."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import Q

from activities import emails
from activities.models import Activity, ReminderRun, Status
from activities.rules import expected
from activities.rules.reminder_times import leads

LONGEST_EVENING = timedelta(hours=32)  # from 18:00 to the end of the next day, and some
LONGEST_HOURS = timedelta(days=8)


def queue_due(at: datetime) -> int:
    """Write the reminders that fell due by ``at``; returns how many messages. Beat calls it every minute.

    Several occasions of one evening make one mail, two children make one naming both. Moved, cancelled and late joiners
    need no rescheduling: this reads what is. Nothing is written for whoever got a seat after the reminder was due.
    """
    near = (
        Activity.objects.appointments()
        .filter(status=Status.PUBLISHED, starts_at__gt=at)
        .filter(
            Q(starts_at__lte=at + LONGEST_EVENING)
            | Q(extra_reminder_hours__isnull=False, starts_at__lte=at + LONGEST_HOURS)
        )
        .select_related("neighbourhood")
    )
    near_by_id = {activity.pk: activity for activity in near}
    if not near_by_id:
        return 0
    done = set(ReminderRun.objects.filter(activity__in=near_by_id).values_list("activity", "revision", "lead"))
    due: dict[str, dict[int, datetime]] = defaultdict(dict)
    for activity in near_by_id.values():
        for lead, moment in leads(activity):
            if moment <= at and (activity.pk, activity.revision, lead) not in done:
                due[lead][activity.pk] = moment
    written = 0
    for lead, moments in due.items():
        wanted = [
            one for one in expected.pairs(list(moments)) if one.since is None or one.since <= moments[one.activity_id]
        ]
        written += emails.remind(near_by_id, wanted, lead=lead, at=at)
        # Only once all are written: a crash before this line repeats the sweep, and the ledger keeps it from doubling.
        ReminderRun.objects.bulk_create(
            [ReminderRun(activity_id=pk, revision=near_by_id[pk].revision, lead=lead) for pk in moments],
            ignore_conflicts=True,
        )
    return written
