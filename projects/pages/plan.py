"""The plan: what can be found on it, where each pin is drawn, and which of them a reader wants to see.

A kind of thing puts its pins there by one call in its app's ``registration.py``; upper apps do it in the same way:

    pin_sources.add(PinSource(issue_pins, [PinKind("issue", _("Reports"), "triangle")]), order=30)

A source costs one query and starts from ``visible_to(viewer)``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.access.viewer import Viewer
from people.models import Building, Location
from portal.registry import Registry, name_of
from projects.models import Piece, Theme
from projects.models.piece_kinds import piece_kinds

WIDTH = 1200  # units across the picture; at zoom 1 one unit is one pixel
ZOOMS = {"0": 0.0, "1": 1.0, "2": 1.5, "3": 2.2}
TARGET, LARGE_TARGET = 44, 60
PIECE_SHAPES = {"panel": "square", "bed": "leaf"}  # a cover is round


@dataclass(frozen=True)
class PinKind:
    """``label``: of its group. ``shape``: circle, square, diamond, house, leaf or triangle; a kind is told by it, not by colour."""

    code: str
    label: Any
    shape: str


@dataclass(frozen=True)
class Pin:
    """One place. ``key``: of letters, digits and dashes, its own within the kind. ``mark``: a number or letter beside it.

    ``url``: its page; without one the pin leads to its line in the list.
    """

    kind: str
    key: str
    title: str
    x: float
    y: float
    mark: str = ""
    url: str = ""
    text: str = ""
    theme: str = ""

    @property
    def anchor(self) -> str:
        return f"{self.kind}-{self.key}"


Build = Callable[[Viewer], Iterable[Pin]]


@dataclass(frozen=True)
class PinSource:
    """``pins(viewer)``: one query.  ``kinds``: of its pins; a function where upper apps add to them."""

    pins: Build
    kinds: Sequence[PinKind] | Callable[[], Sequence[PinKind]]


#: projects: 10 pieces, 20 places, 25 buildings.
pin_sources = Registry[PinSource]("what stands on the plan", named=lambda source: name_of(source.pins))


def all_kinds() -> list[PinKind]:
    return [kind for source in pin_sources for kind in (source.kinds() if callable(source.kinds) else source.kinds)]


def all_pins(viewer: Viewer) -> list[Pin]:
    return [pin for source in pin_sources for pin in source.pins(viewer)]


def url_of(slug: str, kind: str, key: str) -> str:
    """The address of one pin on the plan."""
    return f"{reverse('projects:plan', args=[slug])}#at-{kind}-{key}"


def location_url(location: Location, slug: str) -> str:
    return url_of(slug, "place", location.code)


# --- what stands on it from this house ---


def place_pins(viewer: Viewer) -> list[Pin]:
    rows = Location.objects.filter(neighbourhood=viewer.neighbourhood, x__isnull=False, y__isnull=False)
    return [
        Pin("place", row.code, row.name, row.x, row.y, str(number), text=about_place(row))
        for number, row in enumerate(rows, start=1)
    ]


def about_place(row: Location) -> str:
    known: dict[bool | None, str] = {True: _("Without steps"), False: _("With steps")}
    steps = known.get(row.step_free, "")
    return " · ".join(filter(None, [str(row.get_kind_display()), steps, row.note]))


def building_pins(viewer: Viewer) -> list[Pin]:
    rows = Building.objects.filter(neighbourhood=viewer.neighbourhood, x__isnull=False, y__isnull=False)
    return [
        Pin("building", row.code, str(row), row.x, row.y, str(number), text=about_building(row))
        for number, row in enumerate(rows.select_related("compound"), start=1)
    ]


def about_building(row: Building) -> str:
    return _("%(n)d floors") % {"n": row.floors} if row.floors else ""


def kinds_of_pieces() -> list[PinKind]:
    return [PinKind(kind.code, kind.plural, PIECE_SHAPES.get(kind.code, "circle")) for kind in piece_kinds]


def piece_pins(viewer: Viewer) -> list[Pin]:
    rows = Piece.objects.visible_to(viewer).filter(x__isnull=False, y__isnull=False)
    fields = rows.order_by("kind", "order", "pk").values_list("kind", "code", "title", "x", "y", "order", "theme")
    assert viewer.neighbourhood is not None
    # A reverse() each would be most of the page's time with 300 of them.
    base = reverse("projects:place", args=[viewer.neighbourhood.slug, "0"])[:-2]
    themes = {value: str(label) for value, label in Theme.choices}
    return [
        Pin(
            kind,
            code,
            title,
            x,
            y,
            str(order or ""),
            f"{base}{code}/",
            f"{code} · {themes[theme]}" if theme else code,
            theme,
        )
        for kind, code, title, x, y, order, theme in fields
    ]


PIECES = PinSource(piece_pins, kinds_of_pieces)
PLACES = PinSource(place_pins, [PinKind("place", gettext_lazy("Places"), "diamond")])
BUILDINGS = PinSource(building_pins, [PinKind("building", gettext_lazy("Buildings"), "house")])


# --- what is asked for ---


@dataclass(frozen=True)
class PlanFilters:
    """What the address asks for; whatever cannot be read is none."""

    kind: str = ""
    theme: str = ""
    zoom: str = "1"

    @classmethod
    def read(cls, query: Any, pins: Iterable[Pin]) -> "PlanFilters":
        pins = list(pins)
        kind = query.get("kind", "")
        kind = kind if kind in {pin.kind for pin in pins} else ""
        theme = query.get("theme", "")
        theme = theme if theme and theme in {pin.theme for pin in pins if kind in {"", pin.kind}} else ""
        zoom = query.get("zoom", "1")
        return cls(kind, theme, zoom if zoom in ZOOMS else "1")

    def takes(self, pin: Pin) -> bool:
        return self.kind in {"", pin.kind} and self.theme in {"", pin.theme}

    def url(self, **changes: str) -> str:
        filters = replace(self, **changes)
        query = {"kind": filters.kind, "theme": filters.theme, "zoom": filters.zoom if filters.zoom != "1" else ""}
        return "?" + urlencode({name: value for name, value in query.items() if value})


# --- how it is drawn ---


@dataclass(frozen=True)
class Drawn:
    """A pin in the picture's units: its middle, the path of its shape, how far a finger reaches."""

    pin: Pin
    css: str
    cx: float
    cy: float
    shape: str
    reach: float
    size: float  # of the letters
    base: float  # their line

    @property
    def href(self) -> str:
        return self.pin.url or f"#{self.pin.anchor}"

    @property
    def label(self) -> str:
        return f"{self.pin.title} {self.pin.text}".strip()


