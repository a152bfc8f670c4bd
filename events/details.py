"""What the page of a learning event adds to the page of any activity."""

from activities.models import Activity, Visibility
from community.naming import titles
from events.models import LearningEvent
from people import clock
from people.viewer import Viewer


def learning_details(activity: Activity, viewer: Viewer) -> dict:
    """Context of ``events/_learning.html``; at most three queries. The lecturer is named as V6 allows."""
    event = (
        LearningEvent.objects.select_related("campaign", "site", "lecturer", "organisation", "team", "coach_from")
        .filter(pk=activity.pk)
        .first()
    )
    if event is None:
        return {}
    names = titles(
        [event.lecturer],
        clock.local_date(event.starts_at),
        org=event.organisation,
        team=event.team,
        inside=event.visibility != Visibility.PUBLIC,
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
