"""What of the activities can be found: everything that is public, past and to come, cancelled ones named so."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from people import search
from people.access.viewer import Viewer
from people.models import Location
from portal.registry import Registry

#: The states a find of any activity may carry.
STATES = {"cancelled": _("Cancelled")}

#: Kinds of activity that an upper app makes findable itself, such as deliberations: not found twice.
#: community: 200; events: 500.
found_as_their_own = Registry[str]("kinds of activity that are found as their own", named=str)


def public(viewer: Viewer, at: datetime) -> QuerySet[Activity]:
    seen = Activity.objects.visible_to(viewer).select_related("location")
    return seen.filter(~Q(kind__in=found_as_their_own.names())) if found_as_their_own else seen


def document(activity: Activity) -> search.Document:
    return document_of(activity, activity.location.name if activity.location else "", activity.location_note)


def document_of(activity: Activity, *words: str, also: str = "") -> search.Document:
    """An activity of any kind: its text, and ``words`` of what it is; found by ``also``, too."""
    return search.Document(
        title=activity.title,
        body=search.joined(activity.text, *words),
        path=activity.get_absolute_url(),
        at=activity.starts_at,
        state=activity.status if activity.is_cancelled else "",
        also=also,
    )


def held_at(location: Location) -> list[int]:
    return list(location.activities.order_by().values_list("pk", flat=True))


ACTIVITIES = search.Kind(
    code="activity",
    label=_("Activities"),
    model=Activity,
    public=public,
    document=document,
    follows={Location: held_at},
    states=STATES,
    more="activities:calendar",
)
