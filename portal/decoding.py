"""Turns the bytes of a picture into an upright picture in sRGB of a bounded size; what it cannot show truly it refuses.

Knows Pillow and nothing of the portal, as it also runs as a process of its own (``python -m portal.decoding``), behind a
limit of memory and time: large pictures, and formats whose decoders are seldom used (docs/rules/pictures.md).
"""

import json
import resource
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal, cast

import pi_heif
from PIL import Image, ImageCms, ImageOps
from PIL.ImageCms import PyCMSError

Image.init()  # or only some of the formats would be known
pi_heif.register_heif_opener()
Reason = Literal["unreadable", "moving", "pages", "pixels", "values", "memory", "time"]

# What a phone or a scanner gives. Nothing vector (SVG can hold scripts), nothing that moves.
HERE = ("JPEG", "PNG", "WEBP", "GIF")  # a phone's MPO is opened as JPEG
APART = ("TIFF", "HEIF", "AVIF")  # always in the process with limits
LONG_SIDE = 3000
SMALL = (24, 24)  # of the rendition by which two pictures are compared
#: Mean difference of a channel, of 255, that writing anew may make: a JPEG's is below 2.
MOST_DIFFERENT = 8.0
MOST_PIXELS_EVER = 250_000_000
SECONDS = 25  # a request has 60, and may wait half as long for the one before
#: Mode to be turned into before resizing, where Pillow would not mix its pixels.
MIXABLE = {
    "1": "L",
    "PA": "RGBA",
    "La": "LA",
    "RGBa": "RGBA",
    "RGBX": "RGB",
    "HSV": "RGB",
    "YCbCr": "RGB",
    "LAB": "RGB",
}
GREY = ("1", "L", "LA", "La", "I", "F")
ORIENTATION = 0x0112  # of EXIF
SPACES = {"RGB": "RGB ", "CMYK": "CMYK", "L": "GRAY"}
_one_at_a_time = threading.Lock()


