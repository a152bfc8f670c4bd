"""How the year's learning is spread over the four kinds of education (S6)."""

from datetime import timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from activities.models import Status, Visibility
from events.models import LearningEvent
from people.access.viewer import Viewer
from people.pages.figures import Figure
from portal import clock


def education(viewer: Viewer) -> Figure | None:
    """Public events of the past year that took place."""
    now = clock.now()
    held = LearningEvent.objects.filter(
        neighbourhood=viewer.neighbourhood,
        visibility=Visibility.PUBLIC,
        status=Status.DONE,
        starts_at__gte=now - timedelta(days=365),
    )
    counted = dict(held.order_by().values_list("edu").annotate(Count("pk")))
    if not counted:
        return None
    return Figure(
        key="education",
        title=_("What we learnt about"),
        lede=_("Learning events of the past twelve months, by kind of education."),
        first=_("Kind of education"),
        series=[_("Events")],
        lines=[(str(label), [counted.get(code, 0)]) for code, label in LearningEvent.Edu.choices],
    )
