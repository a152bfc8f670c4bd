"""What an article, or an activity that was talked about, is about: small registries that the upper apps fill in ``AppConfig.ready()``.

    about.register(projects_of)   # def projects_of(article, viewer) -> [Link(label, url)]
    about.register_for_activities(came_of, is_any)   # def came_of(activity, viewer) -> [Link(label, url)]

Each answer names only what the viewer may see.
"""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import QuerySet, Value
from django.db.models.expressions import Combinable

from people.access.viewer import Viewer


class Link(NamedTuple):
    word: object  # what kind of thing it is
    label: str
    url: str


_answers: list[Callable[..., list[Link]]] = []


def register(answer: Callable[..., list[Link]]) -> None:
    if answer not in _answers:
        _answers.append(answer)


def links_of(article, viewer: Viewer) -> list[Link]:
    return [link for answer in _answers for link in answer(article, viewer)]


_of_activities: list[tuple[Callable[..., list[Link]], Callable[[], Combinable]]] = []


def register_for_activities(answer: Callable[..., list[Link]], is_any: Callable[[], Combinable]) -> None:
    """``is_any``: whether there is anything for the activity ``OuterRef("pk")``, so that most pages need not ask."""
    if all(known is not answer for known, _is_any in _of_activities):
        _of_activities.append((answer, is_any))


def with_links(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate ``has_links``."""
    asked = [is_any() for _answer, is_any in _of_activities]
    return rows.annotate(has_links=reduce(or_, asked) if asked else Value(False))


def links_of_activity(activity, viewer: Viewer, *, asked: Any) -> list[Link]:
    """What a deliberation or meeting was about, and what came of it. ``asked``: its row with ``has_links``."""
    return [link for answer, _is_any in _of_activities for link in answer(activity, viewer)] if asked.has_links else []
