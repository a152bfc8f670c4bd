"""The files that the public sees of a photo: several widths, in a modern format and as JPEG, made of the private original.

Image work only: nothing here knows rows or consents, and nothing is stored (people/operations/photos.py does both).
"""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, features

from portal.storage import public_storage

WIDTHS = (320, 640, 960, 1600)  # a phone's half, a phone, a column, a screen
#: AVIF is half of a JPEG's size; where Pillow was built without it, WebP is the next best.
MODERN = "avif" if features.check("avif") else "webp"
EXTENSIONS = {"avif": "avif", "webp": "webp", "jpeg": "jpg", "svg": "svg"}
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpeg": "image/jpeg", "svg": "image/svg+xml"}
PAPER = "#FFFDF9"  # behind what is transparent, where a format has no transparency
ROOT = "photos"


class Unreadable(Exception):
    """The stored original is gone or is no picture any more."""


@dataclass(frozen=True)
class Look:
    """What is known of a picture before its files are made. ``preview``: some 24 pixels wide, as a data: address."""

    width: int
    height: int
    preview: str


def name(folder: str, kind: str, width: int) -> str:
    return f"{ROOT}/{folder}/{width}.{EXTENSIONS[kind]}"


def widths_for(width: int) -> list[int]:
    """Those of WIDTHS that make it smaller, and its own as the largest; never one that makes it larger."""
    return sorted({*(one for one in WIDTHS if one < width), min(width, WIDTHS[-1])})


def look(data: bytes) -> Look:
    """Quick enough for a request: a JPEG is decoded at a fraction of its size."""
    try:
        with Image.open(BytesIO(data)) as image:
            width, height = image.size
            image.draft("RGB", (96, 96))
            small = image.convert("RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise Unreadable from error
    small.thumbnail((24, 24))
    out = BytesIO()
    small.save(out, "WEBP", quality=40, method=4)
    return Look(width, height, "data:image/webp;base64," + b64encode(out.getvalue()).decode())


def make(data: bytes) -> Iterator[tuple[str, int, bytes]]:
    """(kind, width, bytes) of each public file; takes seconds."""
    try:
        with Image.open(BytesIO(data)) as image:
            image.load()
            whole = image.convert("RGBA" if image.mode in {"RGBA", "LA", "PA", "P"} else "RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise Unreadable from error
    flat = whole
    if whole.mode == "RGBA":
        flat = Image.new("RGB", whole.size, PAPER)
        flat.paste(whole, mask=whole.getchannel("A"))
    for width in widths_for(whole.width):
        size = (width, max(1, round(whole.height * width / whole.width)))
        yield MODERN, width, _written(whole, size, MODERN)
        yield "jpeg", width, _written(flat, size, "jpeg")


def _written(image: Image.Image, size: tuple[int, int], kind: str) -> bytes:
    shown = image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)
    out = BytesIO()
    options: dict[str, dict] = {
        "avif": {"quality": 60, "speed": 7},
        "webp": {"quality": 78, "method": 4},
        "jpeg": {"quality": 80, "optimize": True, "progressive": True},
    }
    shown.save(out, kind.upper(), **options[kind])
    return out.getvalue()


def folders() -> list[str]:
    """Every folder of public files that lies on the disk."""
    storage = public_storage()
    return storage.listdir(ROOT)[0] if storage.exists(ROOT) else []


def loose() -> list[str]:
    """Files that lie in no folder; none of them is ours."""
    storage = public_storage()
    return storage.listdir(ROOT)[1] if storage.exists(ROOT) else []


def remove(folder: str) -> None:
    """Take every file of one publication away, whoever wrote it and however many there are."""
    storage = public_storage()
    path = f"{ROOT}/{folder}"
    if not folder or not storage.exists(path):
        return
    for file in storage.listdir(path)[1]:
        storage.delete(f"{path}/{file}")
    storage.delete(path)
