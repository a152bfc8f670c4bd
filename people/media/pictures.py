"""Pictures as pages show them: what ``components/_photo.html``, ``_gallery.html`` and ``_compare.html`` draw.

    shown(photo)                      -> a Shown, or None while the photo is not public
    shown_all(photos)                 -> those of them that are public
    of_links(links, place, most=24)   -> the public photos behind a link table's rows
    pairs(place, among=photos)        -> before and after, for ``_compare.html``
    drawn("art/cover-01.svg", alt=…)  -> a drawing that ships with the portal

Nobody but this module knows where a photo's public files lie; a page that asks here cannot show a private one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.templatetags.static import static

from people.models import Neighbourhood, Photo, PhotoPair
from portal import renditions
from portal.storage import public_storage

USUAL = 960  # the width for whoever cannot choose
WAITING = "art/picture-coming.svg"


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
    """What may be drawn of ``photo``; None where it is not public, which also keeps its words back (V5, V6).

    Until a worker has made its files it is a preview of some pixels, in the size of the whole: nothing moves later.
    """
    if photo is None or photo.published_at is None:
        return None
    src, srcset, sources = _files(photo)
    return Shown(
        src=src,
        alt=photo.alt,
        width=photo.width,
        height=photo.height,
        caption=photo.caption,
        taken_on=photo.taken_on,
        is_illustration=photo.is_illustration,
        srcset=srcset,
        sources=sources,
    )


def _files(photo: Photo) -> tuple[str, str, list[tuple[str, str]]]:
    """src, its srcset and the modern alternatives."""
    if photo.rendered_at is None or not photo.files:
        return photo.preview or static(WAITING), "", []
    base = public_storage().url(f"{renditions.ROOT}/{photo.folder}/")
    sets = {
        kind: ", ".join(f"{base}{width}.{renditions.EXTENSIONS[kind]} {width}w" for width in widths)
        for kind, widths in photo.files.items()
    }
    plain = "jpeg" if "jpeg" in photo.files else "svg"
    widths = photo.files[plain]
    usual = max((width for width in widths if width <= USUAL), default=widths[0])
    sources = [(renditions.TYPES[kind], srcset) for kind, srcset in sets.items() if kind != plain]
    # One drawing is sharp at any size; there is nothing to choose from.
    return f"{base}{usual}.{renditions.EXTENSIONS[plain]}", sets[plain] if plain == "jpeg" else "", sources


def shown_all(photos: Iterable[Photo | None]) -> list[Shown]:
    return [picture for photo in photos if (picture := shown(photo)) is not None]


def of_links(links: QuerySet, neighbourhood: Neighbourhood, *, most: int) -> list[Photo]:
    """The public photos behind ``links`` (rows of a link table with ``photo`` and ``order``), of this neighbourhood; one query."""
    rows = links.filter(photo__published_at__isnull=False, photo__neighbourhood=neighbourhood)
    return [link.photo for link in rows.select_related("photo").order_by("order", "pk")[:most]]


@dataclass(frozen=True)
class Pair:
    """What ``_compare.html`` draws, with the ids of its two photos."""

    key: str
    before: Shown
    after: Shown
    text: str
    ids: frozenset[int]


def pairs(neighbourhood: Neighbourhood, *, among: Iterable[Photo] | None = None, most: int = 6) -> list[Pair]:
    """Before and after, where both are public; ``among``: only pairs of which one is there. One query, none for no photos."""
    rows = PhotoPair.objects.filter(
        neighbourhood=neighbourhood, before__published_at__isnull=False, after__published_at__isnull=False
    )
    if among is not None:
        ids = [photo.pk for photo in among]
        if not ids:
            return []
        rows = rows.filter(Q(before__in=ids) | Q(after__in=ids))
    found = []
    for row in rows.select_related("before", "after")[:most]:
        before, after = shown(row.before), shown(row.after)
        if before is not None and after is not None:
            text = row.caption or after.caption
            found.append(Pair(f"p{row.pk}", before, after, text, frozenset({row.before_id, row.after_id})))
    return found


def without_paired(photos: Iterable[Photo], paired: Iterable[Pair]) -> list[Shown]:
    """The photos that no pair beside them shows already."""
    told = frozenset().union(*(pair.ids for pair in paired))
    return shown_all(photo for photo in photos if photo.pk not in told)


def drawn(path: str, *, alt: str, width: int = 480, height: int = 480, caption: str = "") -> Shown:
    """A drawing below ``static/``, labelled as one."""
    return Shown(static(path), alt, width, height, caption, is_illustration=True)


def share_picture(pictures: Iterable[Shown]) -> str:
    """The first of them that a chat program can show: a JPEG; "" where there is none, for then the portal's own is shared."""
    return next((picture.src for picture in pictures if picture.src.endswith(".jpg")), "")
