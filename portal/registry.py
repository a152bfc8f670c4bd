"""What upper apps tell lower ones: kinds, sections, sweeps, questions. Filled only in an app's ``registration.py``.

home_panels = Registry[Panel]("panels of the home page")
home_panels.add(coming_up, order=20)          # in activities/registration.py
for panel in home_panels: ...                 # in order, whoever registered first
kinds.get("shift")                            # by name
"""

from bisect import insort
from collections.abc import Callable, Iterator
from typing import Generic, NamedTuple, TypeVar

Entry = TypeVar("Entry")


class _Placed(NamedTuple):
    order: int
    name: str
    entry: object


class Registry(Generic[Entry]):
    """Entries with a name and a place in one order. A second entry of a name or a place stops the start: it is a mistake.

    what: what it holds, for that sentence.  changed: called after each entry, for whoever has drawn something from them.
    """

    def __init__(self, what: str, *, changed: Callable[[], object] | None = None) -> None:
        self.what = what
        self._changed = changed
        self._placed: list[_Placed] = []
        self._by_name: dict[str, Entry] = {}

    def add(self, entry: Entry, *, order: int, name: str = "") -> Entry:
        """Put ``entry`` at ``order``; lower ones come first.

        name: left out, it is the entry's own ``code``, else where it is defined. Raises ValueError for a name or an order
        that another entry has.
        """
        name = name or _name_of(entry)
        for placed in self._placed:
            if placed.name == name or placed.order == order:
                raise ValueError(f"Of the {self.what}, {placed.name} has the name or the order ({order}) of {name}.")
        insort(self._placed, _Placed(order, name, entry), key=lambda placed: placed.order)
        self._by_name[name] = entry
        if self._changed is not None:
            self._changed()
        return entry

    def get(self, name: str) -> Entry | None:
        return self._by_name.get(name)

    def names(self) -> list[str]:
        return [placed.name for placed in self._placed]

    def __getitem__(self, name: str) -> Entry:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Entry]:
        return iter([placed.entry for placed in self._placed])  # type: ignore[misc]

    def __len__(self) -> int:
        return len(self._placed)


def _name_of(entry: object) -> str:
    code = getattr(entry, "code", None)
    if isinstance(code, str) and code:
        return code
    module, name = getattr(entry, "__module__", ""), getattr(entry, "__qualname__", "")
    if not name or name == "<lambda>":
        raise ValueError(f"{entry!r} has no name of its own to be registered by; give it one.")
    return f"{module}.{name}"
