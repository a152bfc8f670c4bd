"""How a rule is written: a generator of (row, sentence) about one file, which may read others too."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from config.demo.checks import Names
from config.demo.source import Files, Row

Wrong = Iterator[tuple[str, str]]
Ask = Callable[[Files, Names], Wrong]


@dataclass(frozen=True)
class Rule:
    file: str
    reads: frozenset[str]
    ask: Ask


RULES: list[Rule] = []


def rule(file: str, *others: str) -> Callable[[Ask], Ask]:
    """Register a rule about ``file``, which reads ``others`` as well (names without .yaml)."""

    def register(ask: Ask) -> Ask:
        RULES.append(Rule(f"{file}.yaml", frozenset(f"{name}.yaml" for name in (file, *others)), ask))
        return ask

    return register


def days_between(first: str, second: str) -> int:
    return (date.fromisoformat(second[:10]) - date.fromisoformat(first[:10])).days


def later(moment: str, **by: int) -> str:
    """An ISO moment that much later, to the minute."""
    return (datetime.fromisoformat(moment) + timedelta(**by)).isoformat(timespec="minutes")


def today(files: Files) -> str:
    return files.section("taxonomy", "demo_today")


def now(files: Files) -> str:
    """The start of the trial clock, local and to the minute, as the files write moments."""
    return files.section("taxonomy", "trial_clock")["starts_at"][:16]


def start_of(row: Row) -> str:
    return f"{row['date']}T{row['time'][0]}"


def minutes_between(first: str, second: str) -> int:
    """Minutes from one "HH:MM" to another."""
    (hour, minute), (later_hour, later_minute) = (map(int, one.split(":")) for one in (first, second))
    return (later_hour - hour) * 60 + later_minute - minute


def age_on(row: Row, day: str) -> int:
    """Whole years on ``day``; by birth year alone the lowest age possible (V4)."""
    if "birth" in row:
        born = row["birth"]
        return int(day[:4]) - int(born[:4]) - (day[5:10] < born[5:10])
    return int(day[:4]) - row["birth_year"] - 1
