"""Who of several takes a turn: pure arithmetic, no database, so that it can be tried on thousands of made-up years.

A slot first takes those who promised its weekday, then those who said "wherever hands are missing". Where there are more
than are wanted, whoever had the smallest share of their chances so far goes first; so among people who were there all the
time nobody is ever more than one turn ahead, and whoever comes back from leave does not have to make up for it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

ANYWHERE = -1  # the group of those without a weekday


@dataclass(frozen=True)
class Slot:
    """One day. ``wanted``: hands still missing, 0 on days that are over.  ``standing``, ``anywhere``: ids of those who can.

    ``down``: {person id: group} of those who have the turn already; a group is a weekday (0 Monday) or ANYWHERE.
    """

    day: date
    wanted: int
    standing: frozenset[int] = frozenset()
    anywhere: frozenset[int] = frozenset()
    down: Mapping[int, int] = field(default_factory=dict)


class Ledger:
    """How often each had a chance and a turn, by group."""

    def __init__(self) -> None:
        self.chances: Counter[tuple[int, int]] = Counter()
        self.turns: Counter[tuple[int, int]] = Counter()
        self.last: dict[tuple[int, int], date] = {}

    def choose(self, group: int, able: Iterable[int], wanted: int, day: date) -> list[int]:
        """Up to ``wanted`` of ``able``, whoever had the smallest share first; notes the turn and everybody's chance."""
        ordered = sorted(able, key=lambda person: self._standing(group, person))
        chosen = ordered[: max(wanted, 0)]
        for person in ordered:
            self.chances[group, person] += 1
        for person in chosen:
            self.note(group, person, day)
        return chosen

    def note(self, group: int, person: int, day: date) -> None:
        self.turns[group, person] += 1
        self.last[group, person] = day

    def _standing(self, group: int, person: int) -> tuple[Fraction, date, int]:
        key = group, person
        share = Fraction(self.turns[key], max(self.chances[key], 1))
        return share, self.last.get(key, date.min), person


def share_out(slots: Iterable[Slot], ledger: Ledger | None = None) -> dict[date, dict[int, int]]:
    """{day: {person id: group}} of the turns to give; days that need or get nobody are left out.

    The same slots always give the same answer. A day that stays short has fewer people than it wanted.
    """
    ledger = ledger or Ledger()
    given: dict[date, dict[int, int]] = {}
    for slot in sorted(slots, key=lambda one: one.day):
        weekday = slot.day.weekday()
        for person, group in slot.down.items():
            ledger.chances[group, person] += 1
            ledger.note(group, person, slot.day)
        standing = slot.standing - slot.down.keys()
        chosen = dict.fromkeys(ledger.choose(weekday, standing, slot.wanted, slot.day), weekday)
        missing = slot.wanted - len(chosen)
        if missing > 0 or ANYWHERE in slot.down.values():  # a chance for all of them, taken or not
            anywhere = slot.anywhere - slot.standing - slot.down.keys()
            chosen |= dict.fromkeys(ledger.choose(ANYWHERE, anywhere, missing, slot.day), ANYWHERE)
        if chosen:
            given[slot.day] = chosen
    return given
