"""/admin/status/: does the portal run, and which messages need somebody?"""

from datetime import timedelta

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from people import clock, outbox
from people.auth import neighbourhoods_with
from people.models import Heartbeat, Message, Neighbourhood, User

PARTS = {"worker": gettext_lazy("Worker (sends and reminds)"), "beat": gettext_lazy("Beat (wakes the worker)")}


def _places(request: HttpRequest, permission: str) -> set[int]:
    """Ids of the neighbourhoods where this staff member may; 403 where there is none."""
    places = neighbourhoods_with(request.user, permission) if isinstance(request.user, User) else set()
    if not places:
        raise PermissionDenied
    return places


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    places = _places(request, "people.view_message")
    rows = []
    for place in Neighbourhood.objects.filter(pk__in=places):
        rows.append((place, outbox.counts([place.pk], at=clock.now())))
    parts = heartbeats()
    context = {
        **admin.site.each_context(request),
        "title": _("Does it run?"),
        "parts": parts,
        "stopped": [part for part in parts if not part["alive"]],
        "minutes": settings.HEARTBEAT_MAX_AGE_SECONDS // 60,
        "rows": rows,
    }
    return render(request, "people/status.html", context)


def heartbeats() -> list[dict]:
    """Worker and beat: ``label``, ``age`` in real time (and in ``seconds``) or None when never heard of, ``alive``."""
    beaten = dict(Heartbeat.objects.values_list("name", "beaten_at"))
    longest = timedelta(seconds=settings.HEARTBEAT_MAX_AGE_SECONDS)
    parts = []
    for name, label in PARTS.items():
        age = max(clock.real_now() - beaten[name], timedelta(0)) if name in beaten else None
        seconds = None if age is None else round(age.total_seconds())
        alive = age is not None and age <= longest
        parts.append({"name": name, "label": label, "age": age, "seconds": seconds, "alive": alive})
    return parts


@require_safe
def phone_list(request: HttpRequest, neighbourhood: str) -> HttpResponse:
    """Whom to phone, on paper if need be."""
    places = _places(request, "people.view_message")
    place = get_object_or_404(Neighbourhood, slug=neighbourhood, pk__in=places)
    context = {
        **admin.site.each_context(request),
        "title": _("To be told by phone"),
        "place": place,
        "now": clock.now(),
        "calls": outbox.spoken(outbox.phone_list(place, at=clock.now())),
        "may_tell": place.pk in neighbourhoods_with(request.user, "people.change_message"),
    }
    return render(request, "people/phone_list.html", context)


@require_POST
def told(request: HttpRequest, pk: int) -> HttpResponseBase:
    places = _places(request, "people.change_message")
    message = get_object_or_404(Message.objects.select_related("neighbourhood"), pk=pk, neighbourhood__in=places)
    try:
        outbox.mark_told(message, by=request.user, at=clock.now())
    except outbox.CannotSend as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted: %(name)s has been told.") % {"name": message.recipient})
    return redirect("people:phone-list", message.neighbourhood.slug)
