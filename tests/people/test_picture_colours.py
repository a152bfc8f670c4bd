"""Pictures of every mode, colour space and size are stored as they look, or refused in a sentence (docs/rules/pictures.md)."""

import io
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageStat

from people.admin.fields import ScanField
from people.operations import photos
from portal import decoding
from portal.files import Picture, PictureField
from portal.refusals import Refusal

SIZE = (300, 200)
GREY = Image.linear_gradient("L").resize(SIZE)
COLOURS = Image.merge("RGB", (GREY, GREY.transpose(Image.Transpose.ROTATE_180), Image.new("L", SIZE, 90)))
SRGB = ImageCms.createProfile("sRGB")
#: 64 x 48, red with a blue edge, and to be turned by 90 degrees; written once with an encoder we do not carry.
HEIC = b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAchtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAAAAAERAAAIAAQAA"
    "AAAB7AABAAAAAAAAADwAAgAAAAACKAABAAAAAAAAADwAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5w"
    "aXRtAAAAAAABAAABB2lwcnAAAADmaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEB"
    "A3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAo"
    "Y2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAAAlpcm90AwAAABlpcG1hAAAAAAAAAAEAAQaBAgMFhIYAAAAaaXJl"
    "ZgAAAAAAAAAOY2RzYwACAAEAAQAAAIBtZGF0AAAAOCgBrwngZ4juy8v/xi/e8hz/8TEllUTM6OR6AmgcMwJyfDFZZUaT6WdBXZU2lWVGI4cce1UYth84AAAABkV4"
    "aWYAAE1NACoAAAAIAAIBDwACAAAADAAAACYBEgADAAAAAQAGAAAAAAAAU2VjcmV0UGhvbmUA"
)


@pytest.fixture(autouse=True)
def own_folders(photo_folders):
    return photo_folders


def written(image: Image.Image, kind: str, **save) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def stored(data: bytes, name: str = "a.tif") -> Image.Image:
    """What a page would show of it, on white."""
    kept = PictureField().clean(SimpleUploadedFile(name, data))
    shown = Image.open(io.BytesIO(kept.data))
    if shown.mode == "RGBA":
        paper = Image.new("RGB", shown.size, "white")
        paper.paste(shown, mask=shown.getchannel("A"))
        return paper
    assert "icc_profile" not in shown.info
    return shown.convert("RGB")


