"""Asking: what was typed becomes words, and words become finds. Nothing here knows who asks: all that is found is public."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.safestring import SafeString

from people.access.viewer import Viewer
from people.models import Neighbourhood, SearchDocument
from people.search import index
from people.search.highlight import excerpt, marked
from people.search.index import search_kinds
from people.search.kinds import Kind
from portal.folding import fold, squeeze

LONGEST = 100  # characters of what is asked
MOST_WORDS = 8
MOST_PAIRS = 12
EXAMPLES = 6
SHOWN = 5  # of each kind, before its own page
WORD = re.compile(r"\w+")
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{3,}")


@dataclass(frozen=True)
class Question:
    """``text`` as typed, ``phrase`` and ``words`` as they are compared."""

    text: str
    phrase: str
    words: tuple[str, ...]

    @classmethod
    def read(cls, typed: str) -> "Question":
        """Whatever is typed makes a question; what holds no letter is looked for as it stands."""
        text = squeeze(typed[: LONGEST * 2].encode("utf-8", "ignore").decode())[:LONGEST]
        phrase = fold(text)
        words = WORD.findall(phrase) or phrase.split()
        return cls(text, phrase, tuple(dict.fromkeys(words))[:MOST_WORDS])

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def parts(self) -> tuple[str, ...]:
        """For coming near: words, and of a run of three or more hanzi its pairs, as Chinese leaves no gaps."""
        found: dict[str, None] = {}
        for word in self.words:
            runs = HAN.findall(word)
            for run in runs:
                found.update(dict.fromkeys(run[start : start + 2] for start in range(len(run) - 1)))
            if rest := HAN.sub(" ", word).split() if runs else [word]:
                found.update(dict.fromkeys(rest))
        return tuple(found)[:MOST_PAIRS]


@dataclass(frozen=True)
class Find:
    title: SafeString
    excerpt: SafeString
    path: str
    at: datetime | None
    state: object  # a word beside it, or ""


@dataclass(frozen=True)
class Group:
    """``count`` of all that was found of a kind, the first of them as ``finds``."""

    kind: Kind
    count: int
    finds: list[Find]


def public_documents(neighbourhood: Neighbourhood, at: datetime) -> QuerySet[SearchDocument]:
    """Each app is asked again what everybody may read now; what is kept longer than that does not exist here."""
    viewer = Viewer(neighbourhood)
    public = Q(pk__in=[])
    for kind in search_kinds:
        public |= Q(kind=kind.code, key__in=index.public_of(kind, viewer, at))
    return SearchDocument.objects.filter(public, neighbourhood=neighbourhood)


def exactly(documents: QuerySet[SearchDocument], question: Question) -> QuerySet[SearchDocument]:
    """Those that hold every word; first the title that is it, then titles with every word, then the newer."""
    in_title = Q()
    for word in question.words:
        documents = documents.filter(folded__contains=word)
        in_title &= Q(folded_title__contains=word)
    rank = Case(
        When(folded_title=question.phrase, then=Value(0)),
        When(folded_title__contains=question.phrase, then=Value(1)),
        When(in_title, then=Value(2)),
        When(folded__contains=question.phrase, then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    return documents.annotate(rank=rank)


def nearly(documents: QuerySet[SearchDocument], question: Question) -> QuerySet[SearchDocument]:
    """Those that hold at least half of the parts, most of them first; for when nothing holds every word."""
    parts = question.parts
    if len(parts) < 2:
        return documents.none().annotate(rank=Value(0))
    hits = sum(
        (Case(When(folded__contains=part, then=Value(1)), default=Value(0)) for part in parts),
        start=Value(0, IntegerField()),
    )
    least = (len(parts) + 1) // 2
    return documents.annotate(hits=hits).filter(hits__gte=least).annotate(rank=-F("hits"))


def in_order(documents: QuerySet[Any]) -> QuerySet[Any]:
    return documents.order_by("rank", *_newest())


def _newest():
    return F("at").desc(nulls_last=True), "-pk"


def grouped(documents: QuerySet[SearchDocument], words: tuple[str, ...]) -> list[Group]:
    """The first few of each kind and how many there are; two queries, or one where nothing is found."""
    nth = Window(RowNumber(), partition_by="kind", order_by=["rank", *_newest()])
    of_kind = Window(Count("*"), partition_by="kind")
    first = documents.annotate(nth=nth, of_kind=of_kind).filter(nth__lte=SHOWN).order_by("kind", "nth")
    heads = list(first.values_list("pk", "kind", "of_kind"))
    rows = SearchDocument.objects.in_bulk([pk for pk, _kind, _count in heads])
    counts = {code: count for _pk, code, count in heads}
    return [
        Group(
            kind,
            counts[kind.code],
            [find(rows[pk], words) for pk, code, _count in heads if code == kind.code and pk in rows],
        )
        for kind in search_kinds
        if kind.code in counts
    ]


def counted(documents: QuerySet[SearchDocument]) -> list[tuple[Kind, int]]:
    """How many there are of each kind, in the order of the page; one query."""
    counts = dict(documents.order_by().values_list("kind").annotate(Count("pk")))
    return [(kind, counts[kind.code]) for kind in search_kinds if kind.code in counts]


def examples(documents: QuerySet[SearchDocument]) -> list[str]:
    """Names one may look for; one query."""
    codes = [kind.code for kind in search_kinds if kind.gives_examples]
    return list(documents.filter(kind__in=codes).order_by(*_newest()).values_list("title", flat=True)[:EXAMPLES])


def find(document: SearchDocument, words: tuple[str, ...]) -> Find:
    kind = search_kinds.get(document.kind)
    return Find(
        title=marked(document.title, words),
        excerpt=excerpt(document.body, words),
        path=document.path,
        at=document.at,
        state=kind.states.get(document.state, "") if kind else "",
    )
