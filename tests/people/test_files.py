"""Files: verified by decoding, private by default, public only with everybody's consent (DESIGN.md §3 Files, V5)."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from model_bakery import baker
from PIL import Image

from people.models import PrivateFile, RoleGrant
from people.operations import files, photos
from portal import clock, decoding
from portal.fields import CleanCharField
from portal.files import DocumentField, Picture, PictureField, PicturesField, safe_name
from tests.registries import instead
from tests.staff import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folders(photo_folders):
    return photo_folders


def picture_bytes(kind="JPEG", size=(400, 300), mode="RGB", **save) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "#a83c28").save(out, kind, **save)
    return out.getvalue()


def upload(data: bytes, name="photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def office(marker: str, *more: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", marker, *more):
            archive.writestr(name, "x")
    return out.getvalue()


class UploadForm(forms.Form):
    caption = CleanCharField()
    picture = PictureField()


# --- pictures ---


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_written_anew(kind):
    picture = PictureField().clean(upload(picture_bytes(kind), "我的照片.JPG"))
    assert (picture.width, picture.height) == (400, 300)
    assert picture.name == "我的照片.jpg"
    with Image.open(BytesIO(picture.data)) as image:
        assert image.format == "JPEG"


def test_exif_is_dropped_and_the_turn_applied():
    """I2, V6: no place, no camera; the picture stands upright all the same."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[2] = (31.0, 15.0, 30.0)
    picture = PictureField().clean(upload(picture_bytes(exif=exif)))
    assert (picture.width, picture.height) == (300, 400)
    assert b"SecretPhone" not in picture.data
    with Image.open(BytesIO(picture.data)) as image:
        assert not image.getexif()


def test_a_transparent_picture_stays_transparent():
    picture = PictureField().clean(upload(picture_bytes("PNG", mode="RGBA"), "a.png"))
    assert picture.content_type == "image/webp"


def test_a_large_picture_is_made_smaller():
    picture = PictureField().clean(upload(picture_bytes(size=(5000, 2500))))
    assert (picture.width, picture.height) == (3000, 1500)


def animated() -> bytes:
    out = BytesIO()
    frames = [Image.new("RGB", (50, 50), color) for color in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"Just words, no picture.", "photo.jpg", "This file cannot be read as a picture."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a.svg", "This file cannot be read as a picture."),
        (picture_bytes()[:200], "cut.jpg", "This file cannot be read as a picture."),
        (picture_bytes("PNG")[:60], "cut.png", "This file cannot be read as a picture."),
        (picture_bytes("BMP"), "a.jpg", "This file cannot be read as a picture."),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 500, "a.jpg", "This file cannot be read as a picture."),
        (b"", "a.jpg", "This file is empty. Please choose another one."),
        (animated(), "a.gif", "Moving pictures cannot be taken."),
        (
            b"\xff\xd8" + b"0" * (41 * 1024 * 1024),
            "big.jpg",
            "at most 40.0\xa0MB can be taken. Please send a smaller one.",
        ),
    ],
    ids=["text", "svg", "truncated jpeg", "truncated png", "bmp", "header only", "empty", "animated", "41 MB"],
)
def test_what_is_no_picture_gets_a_sentence_and_the_rest_stays(data, name, sentence):
    form = UploadForm({"caption": "墙下花坛"}, {"picture": upload(data, name)})
    assert not form.is_valid()
    assert sentence in str(form.errors["picture"][0])
    assert 'value="墙下花坛"' in form.as_p()


def test_a_decompression_bomb_gets_a_sentence(monkeypatch):
    monkeypatch.setattr(decoding, "MOST_PIXELS_EVER", 10_000)
    form = UploadForm({"caption": "x"}, {"picture": upload(picture_bytes("PNG", size=(200, 100)))})
    assert "This picture has too many pixels" in str(form.errors)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\me\\小满.png", "小满.jpg"),
        ("\x00\x01.jpg", "file.jpg"),
        ("", "file.jpg"),
        ('a"b;c.jpg', "a_b_c.jpg"),
        ("長" * 300 + ".jpg", "長" * 80 + ".jpg"),
        (".htaccess", "htaccess.jpg"),
    ],
)
def test_a_files_name_is_made_harmless(name, kept):
    assert safe_name(name, "jpg") == kept


class ManyForm(forms.Form):
    caption = CleanCharField()
    pictures = PicturesField()


def many(*files: SimpleUploadedFile) -> ManyForm:
    return ManyForm({"caption": "墙下花坛"}, MultiValueDict({"pictures": list(files)}))


def test_of_many_pictures_the_bad_ones_are_named_and_the_good_ones_kept():
    """Issue 3: 30 MB, a .txt named .jpg and a bomb are refused with a sentence; nobody chooses twelve photos twice."""
    form = many(
        upload(picture_bytes(), "花坛.jpg"),
        upload(b"just words", "日记.jpg"),
        upload(b"\xff\xd8" + b"0" * (41 * 1024 * 1024), "大图.jpg"),
        upload(picture_bytes("PNG"), "墙.png"),
    )
    assert form.is_valid()
    sent = form.cleaned_data["pictures"]
    assert [picture.name for picture in sent.kept] == ["花坛.jpg", "墙.jpg"]
    assert [name for name, _sentence in sent.refused] == ["日记.jpg", "大图.jpg"]
    assert "cannot be read as a picture" in sent.refused[0][1]
    assert "at most 40.0\xa0MB" in sent.refused[1][1]


