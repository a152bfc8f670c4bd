"""What stands in someone's own calendar feed: where they and their children are expected, and what they no longer are.

The feed is read by machines without a log-in and may end up in other people's calendars. So it holds only what its owner
may see on the portal, and names a child only where the owner has several to tell apart.
"""

from datetime import datetime, timedelta

from django.db.models import Q
from icalendar import Event

from activities.emails.family import Family, entry, families
from activities.models import Activity, Status
from activities.rules import expected
from people.access.viewer import Viewer

KEPT = timedelta(days=60)  # what is over stays this long, so that a calendar does not lose last week
MOST = 500


def events_of(viewer: Viewer, *, at: datetime) -> list[Event]:
    """The owner's entries in order of time; a handful of queries whatever their number."""
    owner = viewer.person
    if owner is None:
        return []
    found = families([owner.pk], activity__ends_at__gte=at - KEPT)
    mine = {activity_id: family for (_reader, activity_id), family in found.items() if family.rows or family.declined}
    activities = (
        Activity.objects.visible_to(viewer)
        .appointments()
        .exclude(status=Status.DRAFT)
        .filter(ends_at__gte=at - KEPT)
        .filter(Q(pk__in=mine) | Q(pk__in=expected.appointments_of(owner).values("pk")))
        .select_related("location", "neighbourhood")
        .order_by("starts_at", "pk")[:MOST]
    )
    entries = []
    for activity in activities:
        family = found.get((owner.pk, activity.pk)) or Family(owner.pk)
        is_off = family.declined or bool(family.rows and not family.coming)
        is_history = is_off and activity.starts_at <= at
        if not is_history and (one := entry(activity, family)) is not None:
            entries.append(one)
    return entries
