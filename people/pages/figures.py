"""Pictures of numbers: each is a table whose rows carry a bar, so that the numbers are there for whoever sees no picture.

    figures.add(education, order=20)   # education(viewer) -> Figure or None, in the app's ``registration.py``

Bars are SVG made on the server; every part has its number in words beside it, and never the colour alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from people.access.viewer import Viewer
from portal.registry import Registry

WIDE = 1000  # units of a full bar
CSS = ("a", "b", "n", "d")


@dataclass(frozen=True)
class Part:
    """One stretch of a bar, in thousandths of the longest."""

    css: str
    x: int
    width: int


@dataclass(frozen=True)
class Row:
    label: str
    values: Sequence[int | None]
    parts: Sequence[Part]


@dataclass(frozen=True)
class Figure:
    """``lines``: (label, one number a series; None where it is not told). ``series``: at most four.

    bars: what is drawn of each line, where one of its numbers is part of another.
    """

    key: str
    title: str
    first: str  # what the lines are: month, project, kind
    series: Sequence[str]
    lines: Sequence[tuple[str, Sequence[int | None]]]
    lede: str = ""
    bars: Sequence[Sequence[int | None]] = ()

    @cached_property
    def rows(self) -> list[Row]:
        bars = self.bars or [values for _label, values in self.lines]
        longest = max((sum(value or 0 for value in values) for values in bars), default=0)
        return [
            Row(label, values, self.parts(bar, longest)) for (label, values), bar in zip(self.lines, bars, strict=True)
        ]

    @staticmethod
    def parts(values: Sequence[int | None], longest: int) -> list[Part]:
        found, x = [], 0
        for css, value in zip(CSS, values, strict=False):
            width = round((value or 0) * WIDE / longest) if longest else 0
            if width:
                found.append(Part(css, x, width))
                x += width
        return found

    @property
    def heads(self) -> list[tuple[str, str]]:
        """(css, label) of each series, for the legend."""
        return list(zip(CSS, self.series, strict=False))


Build = Callable[[Viewer], Figure | None]
#: activities: 10 who took part; events: 20 learning; projects: 30 money, 40 seasons.
figures = Registry[Build]("pictures of numbers")


def of(viewer: Viewer) -> list[Figure]:
    return [figure for build in figures if (figure := build(viewer)) is not None]
