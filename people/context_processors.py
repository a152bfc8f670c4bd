"""What every page knows: where it is, who reads it, how large, and the clock of a trial."""

from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from people import clock


class Place(NamedTuple):
    key: str
    url: str
    label: str | Promise


# The five places a thumb reaches, then what the foot of the page lists. Only "me" stands without a neighbourhood.
TABS = [
    ("home", "people:home", _("Home")),
    ("calendar", "activities:calendar", _("Calendar")),
    ("projects", "projects:list", _("Projects")),
    ("volunteer", "volunteers:list", _("Volunteer")),
    ("me", "people:me", _("Me")),
]
MORE = [
    ("news", "community:news", _("News and notices")),
    ("learning", "events:list", _("Learning")),
]


def _places(names: list, slug: str | None) -> list[Place]:
    places = []
    for key, name, label in names:
        if key != "me" and slug is None:
            continue
        try:
            url = reverse(name, args=[] if key == "me" else [slug])
        except NoReverseMatch:  # an app that is not installed has no link
            continue
        places.append(Place(key, url, label))
    return places


@lru_cache(maxsize=512)
def _ways(slug: str | None) -> dict[str, list[Place]]:
    """Every page asks for the same few addresses; resolving them once per neighbourhood keeps a page's frame cheap."""
    return {"tabs": _places(TABS, slug), "more": _places(MORE, slug)}


def _knows_reader(request: HttpRequest) -> bool:
    """Whether the page may ask the session who reads it.

    A first visit has neither session nor messages; a page that does not ask is the same for all and may be cached.
    """
    return (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        or "messages" in request.COOKIES
        or getattr(getattr(request, "_messages", None), "added_new", False)
        or getattr(getattr(request, "session", None), "modified", False)
    )


def portal(request: HttpRequest) -> dict[str, Any]:
    neighbourhood = getattr(request, "neighbourhood", None)
    ways = _ways(neighbourhood.slug if neighbourhood else None)
    return {
        "portal_name": settings.PORTAL_NAME,
        "site_url": settings.SITE_URL,  # for letters, which allauth renders with the request
        "neighbourhood": neighbourhood,
        "viewer": getattr(request, "viewer", None),
        "knows_reader": _knows_reader(request),
        "large_print": getattr(request, "large_print", False),
        # Lazy: a fragment or a download asks for no clock.
        "trial": SimpleLazyObject(lambda: {"now": clock.now()}) if clock.is_trial() else None,
        "tabs": ways["tabs"],
        "more_places": ways["more"],
        "here": quote(request.get_full_path()),
        "speaks_chinese": (get_language() or "zh-hans").startswith("zh"),
        # What L4 and L1 ask to be shown; empty ones leave no gap.
        "imprint": {
            "icp": settings.ICP_NUMBER,
            "police": settings.POLICE_NUMBER,
            "operator": settings.OPERATOR_NAME,
            "complaint_email": settings.COMPLAINT_EMAIL,
            "complaint_phone": settings.COMPLAINT_PHONE,
        },
    }
