"""What of the activities can be found: everything that is public, past and to come, cancelled ones named so."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from people import search
from people.access.viewer import Viewer
from people.models import Location

#: The states a find of any activity may carry.
STATES = {"cancelled": _("Cancelled")}

_left: set[str] = set()


def leave_to_others(*codes: str) -> None:
    """For an upper app that registers a kind of activity of its own, such as deliberations: not found twice."""
    _left.update(codes)


def public(viewer: Viewer, at: datetime) -> QuerySet[Activity]:
    seen = Activity.objects.visible_to(viewer).select_related("location")
    return seen.filter(~Q(kind__in=_left)) if _left else seen


def document(activity: Activity) -> search.Document:
    return document_of(activity, activity.location.name if activity.location else "", activity.location_note)


def document_of(activity: Activity, *words: str) -> search.Document:
    """An activity of any kind: its text, and ``words`` of what it is."""
    return search.Document(
        title=activity.title,
        body=search.joined(activity.text, *words),
        path=activity.get_absolute_url(),
        at=activity.starts_at,
        state=activity.status if activity.is_cancelled else "",
    )


def held_at(location: Location) -> list[int]:
    return list(location.activities.order_by().values_list("pk", flat=True))


def register() -> None:
    search.register(
        search.Kind(
            code="activity",
            label=_("Activities"),
            order=10,
            model=Activity,
            public=public,
            document=document,
            follows={Location: held_at},
            states=STATES,
            more="activities:calendar",
        )
    )
