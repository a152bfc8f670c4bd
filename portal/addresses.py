"""Addresses that came from outside: where a visitor may be sent on to, and whose page it is."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2000


def local_path(value: object) -> str:
    """``value`` if it is a path of this portal, else "": never another site's, whatever it looks like."""
    if not isinstance(value, str) or not value.startswith("/") or len(value) > LONGEST:
        return ""
    if not value.isprintable() or not url_has_allowed_host_and_scheme(value, allowed_hosts=None):
        return ""
    return value


def wanted_page(request: HttpRequest) -> str:
    """The safe ``next`` of a request, posted or in the address."""
    return local_path(request.POST.get("next")) or local_path(request.GET.get("next"))


def leads_to_sign_up(path: str) -> bool:
    """Whether ``path`` is an activity's sign-up page, where a newcomer's five steps end."""
    try:
        return resolve(urlsplit(path).path).url_name == "sign-up"
    except (Resolver404, ValueError):
        return False


def slug_in(path: str) -> str:
    """The neighbourhood's slug in ``path``, "" for pages that belong to none. Nobody is asked whether there is such a one."""
    if not path:
        return ""
    try:
        slug = resolve(urlsplit(path).path).kwargs.get("neighbourhood")
    except (Resolver404, ValueError):
        return ""
    return slug if isinstance(slug, str) else ""
