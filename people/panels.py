"""Pages made of parts that each app adds: the home page and "me". Registered in ``AppConfig.ready()``.

    me_sections.register(20, my_sign_ups)   # my_sign_ups(request) -> ("activities/_my_sign_ups.html", {...}) or None

A part asks only what it shows, starts from ``request.viewer``, and returns None when it has nothing to say. On home
nothing may touch the session: the page is served from a cache to whoever has none.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import HttpRequest

Part = tuple[str, dict[str, Any]]
Build = Callable[[HttpRequest], Part | None]


class Panel(NamedTuple):
    template: str
    context: dict[str, Any]


class Panels:
    def __init__(self) -> None:
        self._parts: list[tuple[int, Build]] = []

    def register(self, order: int, build: Build) -> Build:
        """Add a part; lower ``order`` stands higher. Registering the same function again changes nothing."""
        if all(known is not build for _order, known in self._parts):
            self._parts.append((order, build))
            self._parts.sort(key=lambda part: part[0])
        return build

    def of(self, request: HttpRequest) -> list[Panel]:
        return [Panel(*part) for _order, build in self._parts if (part := build(request))]


#: people: 10 greeting, 40 family, 50 consents, 60 settings; activities: 20 my sign-ups, 70 feed address.
me_sections = Panels()
#: people: 0 greeting; the rest is the upper apps' choice.
home_panels = Panels()
