"""iCalendar addresses: one activity as a file, the neighbourhood's public feed, and a resident's own secret feed."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from icalendar import Event

from activities.emails import ics
from activities.emails.family import entry, families
from activities.models import Activity, FeedToken, Status, Visibility
from activities.operations import feeds
from activities.pages import feed
from people.access.requests import PortalRequest
from people.access.viewer import Viewer
from portal import clock
from portal.page_cache import cached_page
from portal.panels import Part

PUBLIC_PAST = timedelta(days=30)
MOST = 500


def answer(body: bytes, filename: str, *, attached: bool = False) -> HttpResponse:
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'{"attachment" if attached else "inline"}; filename="{filename}"'
    return response


@cached_page()
@require_safe
def public_feed(request: PortalRequest, neighbourhood: str) -> HttpResponse:
    """What everyone may know of, whoever asks: the address is passed on. Cancelled ones say so."""
    area = request.neighbourhood
    activities = (
        Activity.objects.visible_to(Viewer(area))
        .appointments()
        .filter(visibility=Visibility.PUBLIC, ends_at__gte=clock.now() - PUBLIC_PAST)
        .exclude(status=Status.DRAFT)
        .select_related("location")
        .order_by("starts_at", "pk")[:MOST]
    )
    events = []
    for activity in activities:
        activity.neighbourhood = area  # known already, so its address costs no query
        events.append(ics.event(activity))
    return answer(ics.calendar(events, name=str(area)), f"{area.slug}.ics")


@require_safe
def one_activity(request: PortalRequest, neighbourhood: str, pk: int) -> HttpResponse:
    visible = Activity.objects.visible_to(request.viewer).appointments().exclude(status=Status.DRAFT)
    activity = get_object_or_404(visible.select_related("location", "neighbourhood"), pk=pk)
    event = (own_entry(activity, request.viewer) if request.viewer.person else None) or ics.event(activity)
    return answer(ics.calendar([event]), f"activity-{activity.pk}.ics", attached=True)


def own_entry(activity: Activity, viewer: Viewer) -> Event | None:
    """As it stands in the reader's own calendar, so that the file does not fall behind what mails and feed told it."""
    assert viewer.person is not None
    key = (viewer.person.pk, activity.pk)
    family = families([viewer.person.pk], activity=activity).get(key)
    return entry(activity, family) if family else None


@never_cache
@require_safe
def my_feed(request: PortalRequest, token: str) -> HttpResponse:
    """Read by calendar programs without a log-in; who knows the token reads what its owner sees, until it is renewed."""
    known = FeedToken.objects.filter(token=token, person__anonymised_at=None, person__user__is_active=True)
    row = known.select_related("person__user", "person__neighbourhood").first()
    if row is None:
        raise Http404
    person = row.person
    viewer = Viewer(person.neighbourhood, person.user)
    with translation.override(person.language):
        name = _("%(place)s: my activities") % {"place": person.neighbourhood}
        body = ics.calendar(feed.events_of(viewer, at=clock.now()), name=name)
    response = answer(body, "my-activities.ics")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_POST
def reset_feed(request: PortalRequest) -> HttpResponse:
    """A new address, or with ``stop`` none; either way the old one answers no more."""
    person = request.viewer.person
    if person is None:
        raise Http404
    if "stop" in request.POST:
        feeds.revoke(person)
    else:
        feeds.renew(person, at=clock.now())
    return redirect(reverse("people:me") + "#feed")


def feed_section(request: PortalRequest) -> Part | None:
    """The part of "me" with the address of one's own feed."""
    person = request.viewer.person
    if person is None:
        return None
    row = FeedToken.objects.filter(person=person).first()
    address = request.build_absolute_uri(reverse("activities:my-feed", args=[row.token])) if row else ""
    return "activities/_my_feed.html", {"feed_address": address, "feed_made_at": row.made_at if row else None}
