"""Pictures as pages show them: what ``components/_photo.html``, ``_gallery.html`` and ``_compare.html`` draw.

    shown(photo)                      -> a Shown, or None while the photo is not public
    shown_all(photos)                 -> those of them that are public
    drawn("art/cover-01.svg", alt=…)  -> a drawing that ships with the portal

Nobody but this module knows where a photo's public files lie; a page that asks here cannot show a private one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.templatetags.static import static

from people.models import Photo


@dataclass(frozen=True)
class Shown:
    """One picture, ready to be drawn. ``sources``: (type, srcset), the best first; ``src`` is what every browser reads."""

    src: str
    alt: str
    width: int | None = None
    height: int | None = None
    caption: str = ""
    taken_on: date | None = None
    is_illustration: bool = False
    srcset: str = ""
    sources: list[tuple[str, str]] = field(default_factory=list)


def shown(photo: Photo | None) -> Shown | None:
    """What may be drawn of ``photo``; None where it is not public, which also keeps its words back (V5, V6)."""
    if photo is None or photo.published_at is None or not photo.picture:
        return None
    return Shown(
        src=photo.picture.url,
        alt=photo.alt,
        width=photo.width,
        height=photo.height,
        caption=photo.caption,
        taken_on=photo.taken_on,
        is_illustration=photo.is_illustration,
    )


def shown_all(photos: Iterable[Photo | None]) -> list[Shown]:
    return [picture for photo in photos if (picture := shown(photo)) is not None]


def drawn(path: str, *, alt: str, width: int = 480, height: int = 480, caption: str = "") -> Shown:
    """A drawing below ``static/``, labelled as one."""
    return Shown(static(path), alt, width, height, caption, is_illustration=True)
