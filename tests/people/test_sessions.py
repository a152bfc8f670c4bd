"""S9: where one is signed in, signing out there and everywhere, and a shared computer."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from people.models import User
from people.views.sessions import SEEN
from portal import clock
from tests.people.joining import *  # noqa: F403
from tests.people.joining import CODE, join

pytestmark = pytest.mark.django_db
PAGE = "/me/sessions/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 12_1 like Mac OS X)"


@pytest.fixture
def enter(person, mailoutbox, code_in):
    """Signs ``person`` in from a new device."""

    def make(agent: str = "Mozilla/5.0 (Windows NT 10.0)", **more) -> Client:
        client = Client(headers={"accept-language": "en", "user-agent": agent})
        client.cookies["django_language"] = "en"
        join(client, person.email, **more)
        assert client.post(CODE, {"code": code_in(mailoutbox[-1].body)}).status_code == 302
        return client

    return make


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_the_list_names_devices_and_one_of_them_is_signed_out(enter):
    desk, phone = enter(), enter(PHONE)
    page = desk.get(PAGE).content.decode()
    assert "iPhone" in page
    assert "Windows" in page
    row = UserSession.objects.get(user_agent=PHONE)
    desk.post(PAGE, {"end": row.pk})
    assert is_in(desk)
    assert not is_in(phone)


def test_nobody_ends_another_accounts_session(enter, make_person, client):
    phone = enter(PHONE)
    client.force_login(make_person(user=True).user)
    client.post(PAGE, {"end": UserSession.objects.get().pk})
    client.post(PAGE, {"everywhere": ""})
    assert is_in(phone)


def test_signing_out_everywhere_ends_sessions_that_stand_in_no_list_too(enter, person):
    """From before the list was kept, or written by a process that knew of none."""
    desk, phone, old = enter(), enter(PHONE), Client()
    old.force_login(User.objects.get(pk=person.user_id))
    assert is_in(old)
    assert desk.post(PAGE, {"everywhere": ""}, follow=True).status_code == 200
    assert is_in(desk)
    assert not is_in(phone)
    assert not is_in(old)
    assert UserSession.objects.count() == 1
    assert is_in(enter(PHONE))


def test_when_it_was_last_seen_is_written_once_an_hour(enter, django_assert_num_queries):
    desk = enter()
    first = UserSession.objects.get().last_seen_at
    desk.get("/me/")
    assert UserSession.objects.get().last_seen_at == first
    session = desk.session
    session[SEEN] -= 3700
    session.save()
    UserSession.objects.update(last_seen_at=first - timedelta(hours=5))
    desk.get("/me/")
    assert UserSession.objects.get().last_seen_at > first


def test_a_shared_computer_is_signed_out_with_the_browser_and_soon_otherwise(enter):
    shared = enter(shared="on")
    cookie = shared.cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    left = shared.session.get_expiry_date() - clock.real_now()
    assert timedelta(minutes=110) < left <= timedelta(hours=2)
    own = enter().cookies["sessionid"]
    assert own["max-age"] == 60 * 24 * 3600


def test_the_tick_holds_with_a_password_too(person, client):
    person.user.set_password("a long enough one")
    person.user.save()
    client.post("/accounts/password/", {"login": person.email, "password": "a long enough one", "shared": "on"})
    if "_auth_user_id" in client.session:
        assert client.cookies["sessionid"]["max-age"] == ""
        assert client.session.get_expiry_age() <= 2 * 3600
    else:  # the address is to be proven first
        assert client.session["shared_computer"] is True
