"""What an article, or an activity that was talked about, is about: upper apps answer.

Each answer names only what the viewer may see.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import QuerySet, Value
from django.db.models.expressions import Combinable

from people.access.viewer import Viewer
from portal.registry import Registry, name_of


class Link(NamedTuple):
    word: object  # what kind of thing it is
    label: str
    url: str


@dataclass(frozen=True)
class Came:
    """``links(activity, viewer)``: what came of it.  ``is_any()``: whether there is anything for the activity
    ``OuterRef("pk")``, so that most pages need not ask.
    """

    links: Callable[[Any, Viewer], list[Link]]
    is_any: Callable[[], Combinable]


#: ``answer(article, viewer)``. projects: 300.
about_articles = Registry[Callable[[Any, Viewer], list[Link]]]("answers what articles are about")
#: projects: 300.
about_activities = Registry[Came]("answers what came of activities", named=lambda came: name_of(came.links))


def links_of(article, viewer: Viewer) -> list[Link]:
    return [link for answer in about_articles for link in answer(article, viewer)]


def with_links(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate ``has_links``."""
    asked = [came.is_any() for came in about_activities]
    return rows.annotate(has_links=reduce(or_, asked) if asked else Value(False))


def links_of_activity(activity, viewer: Viewer, *, asked: Any) -> list[Link]:
    """What a deliberation or meeting was about, and what came of it. ``asked``: its row with ``has_links``."""
    return [link for came in about_activities for link in came.links(activity, viewer)] if asked.has_links else []
