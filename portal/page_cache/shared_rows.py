"""What a page tells every reader alike, kept as rows until something public changes (docs/rules/caching.md).

For pages that are made anew for whoever is signed in: of what they show, only a part differs from reader to reader.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.conf import settings

from portal.page_cache import version

T = TypeVar("T")
MOST = 200  # shelves a process keeps, the longest unused leaving first


class SharedRows:
    """Rows by name. Many requests read them at the same time: what lies here is never changed."""

    def __init__(self) -> None:
        self._found: dict[str, Any] = {}

    def get(self, name: str, find: Callable[[], T]) -> T:
        """What ``find`` found when it was asked first. It reads nothing of the reader: no viewer, no print size.

        Nor words in a language, unless that is part of what the shelf is for.
        """
        if name not in self._found:
            self._found[name] = find()
        return self._found[name]


_kept: OrderedDict[Hashable, tuple[Any, SharedRows]] = OrderedDict()
_lock = threading.Lock()


def shared_rows_of(slug: str, *what: Hashable) -> SharedRows:
    """The shelf for ``what`` in the neighbourhood with this slug, until the next public change; empty where none is known.

    Asked before anything is read for the page, so that what changes meanwhile makes the shelf old.
    """
    if not settings.PAGE_CACHE_BYTES:
        return SharedRows()
    known = version.current(slug)
    if known is None:
        version.begin(slug)
        return SharedRows()
    key = (slug, *what)
    with _lock:
        state, shared = _kept.pop(key, (None, None))
        if shared is None or state != known:
            shared = SharedRows()
        _kept[key] = (known, shared)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return shared


def clear() -> None:
    with _lock:
        _kept.clear()
