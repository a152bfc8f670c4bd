"""What every page knows: where it is, who reads it, how large, and the clock of a trial."""

from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal import clock


class NavLink(NamedTuple):
    key: str
    url: str
    label: str


# The five places a thumb reaches, then what the foot of the page lists. Only "me" stands without a neighbourhood.
TABS = [
    ("home", "people:home", _("Home")),
    ("calendar", "activities:calendar", _("Calendar")),
    ("projects", "projects:list", _("Projects")),
    ("volunteer", "volunteers:list", _("Volunteer")),
    ("me", "people:me", _("Me")),
]
MORE = [
    ("plan", "projects:plan", _("The plan")),
    ("search", "people:search", _("Search")),
    ("news", "community:news", _("News and notices")),
    ("photos", "people:photos", _("Photos")),
    ("learning", "events:list", _("Learning")),
    ("records", "community:records", _("Deliberations and results")),
    ("figures", "people:figures", _("The year in numbers")),
]


# What the frame itself links: name in the template, name of the address, its arguments.
FRAME = [
    ("root", "people:root", []),
    ("me", "people:me", []),
    ("privacy", "people:privacy", []),
    ("accessibility", "people:accessibility", []),
    ("mailbox", "people:mailbox", []),
    ("sign_in", "account_login", []),
    ("sign_out", "account_logout", []),
    ("english", "people:language", ["en"]),
    ("chinese", "people:language", ["zh-hans"]),
    ("large", "people:print-size", ["large"]),
    ("normal", "people:print-size", ["normal"]),
]


def _address(name: str, *args: str) -> str | None:
    """None where an app or a page is not there, such as the mailbox outside a trial."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None


def _links(names: list, slug: str | None) -> list[NavLink]:
    links = []
    for key, name, label in names:
        address = _address(name) if key == "me" else _address(name, slug) if slug else None
        if address:
            links.append(NavLink(key, address, str(label)))
    return links


@lru_cache(maxsize=512)
def _ways(slug: str | None, language: str | None) -> dict[str, Any]:
    """Every page asks for the same few addresses and words; finding them once keeps a page's frame cheap."""
    frame = {key: _address(name, *args) for key, name, args in FRAME}
    home = _address("people:home", slug) if slug else frame["root"]
    search = _address("people:search", slug) if slug else None
    return {**frame, "home": home, "search": search, "tabs": _links(TABS, slug), "more": _links(MORE, slug)}


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
    return {
        "portal_name": settings.PORTAL_NAME,
        "site_url": settings.SITE_URL,  # for letters, which allauth renders with the request
        "neighbourhood": neighbourhood,
        "viewer": getattr(request, "viewer", None),
        "knows_reader": _knows_reader(request),
        "large_print": getattr(request, "large_print", False),
        # Lazy: a fragment or a download asks for no clock.
        "trial": SimpleLazyObject(lambda: {"now": clock.now()}) if clock.is_trial() else None,
        "ways": _ways(neighbourhood.slug if neighbourhood else None, get_language()),
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
