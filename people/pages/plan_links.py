"""Where a location is shown on the plan: asked here by pages of every app, answered by the app that draws the plan."""

from collections.abc import Callable

from people.models import Location
from portal.registry import Registry

Answer = Callable[[Location, str], str]
#: ``answer(location, slug)``: an address, "" where there is none. projects: 300.
plan_addresses = Registry[Answer]("addresses on the plan")


def plan_url(location: Location | None, slug: str) -> str:
    """The place on the plan of the neighbourhood ``slug``; "" for what lies outside or has not been placed. No query."""
    if location is None or location.x is None or location.y is None:
        return ""
    return next((url for answer in plan_addresses if (url := answer(location, slug))), "")