class Refused(Exception):
    """What cannot be taken; ``reason`` says why, its reader finds the words."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True)
class Decoded:
    """``image``: RGB, or RGBA with transparency.  ``small``: RGB bytes of ``SMALL``, made of the source by another way."""

    image: Image.Image
    small: bytes


def decode(data: bytes, *, most_pixels: int, most_memory: int) -> Decoded:
    """Raises Refused. ``most_pixels``: decoded in this process; ``most_memory``: bytes that the other one may have."""
    try:
        # Pillow's warning about many pixels stands below what our own limits allow.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=HERE + APART) as image:
                if image.width * image.height > MOST_PIXELS_EVER:
                    raise Refused("pixels")
                _refuse_several(image)
                # A progressive JPEG lies in memory with all its pixels, whatever size it is decoded at.
                whole = image.width * image.height > most_pixels and bool(image.info.get("progressive"))
                _reduce_while_reading(image)
                if image.format not in APART and image.width * image.height <= most_pixels and not whole:
                    return _read(image)
    except Image.DecompressionBombError as error:
        raise Refused("pixels") from error
    except Refused:
        raise
    except MemoryError as error:
        raise Refused("memory") from error
    except (OSError, SyntaxError, ValueError, EOFError, OverflowError, TypeError, KeyError, IndexError) as error:
        # Pillow's decoders raise all of these on files that only pretend to be pictures or end too early.
        raise Refused("unreadable") from error
    return _decode_apart(data, most_memory)


def _refuse_several(image: Image.Image) -> None:
    if getattr(image, "n_frames", 1) > 1:
        if image.format == "TIFF":
            raise Refused("pages")
        if image.format in {"GIF", "PNG", "WEBP", "AVIF"}:
            raise Refused("moving")


def _reduce_while_reading(image: Image.Image) -> None:
    """A JPEG is decoded at half, a quarter or an eighth of its size, still larger than what is kept."""
    if image.format in {"JPEG", "MPO"}:
        share = LONG_SIDE / max(image.size)
        if share < 1:
            image.draft(image.mode, (max(1, int(image.width * share)), max(1, int(image.height * share))))


def _read(image: Image.Image) -> Decoded:
    turned = image.getexif().get(ORIENTATION, 1)
    profile = image.info.get("icc_profile") or b""
    transparency = image.info.get("transparency")
    image.load()
    scale = _scale(image)
    small = _upright(_small(image, scale, profile, transparency), turned).tobytes()
    shown = _eight_bits(image, scale, transparency)
    shown.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    shown = _in_srgb(shown, profile)
    if shown.mode not in {"RGB", "RGBA"}:
        shown = shown.convert("RGBA" if shown.mode == "LA" else "RGB")
    return Decoded(_upright(shown, turned), small)


def _upright(image: Image.Image, turned: int) -> Image.Image:
    """A new picture from the pixels alone: EXIF, XMP, comments and colour profiles stay behind."""
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    clean.getexif()[ORIENTATION] = turned
    upright = ImageOps.exif_transpose(clean)
    upright.info.clear()
    return upright


# --- values of more than eight bits ---


def _scale(image: Image.Image) -> float:
    """By which a value of one wide channel becomes one of 0 to 255; 1 for all others."""
    if image.mode.startswith("I;16"):
        return 255 / 65535
    if image.mode not in {"I", "F"}:
        return 1.0
    low, high = cast("tuple[float, float]", image.getextrema())
    if not 0 <= low <= high <= 65535:  # not a number is none of these either
        raise Refused("values")
    if image.mode == "F" and high <= 1:
        return 255.0
    return 1.0 if high <= 255 else 255 / 65535


def _eight_bits(image: Image.Image, scale: float, transparency: object) -> Image.Image:
    """The picture in a mode of eight bits a channel whose pixels may be mixed."""
    if image.mode.startswith("I;16"):
        wide = image.convert("I")
        return wide.point([min(255, round(value * scale)) for value in range(65536)], "L")
    if image.mode == "I":
        return image.point([min(255, round(value * scale)) for value in range(65536)], "L")
    if image.mode == "F":
        return image.point(lambda value: value * scale + 0.5).convert("L")
    if image.mode == "P":
        return image.convert("RGBA" if transparency is not None else "RGB")
    if transparency is not None and image.mode in {"1", "L", "RGB"}:
        return image.convert("RGBA")
    mixable = image
    while (mode := MIXABLE.get(mixable.mode)) is not None:
        mixable = mixable.convert(mode)
    return mixable


# --- colour ---


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Converted by the profile that the file carries, relative to it; without a usable one the values are sRGB already."""
    plain = {"LA": "L", "RGBA": "RGB"}.get(image.mode, image.mode)
    space = SPACES.get(plain)
    if not profile or space is None:
        return image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if source.profile.xcolor_space != space:
            return image
        colours = image if plain == image.mode else image.convert(plain)
        found = ImageCms.profileToProfile(
            colours,
            source,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
        )
    except (PyCMSError, OSError, ValueError, TypeError):
        return image  # a profile that cannot be read says nothing
    if found is None:
        return image
    if plain != image.mode:
        found.putalpha(image.getchannel("A"))
    return found


# --- looked at once more ---


def _small(image: Image.Image, scale: float, profile: bytes, transparency: object) -> Image.Image:
    """A few pixels of the source, worked out by hand from its own values, so that a wrong conversion of the whole shows."""
    mode = image.mode
    if mode == "P" or (transparency is not None and mode in {"1", "L", "RGB"}):
        few = image.convert("RGBA").resize(SMALL, Image.Resampling.BOX)
    elif mode.startswith("I;16"):
        few = image.convert("I").resize(SMALL, Image.Resampling.BOX)  # Pillow mixes the bytes of I;16B otherwise
    elif mode in {"1", "PA", "La", "RGBa", "HSV", "LAB"}:
        few = _eight_bits(image, scale, None).resize(SMALL, Image.Resampling.BOX)
    else:
        few = image.resize(SMALL, Image.Resampling.BOX)
    if few.mode == "CMYK" and profile:
        few, profile = _in_srgb(few, profile), b""
    by_hand = HANDS.get(few.mode, lambda value: (min(255, round(value * scale)),) * 3)
    seen = Image.new("RGB", SMALL)
    seen.putdata([by_hand(few.getpixel((x, y))) for y in range(SMALL[1]) for x in range(SMALL[0])])
    if mode in GREY or mode.startswith("I;16"):
        seen = seen.convert("L")
    return _in_srgb(seen, profile).convert("RGB")


