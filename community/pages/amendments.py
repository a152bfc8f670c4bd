"""What stood in a signed record or a published result before it was put right, as its page shows it (M8, D3)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from community.models import Amendment
from community.rules.record_text import label


@dataclass(frozen=True)
class Line:
    label: str
    before: list[str]
    after: list[str]


@dataclass(frozen=True)
class Told:
    """``who``: the body whose record it is; nobody is named (V6). ``is_open``: what will stand there is not out yet.

    ``is_withheld``: the old words named somebody, or the like; staff still read them.
    """

    on: datetime
    who: str
    reason: str
    is_open: bool
    is_withheld: bool
    lines: list[Line]


def amendments_of(record: Any, shown: Collection[str] | None = None, who: object = "") -> list[Told]:
    """Oldest first; one query. shown: the columns that this page tells, None for all that is kept."""
    rows = Amendment.objects.filter(activity=record.pk)
    body = str(who or record.organisation or record.team or record.neighbourhood)
    return [told(record, row, shown, body) for row in rows]


def told(record: Any, row: Amendment, shown: Collection[str] | None, who: str) -> Told:
    if row.withheld:
        return Told(row.made_at, who, row.reason, row.after is None, True, [])
    after = row.after or {}
    names = [name for name in {**row.before, **after} if shown is None or name in shown]
    lines = [Line(label(record, name), row.before.get(name, []), after.get(name, [])) for name in names]
    return Told(
        row.made_at, who, row.reason, row.after is None, False, [one for one in lines if one.before or one.after]
    )
