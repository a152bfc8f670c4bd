"""Keeping what can be found true: on commit for rows that were saved or deleted, and by sweeps for all the rest."""

import logging
import threading
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Model, QuerySet, Value
from django.db.models.signals import post_delete, post_save
from django.utils.translation import override

from people.access.viewer import Viewer
from people.models import Neighbourhood, SearchDocument
from people.search.kinds import Keys, Kind
from portal import clock
from portal.folding import fold, squeeze
from portal.registry import Registry

logger = logging.getLogger(__name__)

AT_ONCE = 200  # rows; SQLite takes no endless lists
LONGEST = 20_000  # characters of one body
FIELDS = ["neighbourhood", "title", "body", "path", "at", "state", "folded_title", "folded"]


class _Touched(threading.local):
    """Rows saved in the transactions of this thread that wait for their commit."""

    def __init__(self) -> None:
        self.keys: dict[str, set[int]] = defaultdict(set)


_touched = _Touched()


def _follow(kind: Kind) -> None:
    """Listen to the saves and deletions of what a kind reads, models above ours included.

    Only of those: a listener to every model would make each deletion anywhere load its rows first.
    """
    keys_of.cache.clear()
    for model in apps.get_models():
        if issubclass(model, (kind.model, *kind.follows)):
            post_save.connect(_note, sender=model, dispatch_uid=f"search: {model._meta.label} saved")
            post_delete.connect(_note, sender=model, dispatch_uid=f"search: {model._meta.label} deleted")


#: As they stand on the page. activities: 10; events: 15; projects: 20-23, 27, 40, 46, 47, 50, 70; community: 25, 26, 30;
#: people: 80.
search_kinds = Registry[Kind]("kinds of thing that can be found", added=_follow)


class _KeysOf:
    """For a model: which kinds its rows touch, and how. Nearly every model that is saved touches none."""

    def __init__(self) -> None:
        self.cache: dict[type[Model], list[tuple[str, Keys]]] = {}

    def __call__(self, model: type[Model]) -> list[tuple[str, Keys]]:
        if model not in self.cache:
            self.cache[model] = [
                (kind.code, keys)
                for kind in search_kinds
                for watched, keys in [(kind.model, _own_key), *kind.follows.items()]
                if issubclass(model, watched)
            ]
        return self.cache[model]


def _own_key(row: Model) -> Iterable[int]:
    return [row.pk] if row.pk else []


keys_of = _KeysOf()


def _note(sender: type[Model], instance: Model, raw: bool = False, **kwargs: Any) -> None:
    touching = keys_of(sender)
    if not touching or raw:
        return
    for code, keys in touching:
        _touched.keys[code].update(keys(instance))
    # Each save asks for its own: one that is rolled back takes only its own along. What it noted is looked at again
    # with the next commit, which finds the row as it is.
    transaction.on_commit(refresh_touched, robust=True)


def refresh_touched() -> None:
    keys, _touched.keys = _touched.keys, defaultdict(set)
    for code, touched in keys.items():
        if (kind := search_kinds.get(code)) is not None and touched:
            refresh(kind, touched)


def refresh(kind: Kind, keys: Iterable[int]) -> None:
    """Write down the rows ``keys`` of ``kind`` as they are now, and strike out those that are not public."""
    at = clock.now()
    for some in _batches(keys):
        homes = dict(kind.model._default_manager.filter(pk__in=some).order_by().values_list("pk", kind.neighbourhood))
        neighbourhoods = Neighbourhood.objects.in_bulk(set(homes.values()))
        with transaction.atomic():
            # What is read under the lock of what is kept is the newest: of two writers, the later one reads last.
            list(SearchDocument.objects.select_for_update().filter(kind=kind.code, key__in=some).values_list("pk"))
            documents = [
                document
                for neighbourhood in neighbourhoods.values()
                for document in _documents(
                    kind, neighbourhood, at, [key for key, home in homes.items() if home == neighbourhood.pk]
                )
            ]
            kept = {document.key for document in documents}
            SearchDocument.objects.filter(kind=kind.code, key__in=set(some) - kept).delete()
            SearchDocument.objects.bulk_create(
                documents, update_conflicts=True, unique_fields=["kind", "key"], update_fields=FIELDS
            )


def _documents(kind: Kind, neighbourhood: Neighbourhood, at: datetime, keys: list[int]) -> list[SearchDocument]:
    made = []
    for row in kind.public(Viewer(neighbourhood), at).filter(pk__in=keys):
        if kind.neighbourhood == "neighbourhood":
            row.neighbourhood = neighbourhood  # the way to its page needs no query
        with override(settings.LANGUAGE_CODE):  # the same words, whoever saved the row
            document = kind.document(row)
        title, body = squeeze(document.title), squeeze(document.body)[:LONGEST]
        made.append(
            SearchDocument(
                neighbourhood=neighbourhood,
                kind=kind.code,
                key=row.pk,
                title=title,
                body=body,
                path=document.path,
                at=document.at,
                state=document.state,
                folded_title=fold(title),
                folded="\n".join(fold(words) for words in (title, body, document.also) if words),
            )
        )
    return made


def sweep() -> int:
    """Strike out what is public no longer and write down what became so, by the clock or by ``update()``.

    Two queries a neighbourhood where all is as it should be. Returns how many documents it changed.
    """
    at = clock.now()
    changed = 0
    for neighbourhood in Neighbourhood.objects.order_by("pk"):
        public = _public_keys(neighbourhood, at)
        kept = set(SearchDocument.objects.filter(neighbourhood=neighbourhood).values_list("kind", "key"))
        changed += len(public ^ kept)
        for code, keys in _by_kind(public - kept).items():
            refresh(search_kinds.get(code), keys)  # type: ignore[arg-type]  # registered: it was asked a moment ago
        for code, keys in _by_kind(kept - public).items():
            for some in _batches(keys):
                SearchDocument.objects.filter(neighbourhood=neighbourhood, kind=code, key__in=some).delete()
    return changed


def rebuild() -> int:
    """Read every public row again, so that nothing is kept of an older text. Returns how many there are."""
    at = clock.now()
    for neighbourhood in Neighbourhood.objects.order_by("pk"):
        for kind in search_kinds:
            refresh(kind, kind.public(Viewer(neighbourhood), at).order_by().values_list("pk", flat=True))
    sweep()
    return SearchDocument.objects.count()


def public_of(kind: Kind, viewer: Viewer, at: datetime) -> QuerySet[Any]:
    """The primary keys of a kind's public rows, fit for a subquery."""
    return kind.public(viewer, at).order_by().values("pk")


def _public_keys(neighbourhood: Neighbourhood, at: datetime) -> set[tuple[str, int]]:
    """{(kind, key)} of everything public in one neighbourhood; one query."""
    viewer = Viewer(neighbourhood)
    each = [
        kind.public(viewer, at).order_by().values_list(Value(kind.code, CharField()), "pk") for kind in search_kinds
    ]
    return set(each[0].union(*each[1:], all=True)) if each else set()


def _by_kind(pairs: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for code, key in pairs:
        found[code].add(key)
    return found


def _batches(keys: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(set(keys))
    return [ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE)]