def height_of(image: Any) -> float:
    """The picture's height in units, by its own shape."""
    known = image is not None and image.width and image.height
    return round(WIDTH * (image.height / image.width if known else 0.625), 1)


def draw(pins: Iterable[Pin], *, height: float, zoom: str, large: bool) -> list[Drawn]:
    """Where each pin stands. Targets keep their size on the screen, whatever the zoom; two on one spot move apart."""
    scale = ZOOMS[zoom] or 1.0
    reach = (LARGE_TARGET if large else TARGET) / 2 / scale
    radius = (18 if large else 14) / scale
    shapes = {kind.code: kind.shape for kind in all_kinds()}
    taken: set[tuple[int, int]] = set()
    drawn = []
    for pin in pins:
        x = min(max(float(pin.x) * WIDTH / 100, radius), WIDTH - radius)
        y = min(max(float(pin.y) * height / 100, radius), height - radius)
        step = radius * 2 if x < WIDTH / 2 else radius * -2
        while (spot := (round(x / step), round(y / step))) in taken and radius <= x + step <= WIDTH - radius:
            x += step
        taken.add(spot)
        shape = SHAPES[shapes.get(pin.kind, "circle")](round(x, 1), round(y, 1), radius)
        size = radius * (1.1 if len(pin.mark) < 3 else 0.8)
        drawn.append(
            Drawn(
                pin,
                shapes.get(pin.kind, "circle"),
                round(x, 1),
                round(y, 1),
                shape,
                round(reach, 1),
                round(size, 1),
                round(y + size * 0.36, 1),
            )
        )
    return drawn


def _polygon(*corners: tuple[float, float]) -> Callable[[float, float, float], str]:
    def path(x: float, y: float, r: float) -> str:
        return "M" + "L".join(f"{x + dx * r:.1f} {y + dy * r:.1f}" for dx, dy in corners) + "z"

    return path


def _circle(x: float, y: float, r: float) -> str:
    return f"M{x - r:.1f} {y}a{r:.1f} {r:.1f} 0 1 1 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 1 {-2 * r:.1f} 0z"


def _leaf(x: float, y: float, r: float) -> str:
    return (
        f"M{x - 1.15 * r:.1f} {y + r:.1f}Q{x - 1.2 * r:.1f} {y - 1.1 * r:.1f} {x + 1.15 * r:.1f} {y - r:.1f}"
        f"Q{x + 1.2 * r:.1f} {y + 1.1 * r:.1f} {x - 1.15 * r:.1f} {y + r:.1f}z"
    )


SHAPES: dict[str, Callable[[float, float, float], str]] = {
    "circle": _circle,
    "square": _polygon((-0.95, -0.95), (0.95, -0.95), (0.95, 0.95), (-0.95, 0.95)),
    "diamond": _polygon((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    "house": _polygon((-0.95, 1), (-0.95, -0.35), (0, -1.2), (0.95, -0.35), (0.95, 1)),
    "triangle": _polygon((0, -1.3), (1.3, 1), (-1.3, 1)),
    "leaf": _leaf,
}
