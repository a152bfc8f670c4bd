"""Whatever is sent to the pages of accounts, families and files: a sentence or "not there", never an error page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from people.models import Consent, Guardianship, Person, User

pytestmark = pytest.mark.django_db

NASTY = {
    "nothing": "",
    "nul": "a\x00b",
    "emoji": "👨‍👩‍👧‍👦🏳️‍🌈",
    "long": "长" * 5000,
    "backwards": "\u202eabc\u2066",
    "zalgo": "e" + "\u0301" * 500,
    "half a surrogate": "\ufffd\ufeff",
    "huge number": "9" * 40,
    "negative": "-1",
    "float": "1e999",
    "markup": "<script>alert(1)</script>{{ 7|add:7 }}{% now %}",
    "quotes": "'; DROP TABLE people_user; --",
    "newlines": "a\r\nSet-Cookie: x=y\r\n\r\n",
    "path": "../../../../etc/passwd",
}
FORMS = {
    "/accounts/join/": ["email", "next"],
    "/accounts/join/name/": ["name", "adult", "agrees", "neighbourhood", "is_known"],
    "/accounts/join/code/": ["code", "action"],
    "/accounts/password/": ["login", "password", "next"],
    "/me/": ["name", "adult", "agrees"],
    "/me/family/add/": ["name", "nickname", "birth_date", "relation", "data", "photo"],
    "/me/family/{child}/": ["name", "nickname", "birth_date", "relation", "data"],
    "/me/consents/": ["person", "purpose", "action"],
    "/me/settings/": ["name", "nickname", "language", "wanted"],
}
GOOD = {
    "name": "王小明",
    "email": "new@example.org",
    "birth_date": "2010-05-31",
    "relation": "母亲",
    "data": "on",
    "language": "en",
    "purpose": "photo",
    "action": "give",
    "login": "a@example.org",
    "password": "x",
    "code": "123456",
}


@pytest.fixture
def child(person, make_child):
    return make_child(person)


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("address", FORMS)
def test_no_field_breaks_a_page(client, person, child, neighbourhood, address, nasty, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    if not address.startswith("/accounts/"):
        client.force_login(person.user)
    elif address.endswith("/code/"):
        client.post("/accounts/join/", GOOD)
    values = {field: GOOD.get(field, "") for field in FORMS[address]}
    for field in FORMS[address]:
        response = client.post(address.format(child=child.pk), values | {field: NASTY[nasty]})
        assert response.status_code in {200, 302, 404}, (field, response.status_code)
        assert "<script>alert" not in response.content.decode()
    assert User.objects.count() == 1
    assert not any("\x00" in name for name in Person.objects.values_list("name", flat=True))


@pytest.mark.parametrize("address", FORMS)
def test_files_and_repeated_fields_in_place_of_words_break_nothing(client, person, child, address):
    client.force_login(person.user)
    if address.startswith("/accounts/"):
        client.logout()
    for field in FORMS[address]:
        file = SimpleUploadedFile("x.txt", b"\x00\xff")
        assert client.post(address.format(child=child.pk), {field: file}).status_code in {200, 302, 404}
        twice = QueryDict(f"{field}=1&{field}=2").urlencode()
        kind = "application/x-www-form-urlencoded"
        assert client.post(address.format(child=child.pk), twice, content_type=kind).status_code in {200, 302, 404}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe\x00name=%ff%fe%00", "application/x-www-form-urlencoded"),
        (b"no multipart at all", "multipart/form-data; boundary=x"),
        (b"no multipart at all", "multipart/form-data"),
        (b'{"name": "x"}', "application/json"),
        (b"a=1&" * 6000, "application/x-www-form-urlencoded"),
    ],
)
def test_a_broken_body_is_refused_without_an_error(client, neighbourhood, body, kind):
    assert client.generic("POST", "/accounts/join/", body, content_type=kind).status_code in {200, 400}


@pytest.mark.parametrize("nasty", NASTY)
def test_no_query_breaks_a_page(client, neighbourhood, nasty):
    for address in ("/", "/lane-600/", "/privacy/", "/accounts/join/", "/accounts/join/code/", "/language/en/"):
        for field in ("next", "page", "q", "week", "kind"):
            assert client.get(address, {field: NASTY[nasty]}).status_code in {200, 302, 404}


@pytest.mark.parametrize(
    "address", ["/lane-600%00/", "/%F0%9F%98%80/", "/me/family/%D9%A3/", "/me/family/-1/", "/files/%00/"]
)
def test_no_address_breaks_a_page(client, person, address):
    client.force_login(person.user)
    assert client.get(address).status_code == 404


def test_nothing_changed_for_the_child_through_all_this(client, person, child, make_person):
    """A foreign neighbourhood's or family's id in every form field changes nothing of theirs."""
    stranger = make_person(user=True)
    client.force_login(stranger.user)
    for address, fields in FORMS.items():
        for field in fields:
            client.post(address.format(child=child.pk), GOOD | {field: str(child.pk)})
    child.refresh_from_db()
    assert child.name != "王小明"
    assert Guardianship.objects.get(child=child).guardian == person
    assert not Consent.objects.filter(person=child, purpose="photo").exists()