def test_where_none_of_many_can_be_kept_the_form_says_so_for_each_and_the_rest_stays():
    form = many(upload(b"words", "a.jpg"), upload(b"", "b.jpg"))
    assert not form.is_valid()
    assert [str(error).split(": ")[0] for error in form.errors["pictures"]] == ["a.jpg", "b.jpg"]
    assert 'value="墙下花坛"' in form.as_p()


def test_at_most_twelve_at_a_time():
    form = many(*(upload(b"x", f"{n}.jpg") for n in range(13)))
    assert form.errors["pictures"] == ["At most 12 pictures at a time, please; these are 13."]
    assert many().errors["pictures"] == ["Please choose a file."]


# --- documents ---


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"%PDF-1.7 ...", "plan.docx", "pdf"),
        (office("word/document.xml"), "plan.zip", "docx"),
        (office("xl/workbook.xml"), "plan", "xlsx"),
    ],
)
def test_a_document_is_known_by_its_content(data, name, kind):
    document = DocumentField().clean(upload(data, name))
    assert (document.extension, document.name) == (kind, f"plan.{kind}")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            b"MZ\x90 program",
            "Only PDF, Word (DOCX) and Excel (XLSX) documents can be taken. Please save it as one of these.",
        ),
        (
            office("ppt/presentation.xml"),
            "Only PDF, Word (DOCX) and Excel (XLSX) documents can be taken. Please save it as one of these.",
        ),
        (
            b"PK\x03\x04 broken",
            "Only PDF, Word (DOCX) and Excel (XLSX) documents can be taken. Please save it as one of these.",
        ),
        (office("word/document.xml", "word/vbaProject.bin"), "Documents with macros cannot be taken."),
        (b"", "This file is empty. Please choose another one."),
        (b"%PDF-" + b"0" * (21 * 1024 * 1024), "at most 20.0\xa0MB can be taken. Please send a smaller one."),
    ],
)
def test_another_document_gets_a_sentence(data, sentence):
    with pytest.raises(forms.ValidationError) as refusal:
        DocumentField().clean(upload(data, "plan.pdf"))
    assert sentence in refusal.value.messages[0]


# --- private files ---


@pytest.fixture
def picture() -> Picture:
    return PictureField().clean(upload(picture_bytes()))


@pytest.fixture
def original(picture, neighbourhood) -> PrivateFile:
    return photos.keep_picture(picture, neighbourhood=neighbourhood)


@pytest.fixture
def grant(neighbourhood):
    def give_role(user, role="committee_admin", place=None):
        return baker.make(RoleGrant, user=user, role=role, neighbourhood=place or neighbourhood, given_at=clock.now())

    return give_role


def test_a_private_file_is_asked_for_each_time(client, original, person, grant):
    """404 for everybody without the role, also by the name in the storage; nothing tells that it exists."""
    addresses = [original.get_absolute_url(), original.file.url]
    assert addresses == [f"/files/{original.pk}/", f"/files/named/{original.file.name}"]
    for address in addresses:
        assert client.get(address).status_code == 404
    sign_in(client, person.user)
    for address in addresses:
        assert client.get(address).status_code == 404

    row = grant(person.user)
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "attachment" not in response.headers["Content-Disposition"]
    row.delete()
    assert client.get(addresses[0]).status_code == 404


def test_a_role_elsewhere_opens_nothing_here(client, original, person, grant, elsewhere):
    grant(person.user, place=elsewhere)
    sign_in(client, person.user)
    assert client.get(original.get_absolute_url()).status_code == 404


def test_a_document_is_an_attachment(client, person, grant, neighbourhood):
    document = DocumentField().clean(upload(b"%PDF-1.7", "报名表.pdf"))
    file = files.keep_document(document, neighbourhood=neighbourhood)
    grant(person.user)
    sign_in(client, person.user)
    response = client.get(file.get_absolute_url())
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")


def test_an_app_can_let_others_read_a_purpose(client, original, person):
    sign_in(client, person.user)
    with instead(files.file_readers, "photo", lambda viewer, file: viewer.person == person):
        assert client.get(original.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "address", ["/files/99999999999999999999/", "/files/named/../../etc/passwd", "/files/named/x%00.jpg"]
)
def test_a_guessed_address_is_not_there(client, person, grant, address):
    grant(person.user)
    sign_in(client, person.user)
    assert client.get(address).status_code == 404


def test_a_lost_file_is_not_there(client, original, person, grant):
    Path(original.file.path).unlink()
    grant(person.user)
    sign_in(client, person.user)
    assert client.get(original.get_absolute_url()).status_code == 404


def test_private_files_have_no_address_below_media(original):
    assert original.file.url == reverse("people:private-file-by-name", args=[original.file.name])
