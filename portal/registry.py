"""What upper apps tell lower ones: kinds, sections, sweeps, questions. Filled only in an app's ``registration.py``.

    home_panels = Registry[Panel]("panels of the home page")   # where its entries are read
    home_panels.add(coming_up, order=20)                       # in activities/registration.py
    for panel in home_panels: ...                              # in order, whichever app came first
    activity_kinds.get("shift")                                # by name

The order is that of the page, or of the work. Where it is all the same, each app has a hundred of its own: people 0,
activities 100, community 200, projects 300, volunteers 400, events 500.
"""

from bisect import insort
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar, overload

Entry = TypeVar("Entry")
Default = TypeVar("Default")


class _Placed(NamedTuple):
    order: int
    name: str
    entry: object


def name_of(entry: object) -> str:
    """Its own ``code``, else where it is defined. Raises ValueError where that tells nothing, as of a lambda."""
    code = getattr(entry, "code", None)
    if isinstance(code, str) and code:
        return code
    module, name = getattr(entry, "__module__", ""), getattr(entry, "__qualname__", "")
    if not name or "<lambda>" in name:
        raise ValueError(f"{entry!r} has no name of its own to be registered by; give it one.")
    return f"{module}.{name}"


class Registry(Generic[Entry]):
    """Entries, each with a name and a place in one order; a second of either stops the start, as it is a mistake."""

    def __init__(
        self,
        what: str,
        *,
        named: Callable[[Entry], str] = name_of,
        added: Callable[[Entry], object] | None = None,
    ) -> None:
        """what: what it holds, for that sentence.  named: the name of an entry that is added without one.

        added: called with each entry, for whoever has drawn something from those before.
        """
        self.what = what
        self._named, self._added = named, added
        self._placed: list[_Placed] = []
        self._by_name: dict[str, Entry] = {}

    def add(self, entry: Entry, *, order: int, name: str = "") -> None:
        """Put ``entry`` at ``order``; lower ones come first. Raises ValueError for a name or an order that is taken."""
        name = name or self._named(entry)
        for placed in self._placed:
            if placed.name == name or placed.order == order:
                raise ValueError(
                    f"{self.what}: {name} at {order} clashes with {placed.name} at {placed.order}; "
                    "a name and an order belong to one entry."
                )
        insort(self._placed, _Placed(order, name, entry), key=lambda placed: placed.order)
        self._by_name[name] = entry
        if self._added is not None:
            self._added(entry)

    def add_all(self, entries: Iterable[Entry], *, order: int) -> None:
        """Put ``entries`` at ``order``, ``order + 1`` and so on."""
        for place, entry in enumerate(entries, start=order):
            self.add(entry, order=place)

    @overload
    def get(self, name: str) -> Entry | None: ...
    @overload
    def get(self, name: str, default: Default) -> Entry | Default: ...
    def get(self, name, default=None):
        return self._by_name.get(name, default)

    def names(self) -> list[str]:
        return [placed.name for placed in self._placed]

    def __getitem__(self, name: str) -> Entry:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Entry]:
        return iter([self._by_name[placed.name] for placed in self._placed])

    def __len__(self) -> int:
        return len(self._placed)

    def __repr__(self) -> str:
        return f"<Registry: {self.what}>"
