"""Pictures of numbers: each is a table whose rows carry a bar, so that the numbers are there for whoever sees no picture.

    figures.register(20, education)   # education(viewer) -> Figure or None, in ``AppConfig.ready()``

Bars are SVG made on the server; every part has its number in words beside it, and never the colour alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from people.access.viewer import Viewer

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
    """``lines``: (label, one number a series; None where it is not told). ``series``: at most four."""

    key: str
    title: str
    first: str  # what the lines are: month, project, kind
    series: Sequence[str]
    lines: Sequence[tuple[str, Sequence[int | None]]]
    lede: str = ""

    @cached_property
    def rows(self) -> list[Row]:
        longest = max((sum(value or 0 for value in values) for _label, values in self.lines), default=0)
        return [Row(label, values, self.parts(values, longest)) for label, values in self.lines]

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
_builds: list[tuple[int, Build]] = []


def register(order: int, build: Build) -> None:
    """Lower ``order`` stands first; registering the same function again changes nothing."""
    if all(known is not build for _order, known in _builds):
        _builds.append((order, build))
        _builds.sort(key=lambda pair: pair[0])


def of(viewer: Viewer) -> list[Figure]:
    return [figure for _order, build in _builds if (figure := build(viewer)) is not None]
