"""Staff pages of photos and files: kept privately, described, published only with consent."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from model_bakery import baker
from PIL import Image

from people.models import Consent, Photo, PrivateFile
from tests.conftest import NOW
from tests.people.admin_pages import *  # noqa: F403
from tests.people.admin_pages import do, url
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db


def picture(name: str = "花坛.png") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def test_a_photo_is_kept_privately_and_published_only_with_consent(committee, person, make_person, resident_text):
    """V5."""
    shown = make_person()
    committee.post(
        url("people_photo", "add"),
        {"upload": picture(), "alt": "两个人在浇花", "caption": "", "people": [shown.pk]},
    )
    photo = Photo.objects.get()
    before = photo.published_at

    refused = do(committee, "people_photo", "publish", photo)
    baker.make(Consent, person=shown, purpose="photo", given_by=shown, text=resident_text, given_at=NOW)
    do(committee, "people_photo", "publish", photo)
    photo.refresh_from_db()
    published = photo.published_at
    do(committee, "people_photo", "withdraw", photo)

    photo.refresh_from_db()
    assert (photo.original.purpose, before) == ("photo", None)
    words = "Not published: there is no consent to photos of 1 person to be recognised. Ask first, or choose another picture."
    assert said(refused)[-1] == words
    assert (published, photo.published_at) == (NOW, None)


def test_an_editor_prepares_a_photo_and_publishes_only_drawings(neighbourhood):
    client = client_of(staff_user("editor", neighbourhood))
    client.post(url("people_photo", "add"), {"upload": picture(), "alt": "有人在浇花", "caption": ""})
    photo = Photo.objects.get()

    refused = do(client, "people_photo", "publish", photo)
    page = client.get(url("people_photo", "change", photo.pk)).content.decode()
    Photo.objects.update(is_illustration=True)
    do(client, "people_photo", "publish", photo)

    photo.refresh_from_db()
    assert refused.status_code == 403
    assert 'name="people"' not in page
    assert photo.published_at == NOW


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n broken"])
def test_a_text_file_named_jpg_is_refused_and_the_words_stay(committee, content):
    upload = SimpleUploadedFile("photo.jpg", content, "image/jpeg")

    response = committee.post(url("people_photo", "add"), {"upload": upload, "alt": "浇花的人", "caption": ""})

    assert response.status_code == 200
    assert "浇花的人" in response.content.decode()
    assert not Photo.objects.exists()
    assert not PrivateFile.objects.exists()


def test_several_photos_are_kept_at_once_and_described_on_the_next_page(committee, photo_folders):
    """Issue 3: one form, many files; the bad one is named, each good one is asked for its words."""
    bad = SimpleUploadedFile("日记.jpg", b"words", "image/jpeg")
    sent = committee.post(
        reverse("admin:people_photo_several"),
        {"pictures": [picture("一.png"), bad, picture("二.png")], "caption": "栽花", "taken_on": "2018-11-10"},
    )
    first, second = Photo.objects.order_by("pk")
    assert said(sent) == [
        "2 photos are kept.",
        "Not kept, 日记.jpg: This file cannot be read as a picture. Please send a photo as JPEG, PNG or WebP.",
    ]
    assert sent.headers["Location"].endswith(f"?ids={first.pk},{second.pk}")
    assert (first.caption, first.taken_on.isoformat(), first.published_at, first.original.purpose) == (
        "栽花", "2018-11-10", None, "photo",
    )  # fmt: skip
    refused = do(committee, "people_photo", "publish", first)
    assert "Please write first what can be seen" in said(refused)[-1]

    page = committee.get(sent.headers["Location"]).context["formset"]
    values = {
        "ids": f"{first.pk},{second.pk}",
        **{f"form-{key}": value for key, value in page.management_form.initial.items()},
        "form-0-id": first.pk, "form-0-alt": "大人孩子在栽花", "form-0-caption": "栽花", "form-0-taken_on": "2018-11-10",
        "form-1-id": second.pk, "form-1-alt": "", "form-1-caption": "第二张", "form-1-taken_on": "",
    }  # fmt: skip
    committee.post(reverse("admin:people_photo_describe"), values)

    assert list(Photo.objects.order_by("pk").values_list("alt", "caption")) == [
        ("大人孩子在栽花", "栽花"),
        ("", "第二张"),
    ]
    waiting = committee.get(reverse("admin:people_photo_describe")).context["formset"]
    assert [form.instance for form in waiting] == [second]  # what was left empty is asked for again


def test_where_no_picture_can_be_kept_the_words_stay(committee):
    bad = SimpleUploadedFile("a.jpg", b"words", "image/jpeg")
    page = committee.post(reverse("admin:people_photo_several"), {"pictures": [bad], "caption": "栽花"})
    assert "a.jpg: This file cannot be read as a picture." in page.content.decode()
    assert 'value="栽花"' in page.content.decode()
    assert not Photo.objects.exists()


def test_photos_of_another_area_are_described_by_nobody_here(committee, elsewhere, make_photo):
    theirs = make_photo(published=False, place=elsewhere, alt="")
    page = committee.get(f"{reverse('admin:people_photo_describe')}?ids={theirs.pk}")
    assert said(page) == ["Every photo has its words."]
    odd = committee.get(f"{reverse('admin:people_photo_describe')}?ids=x,{'9' * 40},%00")
    assert odd.status_code == 302
    assert client_of(staff_user("party_admin", elsewhere)).get(reverse("admin:people_photo_several")).status_code == 403


def test_a_photos_page_says_who_agreed(committee, make_photo, person, make_person, resident_text):
    """V5; who may not see minors' records reads no child's name, also here."""
    other = make_person(name="葛兰")
    baker.make(Consent, person=person, purpose="photo", given_by=person, text=resident_text, given_at=NOW)
    photo = make_photo(published=False, people=[person, other])
    page = committee.get(url("people_photo", "change", photo.pk)).content.decode()
    assert f"<div>{person.name}: <b>agreed</b></div>" in page
    assert "<div>葛兰: <b>no consent to photos</b></div>" in page


@pytest.mark.parametrize("length", [1, 40])
def test_the_list_of_photos_costs_the_same_at_any_length(committee, make_photo, length, django_assert_max_num_queries):
    for _ in range(length):
        make_photo(published=False)
    with django_assert_max_num_queries(15):
        committee.get(url("people_photo", "changelist"))


def test_a_document_is_kept_by_its_content(committee):
    pdf = SimpleUploadedFile("公约.pdf", b"%PDF-1.4 ...", "application/pdf")
    committee.post(url("people_privatefile", "add"), {"upload": pdf})
    refused = committee.post(
        url("people_privatefile", "add"), {"upload": SimpleUploadedFile("x.pdf", b"MZ", "application/pdf")}
    )

    file = PrivateFile.objects.get()
    assert (file.name, file.content_type, file.purpose) == ("公约.pdf", "application/pdf", "document")
    assert "Only PDF, Word (DOCX) and Excel (XLSX) documents can be taken." in refused.content.decode()
