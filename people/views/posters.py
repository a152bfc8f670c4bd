"""The poster and the tags of one thing; which things, the apps say (people.pages.posters)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from people.access.requests import PortalRequest
from people.pages import posters


def paths(code: str, route: str, prefix: str = "") -> list[URLPattern]:
    """The addresses ``<route>poster/`` and ``<route>tags/``, named "poster" and "tags" in the app's own namespace.

    ``prefix`` before the names, for the second kind of one app.
    """
    return [
        path(f"{route}poster/", poster, {"kind": code}, name=f"{prefix}poster"),
        path(f"{route}tags/", tags, {"kind": code}, name=f"{prefix}tags"),
    ]


@require_safe
def poster(request: PortalRequest, kind: str, neighbourhood: str, **address: Any) -> HttpResponse:
    """An A4 sheet, and the words for a group chat."""
    made = made_of(request, kind, address)
    context = {
        "poster": made,
        "chat": posters.for_chat(made, request.neighbourhood),
        "tags_url": beside(request, "tags"),
    }
    return render(request, "people/poster.html", context)


@require_safe
def tags(request: PortalRequest, kind: str, neighbourhood: str, **address: Any) -> HttpResponse:
    """Small ones to cut out: to hand out, or to stay where the thing is."""
    made = made_of(request, kind, address)
    context = {"poster": made, "copies": range(made.tags), "poster_url": beside(request, "poster")}
    return render(request, "people/tags.html", context)


def made_of(request: PortalRequest, code: str, address: dict[str, Any]) -> posters.Poster:
    kind = posters.poster_kinds[code]
    return kind.poster(kind.find(request, **address), request)


def beside(request: PortalRequest, last: str) -> str:
    """The address of the other page of the same thing."""
    return f"{request.path.rstrip('/').rpartition('/')[0]}/{last}/"
