"""Files: verified by decoding, private by default, public only with everybody's consent (DESIGN.md §3 Files, V5)."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django import forms
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from model_bakery import baker
from PIL import Image

from people import clock
from people.fields import CleanCharField
from people.files import DocumentField, Picture, PictureField, safe_name
from people.models import Guardianship, Photo, PrivateFile, RoleGrant
from people.operations import files, photos
from people.operations.consents import give, revoke
from people.operations.family import remove_child
from people.operations.photos import PhotoRefused, add_photo, publish, withdraw
from people.storage import PrivateStorage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folders(monkeypatch, tmp_path):
    """Files of a test lie in its own folder; a field keeps the storage it was made with, so it is set there."""
    private, public = PrivateStorage(location=tmp_path / "private"), FileSystemStorage(tmp_path / "media", "/media/")
    monkeypatch.setattr(PrivateFile._meta.get_field("file"), "storage", private)
    monkeypatch.setattr(Photo._meta.get_field("picture"), "storage", public)
    return tmp_path


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
        (b"", "a.jpg", "This file is empty."),
        (animated(), "a.gif", "Moving pictures cannot be taken."),
        (b"\xff\xd8" + b"0" * (30 * 1024 * 1024), "big.jpg", "at most 15.0\xa0MB can be taken."),
    ],
    ids=["text", "svg", "truncated jpeg", "truncated png", "bmp", "header only", "empty", "animated", "30 MB"],
)
def test_what_is_no_picture_gets_a_sentence_and_the_rest_stays(data, name, sentence):
    form = UploadForm({"caption": "墙下花坛"}, {"picture": upload(data, name)})
    assert not form.is_valid()
    assert sentence in str(form.errors["picture"][0])
    assert 'value="墙下花坛"' in form.as_p()


def test_a_decompression_bomb_gets_a_sentence(settings):
    settings.IMAGE_MAX_PIXELS = 10_000
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
        (b"MZ\x90 program", "Only PDF, Word (DOCX) and Excel (XLSX) documents can be taken."),
        (office("ppt/presentation.xml"), "Only PDF, Word (DOCX) and Excel (XLSX) documents can be taken."),
        (b"PK\x03\x04 broken", "Only PDF, Word (DOCX) and Excel (XLSX) documents can be taken."),
        (office("word/document.xml", "word/vbaProject.bin"), "Documents with macros cannot be taken."),
        (b"", "This file is empty."),
        (b"%PDF-" + b"0" * (21 * 1024 * 1024), "at most 20.0\xa0MB can be taken."),
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
    client.force_login(person.user)
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
    client.force_login(person.user)
    assert client.get(original.get_absolute_url()).status_code == 404


def test_a_document_is_an_attachment(client, person, grant, neighbourhood):
    document = DocumentField().clean(upload(b"%PDF-1.7", "报名表.pdf"))
    file = files.keep_document(document, neighbourhood=neighbourhood)
    grant(person.user)
    client.force_login(person.user)
    response = client.get(file.get_absolute_url())
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")


def test_an_app_can_let_others_read_a_purpose(client, original, person, monkeypatch):
    monkeypatch.setattr(files, "_readers", {"photo": lambda viewer, file: viewer.person == person})
    client.force_login(person.user)
    assert client.get(original.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "address", ["/files/99999999999999999999/", "/files/named/../../etc/passwd", "/files/named/x%00.jpg"]
)
def test_a_guessed_address_is_not_there(client, person, grant, address):
    grant(person.user)
    client.force_login(person.user)
    assert client.get(address).status_code == 404


def test_a_lost_file_is_not_there(client, original, person, grant):
    Path(original.file.path).unlink()
    grant(person.user)
    client.force_login(person.user)
    assert client.get(original.get_absolute_url()).status_code == 404


# --- photos ---


@pytest.fixture
def photo_of(picture, neighbourhood):
    def make(*people, alt="孩子们在画井盖"):
        return add_photo(picture, neighbourhood=neighbourhood, alt=alt, people=list(people))

    return make


def public_files(folder) -> list[str]:
    return sorted(path.name for path in (folder / "media").rglob("*") if path.is_file())


def test_a_photo_is_private_until_it_is_published(photo_of, own_folders):
    photo = photo_of()
    assert (photo.published_at, bool(photo.picture)) == (None, False)
    assert public_files(own_folders) == []

    publish(photo)
    photo.refresh_from_db()
    assert photo.published_at == clock.now()
    assert (photo.width, photo.height) == (400, 300)
    assert len(public_files(own_folders)) == 1


def test_everybody_recognisable_must_have_agreed(photo_of, person, make_person, own_folders):
    """V5, and ph05 of the demo: one refusal keeps the picture private."""
    give(person, "photo", given_by=person)
    other = make_person(name="葛兰")
    photo = photo_of(person, other)
    with pytest.raises(PhotoRefused, match="Not published: 葛兰 can be recognised"):
        publish(photo)
    assert public_files(own_folders) == []


@pytest.mark.parametrize("age", [10, 16])
def test_for_a_minor_the_guardian_agrees(photo_of, make_child, person, age):
    kid = make_child(person, age=age)
    photo = photo_of(kid)
    with pytest.raises(PhotoRefused):
        publish(photo)
    give(kid, "photo", given_by=person)
    publish(photo)
    photo.refresh_from_db()
    assert photo.published_at


def test_taking_consent_back_hides_pictures_at_once(photo_of, person, own_folders, django_capture_on_commit_callbacks):
    """V5: at once, and the public file is gone too."""
    give(person, "photo", given_by=person)
    shown, other = photo_of(person), photo_of()
    publish(shown)
    publish(other)
    with django_capture_on_commit_callbacks(execute=True):
        revoke(person, "photo", revoked_by=person)

    assert list(Photo.objects.published()) == [other]
    other.refresh_from_db()
    assert public_files(own_folders) == [Path(other.picture.name).name]
    shown.refresh_from_db()
    assert not shown.picture
    assert shown.original.file.storage.exists(shown.original.file.name)  # the original stays, privately


def test_another_purpose_taken_back_hides_nothing(photo_of, person):
    for purpose in ("photo", "record"):
        give(person, purpose, given_by=person)
    photo = photo_of(person)
    publish(photo)
    revoke(person, "record", revoked_by=person)
    assert list(Photo.objects.published()) == [photo]


def test_a_removed_child_leaves_public_pictures(photo_of, person, make_child, django_capture_on_commit_callbacks):
    kid = make_child(person)
    give(kid, "photo", given_by=person)
    publish(photo_of(kid))
    with django_capture_on_commit_callbacks(execute=True):
        remove_child(person, kid)
    assert not Guardianship.objects.filter(ended_at=None).exists()
    assert not Photo.objects.published().exists()


def test_without_words_for_who_cannot_see_it_nothing_is_published(photo_of):
    with pytest.raises(PhotoRefused, match="what can be seen"):
        publish(photo_of(alt=" "))


def test_withdrawing_twice_is_harmless(photo_of, django_capture_on_commit_callbacks):
    photo = photo_of()
    publish(photo)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(photo)
        withdraw(photo)
    assert not Photo.objects.published().exists()


def test_private_files_have_no_address_below_media(original):
    assert original.file.url == reverse("people:private-file-by-name", args=[original.file.name])
