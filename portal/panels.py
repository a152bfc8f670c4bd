"""Pages made of parts that each app adds: the home page and "me". Registered in ``AppConfig.ready()``.

    me_sections.register(20, my_sign_ups)   # my_sign_ups(request) -> ("activities/_my_sign_ups.html", {...}) or None

A part asks only what it shows, starts from ``request.viewer``, and returns None when it has nothing to say. On home
nothing may touch the session: the page is served from a cache to whoever has none. Which number stands where on home,
and what a panel looks like, is written down in docs/look.md.
"""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from django.core.cache import cache
from django.http import HttpRequest

from portal import clock

Part = tuple[str, dict[str, Any]]
T = TypeVar("T")
Read = TypeVar("Read")  # what the parts of a page read: a request, or what is known about a project


class Panel(NamedTuple):
    template: str
    context: dict[str, Any]


class Panels(Generic[Read]):
    def __init__(self) -> None:
        self._parts: list[tuple[int, Callable[[Read], Part | None]]] = []

    def register(self, order: int, build: Callable[[Read], Part | None]) -> Callable[[Read], Part | None]:
        """Add a part; lower ``order`` stands higher. Registering the same function again changes nothing."""
        if all(known is not build for _order, known in self._parts):
            self._parts.append((order, build))
            self._parts.sort(key=lambda part: part[0])
        return build

    def of(self, read: Read) -> list[Panel]:
        return [Panel(*part) for _order, build in self._parts if (part := build(read))]


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


# They read a people.access.requests.PortalRequest, which the ground floor cannot name.
#: people: 10 greeting, 40 family, 50 consents, 60 settings; activities: 20 my sign-ups, 70 feed address.
me_sections = Panels[Any]()
#: 0 greeting, 1 mine next, 10 notices, 20 what is on, 30 in flower now, 40 made together, 50 learning, 55 decided
#: together, 60 news, 90 thanks (docs/look.md).
home_panels = Panels[Any]()
