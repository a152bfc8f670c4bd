"""The demo's drawings (drawings/*.svg, cut paper by hand) and the photos made of them, which are labelled as illustrations.

picture_for("cover", "mh01")   the painted roundel       picture_for("cover-before", "mh01")
picture_for("panel", "wp04")   a picture of the wall     picture_for("bed", "bd8")     as it looks in winter
picture_for("photo", "ph04")   a scene of the archive    picture_for("plan", "plan"), picture_for("draft", "dv1")
"""

from collections.abc import Iterable
from datetime import date
from html import escape
from pathlib import Path
from textwrap import wrap

from people.models import Neighbourhood, Person, Photo
from people.operations import photos
from portal.files import Picture
from portal.refusals import Refusal

DRAWINGS = Path(__file__).with_name("drawings")
#: {kind: (width, height)}; the others are WIDE.
SIZES = {
    "cover": (960, 960), "cover-before": (960, 960), "bed": (960, 520), "draft": (1200, 300), "plan": (1600, 1000),
}  # fmt: skip
WIDE = (1200, 800)


def picture_for(kind: str, key: str, *, title: str = "") -> Picture:
    """The drawing of a thing; of what nobody has drawn (files of one's own) its title on a sheet of plaster."""
    path = DRAWINGS / f"{kind}-{key}.svg"
    if path.is_file():
        return picture(key, path.read_text(encoding="utf-8"), SIZES.get(kind, WIDE))
    return picture(key, undrawn(title or key), WIDE)


def picture(name: str, svg: str, size: tuple[int, int]) -> Picture:
    return Picture(svg.encode(), f"{name}.svg", "image/svg+xml", "svg", *size)


def undrawn(title: str) -> str:
    lines = wrap(title, 14)[:5]
    top = 150 - 15 * (len(lines) - 1)
    words = "".join(f'<text x="240" y="{top + 30 * row}">{escape(line)}</text>' for row, line in enumerate(lines))
    sheet = (DRAWINGS / "undrawn.svg").read_text(encoding="utf-8")
    return sheet.replace("{title}", escape(title)).replace("{words}", words)


def illustrate(
    neighbourhood: Neighbourhood,
    kind: str,
    key: str,
    *,
    alt: str,
    caption: str = "",
    taken_on: date | None = None,
    people: Iterable[Person] = (),
) -> Photo:
    """The drawing of ``kind`` and ``key`` as a photo, shown where everyone in it agreed; refused by V5, it stays with staff."""
    photo = photos.add_photo(
        picture_for(kind, key, title=alt),
        neighbourhood=neighbourhood,
        alt=alt,
        caption=caption,
        taken_on=taken_on,
        people=people,
        is_illustration=True,
    )
    try:
        photos.publish(photo)
    except Refusal:
        return photo
    return rendered(photo)


def rendered(photo: Photo) -> Photo:
    """With the files that pages show: a drawing is ready at once, so no worker need be asked."""
    photo.refresh_from_db()
    photos.make_renditions(photo)
    photo.refresh_from_db()
    return photo
