"""Pages made of parts that each app adds: home, "me" (people/pages/panels.py), a project's page.

    me_sections = Panels[HttpRequest]("sections of “me”")
    me_sections.add(my_sign_ups, order=20)   # my_sign_ups(request) -> ("activities/_my_sign_ups.html", {...}) or None

A part asks only what it shows, starts from the reader's ``viewer``, and returns None when it has nothing to say.
"""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from django.core.cache import cache
from django.http import HttpRequest

from portal import clock
from portal.registry import Registry

Part = tuple[str, dict[str, Any]]
T = TypeVar("T")
Read = TypeVar("Read")  # what the parts of a page read: a request, or what is known about a project


class Panel(NamedTuple):
    template: str
    context: dict[str, Any]


class Panels(Registry[Callable[[Read], Part | None]], Generic[Read]):
    def of(self, read: Read) -> list[Panel]:
        return [Panel(*part) for build in self if (part := build(read))]


#: What is kept is pickled by the names of its classes: raise this when one of them moves, so that two releases that run at
#: the same time read each their own.
KEPT = 2


def most(request: HttpRequest, normal: int, *, large: int) -> int:
    """How many entries a part shows: fewer in large print, which is calmer and not only bigger."""
    return large if getattr(request, "large_print", False) else normal


def kept(request: HttpRequest, name: str, find: Callable[[], T]) -> T:
    """What ``find`` found for everybody in this neighbourhood within this hour of the clock: home asks few queries.

    For sums and other facts that no reader may see more of than another, and nothing that must vanish at once.
    """
    return cache.get_or_set(_key(request.viewer.neighbourhood.pk, name), find, 3600)  # type: ignore[attr-defined,return-value]


def forget(neighbourhood_id: int, name: str) -> None:
    """Let go of what :func:`kept` holds by this name: something that others may read has changed."""
    cache.delete(_key(neighbourhood_id, name))


def _key(neighbourhood_id: int, name: str) -> str:
    return f"kept:{KEPT}:{neighbourhood_id}:{name}:{clock.now():%Y%m%d%H}"