def _on_white(colour: tuple[int, ...]) -> tuple[int, int, int]:
    *channels, alpha = colour
    red, green, blue = (round(one * alpha / 255 + 255 - alpha) for one in channels)
    return red, green, blue


def _ink(colour: tuple[int, ...]) -> tuple[int, int, int]:
    cyan, magenta, yellow, black = colour
    red, green, blue = (round((255 - one) * (255 - black) / 255) for one in (cyan, magenta, yellow))
    return red, green, blue


def _luma(colour: tuple[int, ...]) -> tuple[int, int, int]:
    y, cb, cr = colour[0], colour[1] - 128, colour[2] - 128
    found = (y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb)
    red, green, blue = (max(0, min(255, round(one))) for one in found)
    return red, green, blue


HANDS: dict[str, Callable[..., tuple[int, int, int]]] = {
    "RGB": lambda colour: colour[:3],
    "RGBX": lambda colour: colour[:3],
    "RGBA": _on_white,
    "LA": lambda pair: _on_white((pair[0], pair[0], pair[0], pair[1])),
    "CMYK": _ink,
    "YCbCr": _luma,
}


def small_of(data: bytes) -> bytes:
    """The same few pixels of what we wrote ourselves; raises Refused where it cannot be read."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "WEBP")) as image:
            image.draft(image.mode, (4 * SMALL[0], 4 * SMALL[1]))
            image.load()
            return _small(image, 1.0, b"", None).tobytes()
    except (OSError, SyntaxError, ValueError, EOFError, TypeError) as error:
        raise Refused("unreadable") from error


def shows_the_same(one: bytes, other: bytes) -> bool:
    return len(one) == len(other) > 0 and sum(
        abs(a - b) for a, b in zip(one, other, strict=True)
    ) <= MOST_DIFFERENT * len(one)


# --- in a process of its own ---


def _decode_apart(data: bytes, most_memory: int) -> Decoded:
    """One at a time: the same, where neither memory nor time of the web server can run out."""
    command = [sys.executable, "-m", "portal.decoding", str(most_memory)]
    if not _one_at_a_time.acquire(timeout=SECONDS / 2):
        raise Refused("time")
    try:
        done = subprocess.run(  # our own module, and nothing of the upload in the command
            command, input=data, capture_output=True, timeout=SECONDS, cwd=Path(__file__).parents[1], check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Refused("time") from error
    finally:
        _one_at_a_time.release()
    head, _line, body = done.stdout.partition(b"\n")
    if done.returncode != 0 or not head:
        raise Refused("memory")  # killed or out of memory before it could say anything
    told = json.loads(head)
    if "reason" in told:
        raise Refused(told["reason"])
    few = SMALL[0] * SMALL[1] * 3
    return Decoded(Image.frombytes(told["mode"], tuple(told["size"]), body[few:]), body[:few])


def main() -> None:
    limit = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS_EVER
    data = sys.stdin.buffer.read()
    try:
        with Image.open(BytesIO(data), formats=HERE + APART) as image:
            _reduce_while_reading(image)
            found = _read(image)
        head = {"mode": found.image.mode, "size": found.image.size}
        body = found.small + found.image.tobytes()
    except Refused as refused:
        head, body = {"reason": refused.reason}, b""
    except (MemoryError, Image.DecompressionBombError):
        head, body = {"reason": "memory"}, b""
    except (OSError, SyntaxError, ValueError, EOFError, OverflowError, TypeError, KeyError, IndexError) as error:
        head, body = {"reason": "memory" if "memory" in str(error).lower() else "unreadable"}, b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)


if __name__ == "__main__":
    main()
