"""P1: a stage cannot start while one that it waits for is open; where that one is not there or left out, it holds nobody up."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from projects.models import ProjectStage

Stage = ProjectStage.Stage
#: What a stage waits for unless the project says otherwise.
DEFAULT_REQUIRES: dict[str, list[str]] = {
    Stage.APPROVED: [Stage.DELIBERATING, Stage.FEEDBACK],
    Stage.IMPLEMENTING: [Stage.APPROVED, Stage.PREPARING],
    Stage.ACCEPTED: [Stage.IMPLEMENTING],
}


class Row(Protocol):
    """A stage as it stands in memory, or as it was typed."""

    @property
    def stage(self) -> str: ...
    @property
    def end(self) -> date | None: ...
    @property
    def skipped(self) -> bool: ...


def still_open(requires: Iterable[str], rows: Iterable[Row], *, on: date) -> str:
    """Code of the first stage of ``requires`` that is not over by ``on``; "" where the gate is open."""
    by_code = {row.stage: row for row in rows}
    for code in requires:
        row = by_code.get(code)
        if row is not None and not row.skipped and (row.end is None or row.end > on):
            return code
    return ""
