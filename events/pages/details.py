"""What the page of a learning event adds to the page of any activity."""

from activities.models import Activity, Visibility
from community.rules.naming import has_opted_in, titles
from events.models import LearningEvent
from people.access.viewer import Viewer
from portal import clock


def learning_details(activity: Activity, viewer: Viewer) -> dict:
    """Context of ``events/_learning.html``; at most two queries. The lecturer is named as V6 allows."""
    day = clock.local_date(activity.starts_at)
    event = (
        LearningEvent.objects.select_related("campaign", "site", "lecturer", "organisation", "team", "coach_from")
        .annotate(names_lecturer=has_opted_in("lecturer", day))
        .filter(pk=activity.pk)
        .first()
    )
    if event is None:
        return {}
    names = titles(
        [event.lecturer],
        day,
        org=event.organisation,
        team=event.team,
        named={event.lecturer_id if event.visibility != Visibility.PUBLIC or event.names_lecturer else None},
    )
    return {
        "learning": event,
        "lecturer": names.get(event.lecturer_id or 0, ""),
        "is_closed_then": is_closed_on(event),
        "is_to_come": not event.is_past(at=clock.now()),
    }


def is_closed_on(event: LearningEvent) -> bool:
    """The site keeps this weekday closed (S9)."""
    if event.site is None or event.site.closed_weekday is None:
        return False
    return clock.local_date(event.starts_at).weekday() == event.site.closed_weekday