def differ(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of all channels, of 255."""
    assert one.size == other.size
    return sum(ImageStat.Stat(ImageChops.difference(one, other.convert("RGB"))).mean) / 3


def of_sixteen_bits(order: str) -> Image.Image:
    mode = "I;16" if order == "little" else "I;16B"
    return Image.frombytes(mode, SIZE, b"".join((value * 257).to_bytes(2, order) for value in GREY.tobytes()))


def with_alpha(image: Image.Image) -> Image.Image:
    clear = image.copy()
    clear.putalpha(GREY.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    return clear


def on_white(image: Image.Image) -> Image.Image:
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image.convert("RGBA"), mask=image.convert("RGBA").getchannel("A"))
    return paper


def in_lab() -> Image.Image:
    found = ImageCms.profileToProfile(COLOURS, SRGB, ImageCms.createProfile("LAB"), outputMode="LAB")
    assert found is not None
    return found


def with_a_clear_colour() -> tuple[Image.Image, Image.Image]:
    few = COLOURS.quantize(8)
    colours = few.convert("RGB")
    most = max(few.getcolors())[1]
    mask = few.point(lambda value: 255 if value == most else 0, "L")
    return few, Image.composite(Image.new("RGB", SIZE, "white"), colours, mask)


@pytest.mark.parametrize(
    ("kind", "image", "looks"),
    [
        ("PNG", of_sixteen_bits("little"), GREY),
        ("TIFF", of_sixteen_bits("little"), GREY),
        ("TIFF", of_sixteen_bits("big"), GREY),
        ("TIFF", GREY.convert("I").point(lambda value: value * 257), GREY),
        ("TIFF", GREY.convert("I"), GREY),
        ("TIFF", GREY.convert("F"), GREY),
        ("TIFF", GREY.convert("F").point(lambda value: value * (1 / 255)), GREY),
        ("PNG", GREY.convert("1"), GREY.convert("1")),
        ("PNG", GREY, GREY),
        ("PNG", with_alpha(GREY), on_white(with_alpha(GREY))),
        ("TIFF", with_alpha(GREY), on_white(with_alpha(GREY))),
        ("PNG", with_alpha(COLOURS), on_white(with_alpha(COLOURS))),
        ("GIF", COLOURS.quantize(128), COLOURS.quantize(128)),
        ("TIFF", COLOURS.convert("CMYK"), COLOURS),
        ("JPEG", COLOURS.convert("CMYK"), COLOURS),
        ("TIFF", COLOURS.convert("YCbCr"), COLOURS),
        ("TIFF", in_lab(), COLOURS),
        ("WEBP", COLOURS, COLOURS),
        ("AVIF", COLOURS, COLOURS),
    ],
)
def test_every_mode_is_stored_as_it_looks(kind, image, looks):
    """P1 of pictures: a grey scan of 16 bits became white."""
    assert differ(stored(written(image, kind)), looks) < 4


def test_what_a_palette_makes_clear_stays_clear():
    few, looks = with_a_clear_colour()
    data = written(few, "PNG", transparency=max(few.getcolors())[1])
    assert differ(stored(data), looks) < 6


def test_a_colour_of_grey_that_is_clear_stays_clear():
    image = Image.new("L", SIZE, 200)
    image.paste(40, (0, 0, 100, 200))
    looks = Image.new("RGB", SIZE, "white")
    looks.paste((200, 200, 200), (100, 0, 300, 200))
    assert differ(stored(written(image, "PNG", transparency=40)), looks) < 4


def test_a_scanned_sheet_of_sixteen_bits_keeps_its_words():
    """P1 of pictures: the consent sheet was "entered", and nothing stood on it."""
    paper = Image.new("L", (800, 1100), 235)
    ImageDraw.Draw(paper).text((100, 100), "I agree to photos", fill=20, font_size=60)
    wide = Image.frombytes(
        "I;16", paper.size, b"".join((value * 257).to_bytes(2, "little") for value in paper.tobytes())
    )
    kept = ScanField().clean(SimpleUploadedFile("sheet.png", written(wide, "PNG")))
    assert isinstance(kept, Picture)
    assert differ(Image.open(io.BytesIO(kept.data)), paper) < 2


@pytest.mark.parametrize("value", [-5.0, 70_000.0, float("nan")])
def test_values_nobody_can_read_are_refused_in_a_sentence(value):
    image = Image.new("F", (20, 20), 10.0)
    image.putpixel((3, 3), value)
    if value != value:
        image = Image.new("F", (20, 20), value)
    with pytest.raises(ValidationError, match="The brightness of this picture cannot be read"):
        stored(written(image, "TIFF"))


def test_several_pages_are_refused_in_a_sentence():
    with pytest.raises(ValidationError, match="several pages. Please send them one by one"):
        stored(written(GREY, "TIFF", save_all=True, append_images=[GREY]))


def test_what_would_not_look_the_same_is_not_stored(monkeypatch):
    """P1 of pictures: whatever a mode of tomorrow does, what was written is looked at once."""
    monkeypatch.setattr(decoding, "_eight_bits", lambda image, scale, transparency: Image.new("L", image.size, 255))
    with pytest.raises(ValidationError, match="would not look the same here"):
        stored(written(of_sixteen_bits("little"), "PNG"))


@pytest.mark.django_db
def test_what_the_disk_does_not_give_back_is_not_stored(neighbourhood, monkeypatch):
    """P1 of pictures: the page says "stored" only of what can be read again."""
    kept = PictureField().clean(SimpleUploadedFile("a.png", written(COLOURS, "PNG")))
    monkeypatch.setattr("people.operations.photos.ContentFile", lambda data, name: ContentFile(data[:-20], name=name))
    with pytest.raises(Refusal, match="could not be stored. Please send it again"):
        photos.keep_picture(kept, neighbourhood=neighbourhood)


# --- colour profiles ---


def profile_with(red: tuple, green: tuple, blue: tuple, gamma: float = 2.2) -> bytes:
    """A crafted ICC profile of these primaries (X, Y, Z under D50)."""

    def s15(value: float) -> bytes:
        return round(value * 65536).to_bytes(4, "big", signed=True)

    def xyz(values: tuple) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(s15(value) for value in values)

    curve = b"curv\0\0\0\0" + (1).to_bytes(4, "big") + round(gamma * 256).to_bytes(2, "big") + b"\0\0"
    words = b"desc\0\0\0\0" + (5).to_bytes(4, "big") + b"made\0" + bytes(4 + 4 + 2 + 1 + 67)
    tags = {
        b"desc": words + bytes(-len(words) % 4), b"wtpt": xyz((0.9642, 1.0, 0.8249)), b"cprt": b"text\0\0\0\0none",
        b"rXYZ": xyz(red), b"gXYZ": xyz(green), b"bXYZ": xyz(blue), b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
    }  # fmt: skip
    table, body, offset = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        data += bytes(-len(data) % 4)
        table += name + (offset + len(body)).to_bytes(4, "big") + len(data).to_bytes(4, "big")
        body += data
    size = offset + len(body)
    head = size.to_bytes(4, "big") + bytes(4) + bytes.fromhex("02100000") + b"mntrRGB XYZ " + bytes(12) + b"acsp"
    head += bytes(28) + s15(0.9642) + s15(1.0) + s15(0.8249) + bytes(48)
    return head + len(tags).to_bytes(4, "big") + table + body


DISPLAY_P3 = profile_with((0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841))
ADOBE_RGB = profile_with((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446))


@pytest.mark.parametrize(
    ("profile", "raw", "seen"),
    [
        (DISPLAY_P3, (150, 80, 70), (160, 78, 67)),
        (ADOBE_RGB, (150, 120, 70), (164, 120, 64)),
    ],
    ids=["Display-P3", "Adobe RGB"],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_colours_are_converted_by_their_profile(profile, raw, seen, kind):
    """P2 of pictures: a phone's wide colours turned pale."""
    data = written(Image.new("RGB", SIZE, raw), kind, icc_profile=profile)
    found = stored(data).getpixel((50, 50))
    assert all(abs(a - b) <= 6 for a, b in zip(found, seen, strict=True)), found
    assert found[0] > raw[0] + 5  # more than what the bare numbers say


def test_what_is_clear_stays_so_beside_a_profile():
    image = with_alpha(Image.new("RGB", SIZE, (150, 80, 70)))
    kept = PictureField().clean(SimpleUploadedFile("a.png", written(image, "PNG", icc_profile=DISPLAY_P3)))
    shown = Image.open(io.BytesIO(kept.data))
    assert shown.mode == "RGBA"
    assert abs(ImageStat.Stat(shown.getchannel("A")).mean[0] - ImageStat.Stat(image.getchannel("A")).mean[0]) < 2


@pytest.mark.parametrize("profile", [b"no profile at all", DISPLAY_P3[:150]], ids=["words", "cut off"])
def test_a_profile_that_cannot_be_read_is_left_alone(profile):
    assert differ(stored(written(COLOURS, "PNG", icc_profile=profile)), COLOURS) < 4


def test_a_profile_of_another_space_is_left_alone():
    assert differ(stored(written(GREY, "PNG", icc_profile=DISPLAY_P3)), GREY) < 4


# --- phones ---


def test_what_a_phone_writes_is_taken_upright_and_without_its_name():
    """P3 of pictures: HEIC."""
    kept = PictureField().clean(SimpleUploadedFile("IMG_1.HEIC", HEIC))
    assert (kept.name, kept.content_type, kept.width, kept.height) == ("IMG_1.jpg", "image/jpeg", 48, 64)
    assert b"SecretPhone" not in kept.data
    shown = Image.open(io.BytesIO(kept.data)).convert("RGB")
    assert differ(shown.crop((0, 0, 30, 64)), Image.new("RGB", (30, 64), (200, 40, 30))) < 6
    assert differ(shown.crop((40, 0, 48, 64)), Image.new("RGB", (8, 64), (20, 80, 160))) < 8


def test_a_heic_that_ends_too_early_gets_a_sentence():
    with pytest.raises(ValidationError, match="cannot be read as a picture"):
        stored(HEIC[:500], "a.heic")


@pytest.mark.parametrize(
    ("size", "kept"),
    [((8192, 6144), (3000, 2250)), ((12000, 9000), (3000, 2250)), ((24000, 2400), (3000, 300))],
    ids=["8192 x 6144", "108 megapixels", "panorama"],
)
def test_large_jpegs_are_taken_at_a_smaller_size(size, kept):
    """P3 of pictures."""
    image = Image.new("RGB", size, "#a83c28")
    image.paste("#20508c", (0, 0, size[0] // 3, size[1]))
    shown = stored(written(image, "JPEG", quality=70), "a.jpg")
    assert shown.size == kept
    assert shown.getpixel((10, 10))[2] > 100
    assert shown.getpixel((kept[0] - 10, 10))[0] > 140


@pytest.mark.parametrize(
    ("kind", "save"), [("PNG", {"compress_level": 1}), ("JPEG", {"progressive": True, "quality": 60})]
)
def test_large_pictures_of_other_kinds_are_made_smaller_apart(kind, save):
    """P3 of pictures: progressive JPEGs lie in memory whole."""
    shown = stored(written(Image.new("RGB", (9000, 6000), "#a83c28"), kind, **save))
    assert shown.size == (3000, 2000)


def test_what_needs_more_memory_than_there_is_gets_a_sentence(settings):
    settings.IMAGE_MEMORY_BYTES = 300 * 1024 * 1024
    data = written(Image.new("RGB", (12000, 9000), "#a83c28"), "PNG", compress_level=1)
    with pytest.raises(ValidationError, match="too large to be read here. Please save it as JPEG"):
        stored(data)


def test_what_takes_too_long_gets_a_sentence(monkeypatch):
    def too_long(*args, **options):
        raise subprocess.TimeoutExpired("decoding", options["timeout"])

    monkeypatch.setattr(decoding.subprocess, "run", too_long)
    with pytest.raises(ValidationError, match="too large to be read here"):
        stored(written(GREY, "TIFF"))


def test_so_many_pixels_are_never_taken():
    data = written(Image.new("1", (20_000, 12_600)), "PNG")
    with pytest.raises(ValidationError, match="at most 250 million can be taken"):
        stored(data)


#: In a process of its own, which may take so many bytes more than it has once everything is imported.
WITHIN = """
import resource, sys
from portal import decoding
data = open(sys.argv[1], "rb").read()
has = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (has + int(sys.argv[2]),) * 2)
print(decoding.decode(data, most_pixels=24_000_000, most_memory=1 << 30).image.size)
"""


def within(path: Path, megabytes: int) -> str:
    command = [sys.executable, "-c", WITHIN, str(path), str(megabytes * 1024 * 1024)]
    return subprocess.run(
        command, cwd=Path(decoding.__file__).parents[1], capture_output=True, text=True, check=False
    ).stdout.strip()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Reads what Linux tells of a process.")
def test_a_jpeg_of_108_megapixels_stays_within_memory(tmp_path):
    """P3 of pictures: decoded whole it would take 324 MB, and as much again to be turned."""
    path = tmp_path / "large.jpg"
    path.write_bytes(written(Image.new("RGB", (12000, 9000), "#a83c28"), "JPEG", quality=70))
    assert within(path, 120) == "(3000, 2250)"
    assert within(path, 5) == ""  # the limit does count
