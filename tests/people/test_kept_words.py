"""A2: what was typed survives the end of a log-in or of the staff's proof; shown again, never sent by itself."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from people.models import Person
from people.views import kept_words
from portal import clock
from projects.models import OralHistory
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db

KEPT = "/accounts/kept/"
STORY = {
    "title": "夏夜乘凉", "text": "一只西瓜切十二块。\n大家分。", "whose": "own", "told_by": "邱阿婆", "text_agreed": "on",
}  # fmt: skip


@pytest.fixture
def url(neighbourhood):
    return reverse("projects:story-tell", args=[neighbourhood.slug])


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


def fields_of(page) -> dict[str, str]:
    return dict(page.context["pairs"])


def test_a_story_survives_the_end_of_the_log_in(client, url, person):
    answer = client.post(url, STORY)
    assert answer.url.startswith("/accounts/join/")
    assert "What you typed is kept for an hour." in said(answer)[0]
    client.force_login(person.user)  # the session goes on, as after a code

    assert client.get(url).url == KEPT
    page = client.get(KEPT)
    assert "一只西瓜切十二块。<br>大家分。" in page.content.decode()
    assert fields_of(page) == STORY
    assert not OralHistory.objects.exists()  # never sent by itself

    client.post(page.context["kept"]["path"], fields_of(page))

    assert OralHistory.objects.get().text == STORY["text"]
    assert client.get(url).status_code == 200
    assert client.get(KEPT).url == "/me/"


def test_what_is_wrong_with_it_is_said_by_the_form_itself(client, url, person):
    client.post(url, STORY | {"title": ""})
    client.force_login(person.user)
    page = client.post(url, fields_of(client.get(KEPT)))
    assert page.context["form"].errors.keys() == {"title"}
    assert "一只西瓜切十二块。" in page.content.decode()


def test_it_can_be_thrown_away(client, url, person):
    client.post(url, STORY)
    client.force_login(person.user)
    assert client.post(KEPT).url == url
    assert client.get(url).status_code == 200
    assert not OralHistory.objects.exists()


def test_staff_whose_proof_has_ended_find_their_form_again(neighbourhood, person):
    user = staff_user("committee_admin", neighbourhood)
    client = client_of(user)
    change = reverse("admin:people_neighbourhood_change", args=[neighbourhood.pk])
    session = client.session
    records = session.pop("account_authentication_methods")
    session.save()

    answer = client.post(change, {"slogan": "一条路，一家人", "_save": "Save"})
    assert answer.url.startswith("/admin/login/")
    assert client.get(KEPT).status_code == 200  # their own account may read it already

    session = client.session
    session["account_authentication_methods"] = records
    session.save()
    assert client.get(change).url == KEPT
    assert fields_of(client.get(KEPT))["slogan"] == "一条路，一家人"


def test_nobody_else_ever_reads_it(client, url, person, make_person):
    """Signing out erases it, and so does another account's signing in."""
    client.force_login(person.user)
    session = client.session
    session[kept_words.KEY] = {
        "path": url,
        "fields": [("text", ["我的话"])],
        "at": clock.real_now().timestamp(),
        "user": person.user_id,
    }
    session.save()
    assert "我的话" in client.get(KEPT).content.decode()

    client.force_login(make_person(user=True).user)
    assert client.get(KEPT).url == "/me/"
    client.force_login(person.user)
    assert client.get(KEPT).url == "/me/"

    client.logout()
    client.post(url, STORY)
    assert client.get(KEPT).url == "/me/"  # signed out, nobody reads it
    client.force_login(person.user)
    client.post("/accounts/logout/")
    client.force_login(person.user)
    assert client.get(KEPT).url == "/me/"


def test_after_an_hour_it_is_gone(client, url, person, monkeypatch):
    client.post(url, STORY)
    client.force_login(person.user)
    later = clock.real_now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert client.get(url).status_code == 200
    assert client.get(KEPT).url == "/me/"


@pytest.mark.parametrize(
    "data",
    [
        {"title": "", "text": "", "whose": "own"},  # nothing was written
        {"text": "长" * 70_000},  # more than a session is for
    ],
)
def test_what_is_not_worth_keeping_is_not_kept(client, url, person, data):
    client.post(url, data)
    client.force_login(person.user)
    assert client.get(url).status_code == 200


def test_files_passwords_and_codes_are_never_kept(client, url, person):
    from tests.filling import paper

    client.post(url, STORY | {"picture": paper(), "code": "123 456", "new_password": "天 机"})
    client.force_login(person.user)
    page = client.get(KEPT)
    assert fields_of(page).keys() == STORY.keys()
    assert "Pictures and files are not kept." in page.content.decode()


def test_another_tab_has_signed_in_meanwhile(url, person):
    """The form's token is the one of before the log-in."""
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.get("/accounts/join/")
    token = client.cookies["csrftoken"].value
    sign_in(client, person)
    assert client.cookies["csrftoken"].value != token

    answer = client.post(url, STORY | {"csrfmiddlewaretoken": token})

    assert answer.url == KEPT
    assert fields_of(client.get(KEPT)) == STORY
    assert not OralHistory.objects.exists()


@pytest.mark.parametrize("token", ["", "x" * 64, "not a token"])
def test_what_another_site_sends_is_neither_done_nor_shown(url, person, token):
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.get("/accounts/join/")
    sign_in(client, person)

    answer = client.post(url, STORY | {"csrfmiddlewaretoken": token})

    assert answer.status_code == 403
    assert "Please send that once more" in answer.content.decode()
    assert client.get(KEPT).url == "/me/"


def sign_in(client: Client, person: Person) -> None:
    """By Django's log-in as a request does it, with the cookies of this browser."""
    from django.contrib.auth import login
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.COOKIES.update({name: one.value for name, one in client.cookies.items()})
    request.session, request.user = client.session, AnonymousUser()
    login(request, person.user, backend="people.adapters.LoginBackend")
    request.session.save()
    client.cookies["sessionid"] = request.session.session_key
    client.cookies["csrftoken"] = request.META["CSRF_COOKIE"]
