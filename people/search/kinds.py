"""What a kind of thing needs so that it can be found:

ARTICLES = search.Kind(
    code="article",
    label=_("News and notices"),
    model=Article,
    public=lambda viewer, at: Article.objects.visible_to(viewer).published_by(at),
    document=lambda article: search.Document(
        article.title, article.body, article.get_absolute_url(), article.published_at
    ),
    more="community:news",
)
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import override

from people.access.viewer import Viewer

Keys = Callable[[Any], Iterable[int]]


def in_every_language(say: Callable[[], object]) -> str:
    """The portal's own word for something (a theme, a season) in each of its languages, so that it is found in all."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[str(say())] = code
    return " ".join(found)


def joined(*words: str) -> str:
    """For ``Document.body``: what there is of ``words``, apart from each other."""
    return " · ".join(filter(None, words))


def noon(day: date | None) -> datetime | None:
    """For ``Document.at`` of what has only a day: at noon, so that even the calendar's first and last day are moments in UTC."""
    return timezone.make_aware(datetime.combine(day, time(12))) if day is not None else None


class Document(NamedTuple):
    """What is kept of one row. ``path`` begins with "/". ``at`` orders the newer first. ``state``: a key of its kind's.

    ``also``: words by which it is found and which no excerpt shows, such as the portal's own in its other languages.
    """

    title: str
    body: str
    path: str
    at: datetime | None = None
    state: str = ""
    also: str = ""


@dataclass(frozen=True)
class Kind:
    """``public(viewer, at)``: the rows of the viewer's neighbourhood that everybody may read at ``at``; the viewer is
    always nobody in particular. It is asked when a row is written down and again whenever somebody searches.

    ``document(row)`` is given rows of ``public`` with their neighbourhood set; it may follow what ``public`` selected.
    ``neighbourhood``: the way from the row to its neighbourhood.  ``follows``: {model: keys}, other models whose saving
    changes what is kept of the rows ``keys(instance)``.  ``states``: {key: word} beside a result, such as "cancelled".
    ``more``: the name of the address that lists all of the kind, given the neighbourhood's slug; "" where there is none.
    ``gives_examples``: its titles are short, well-known names, offered to whoever found nothing.
    """

    code: str
    label: Any
    model: type[Model]
    public: Callable[[Viewer, datetime], QuerySet[Any]]
    document: Callable[[Any], Document]
    neighbourhood: str = "neighbourhood"
    follows: Mapping[type[Model], Keys] = field(default_factory=dict)
    states: Mapping[str, Any] = field(default_factory=dict)
    more: str = ""
    gives_examples: bool = False
