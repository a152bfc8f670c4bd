"""/admin/status/: does the portal run, and which messages need somebody?"""

from datetime import timedelta

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from people import outbox
from people.access import message_scope
from people.access.grants import neighbourhoods_with
from people.access.requests import PortalRequest
from people.models import Heartbeat, Neighbourhood, User
from portal import clock

PARTS = {"worker": gettext_lazy("Worker (sends and reminds)"), "beat": gettext_lazy("Beat (wakes the worker)")}


@require_safe
def status(request: PortalRequest) -> HttpResponse:
    user = request.user
    neighbourhoods = neighbourhoods_with(user, message_scope.VIEW) if isinstance(user, User) else set()
    if not isinstance(user, User) or not neighbourhoods:
        raise PermissionDenied
    readable, now = message_scope.readable_by(user), clock.now()
    rows = [
        (neighbourhood, outbox.counts(readable.filter(neighbourhood=neighbourhood), at=now))
        for neighbourhood in Neighbourhood.objects.filter(pk__in=neighbourhoods)
    ]
    callers = neighbourhoods & neighbourhoods_with(user, "people.view_person")  # the phone list shows names and numbers
    parts = heartbeats()
    context = {
        **admin.site.each_context(request),
        "title": _("Does it run?"),
        "parts": parts,
        "stopped": [part for part in parts if not part["alive"]],
        "minutes": settings.HEARTBEAT_MAX_AGE_SECONDS // 60,
        "rows": rows,
        "callers": callers,
    }
    return render(request, "people/status.html", context)


def heartbeats() -> list[dict]:
    """Worker and beat: ``label``, ``age`` (real; None: never heard of; ``minutes`` from two on, else ``seconds``), ``alive``."""
    beaten = dict(Heartbeat.objects.values_list("name", "beaten_at"))
    longest = timedelta(seconds=settings.HEARTBEAT_MAX_AGE_SECONDS)
    parts = []
    for name, label in PARTS.items():
        age = max(clock.real_now() - beaten[name], timedelta(0)) if name in beaten else None
        seconds = 0 if age is None else round(age.total_seconds())
        parts.append(
            {
                "name": name,
                "label": label,
                "age": age,
                "seconds": seconds,
                "minutes": seconds // 60 if seconds >= 120 else 0,
                "alive": age is not None and age <= longest,
            }
        )
    return parts
