"""The demo's pictures: hand-written SVG in one cut-paper style, the same at every load. They are labelled as illustrations.

    picture_for("cover", "mh01")            the painted roundel        picture_for("cover-before", "mh01", mark="雨")
    picture_for("panel", "wp04")            a picture of the wall      picture_for("bed", "bd8", season="winter")
    picture_for("photo", "ph04")            a scene of the archive     picture_for("plan", "plan"), picture_for("draft", "dv1")

What no hand has drawn (files of one's own) gets its words on a sheet of plaster. ``config.demo.illustrations`` makes photos of them.
"""

from pathlib import Path

from django.contrib.staticfiles import finders

from config.demo.drawing import beds, covers, panels, scenes
from config.demo.drawing.lettered import lettered
from config.demo.drawing.paper import sheet
from portal.files import Picture

ROUND, WIDE, STRIP, WALL, PLAN = (960, 960), (1200, 800), (960, 520), (1200, 300), (1600, 1000)
#: Drawings that hang on the portal's own pages too.
SHIPPED = {
    **{("cover", f"mh{number:02}"): (f"cover-{number:02}", ROUND) for number in range(1, 13)},
    **{("panel", key): (name, WIDE) for key, name in panels.SHIPPED.items()},
    ("plan", "plan"): ("plan", PLAN),
    ("draft", "dv1"): ("draft-v1", WALL),
}


def picture_for(kind: str, key: str, *, title: str = "", season: str = "", mark: str = "雨") -> Picture:
    """``title``: what can be seen, for the drawing's own title.  ``mark``: the sign on a cover that stays visible (P4)."""
    title = title or key
    if (kind, key) in SHIPPED:
        name, size = SHIPPED[kind, key]
        return _picture(key, _shipped(name), size)
    if kind == "cover-before":
        return _picture(key, sheet(title, covers.before(key, mark), 240, 240), ROUND)
    if kind == "bed" and season in beds.SEASONS:
        return _picture(f"{key}-{season}", sheet(title, beds.bed(key, season), beds.WIDTH, beds.HEIGHT), STRIP)
    drawn = {"panel": panels.DRAWN, "photo": scenes.SCENES}.get(kind, {}).get(key)
    return _picture(key, sheet(title, drawn() if drawn else lettered(title)), WIDE)


def _picture(name: str, svg: str, size: tuple[int, int]) -> Picture:
    return Picture(svg.encode(), f"{name}.svg", "image/svg+xml", "svg", *size)


def _shipped(name: str) -> str:
    return Path(str(finders.find(f"art/{name}.svg"))).read_text(encoding="utf-8")
