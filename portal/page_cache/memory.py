"""Pages in the memory of one process, the longest unused leaving first."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

OVERHEAD = 1000  # bytes a page costs beside its body: headers, key, the objects themselves


@dataclass(frozen=True, slots=True)
class Page:
    """``body`` is compressed. ``state``: whatever must be the same for the page to be still right."""

    state: Any
    body: bytes
    length: int  # of the body before it was compressed
    etag: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.body) + OVERHEAD


class Memory:
    """One page a key: a newer one takes the place of the old, so that old ones need no clearing up."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Any, Page] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0

    def get(self, key: Any, state: Any) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.state != state:
                return None
            self._pages.move_to_end(key)
            return page

    def put(self, key: Any, page: Page, *, limit: int) -> None:
        """Keep it while all together stay within ``limit`` bytes; one that fills a quarter of that alone is not kept."""
        with self._lock:
            self._drop(key)
            if page.size * 4 > limit:
                return
            self._pages[key] = page
            self.size += page.size
            while self.size > limit:
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self.size = 0

    def __len__(self) -> int:
        return len(self._pages)

    def _drop(self, key: Any) -> None:
        if (page := self._pages.pop(key, None)) is not None:
            self.size -= page.size
