"""Where a location is shown on the plan: asked here by pages of every app, answered by the app that draws the plan.

whereabouts.register(plan_url)   # plan_url(location, slug) -> address, "" where there is none
"""

from collections.abc import Callable

from people.models import Location

Answer = Callable[[Location, str], str]
_answers: list[Answer] = []


def register(answer: Answer) -> None:
    if answer not in _answers:
        _answers.append(answer)


def plan_url(location: Location | None, slug: str) -> str:
    """The place on the plan of the neighbourhood ``slug``; "" for what lies outside or has not been placed. No query."""
    if location is None or location.x is None or location.y is None:
        return ""
    return next((url for answer in _answers if (url := answer(location, slug))), "")
