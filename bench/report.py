"""The table at the end."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """``met`` None: told, without a budget."""

    what: str
    measured: str
    budget: str = ""
    met: bool | None = None


def memory(what: str, megabytes: int, most: int) -> Line:
    if not megabytes:
        return Line(what, "not told by this system", f"≤ {most} MB")
    return Line(what, f"{megabytes} MB", f"≤ {most} MB", megabytes <= most)


def table(lines: list[Line]) -> str:
    rows = [("what", "measured", "budget", "")]
    rows += [
        (line.what, line.measured, line.budget, "" if line.met is None else "met" if line.met else "NOT MET")
        for line in lines
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
