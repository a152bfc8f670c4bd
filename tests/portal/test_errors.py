"""A page that cannot be shown says what happened, what to do next and whom to phone."""

import pytest
from django.db import OperationalError
from django.test import RequestFactory, override_settings
from model_bakery import baker

from config.management.commands import prepare
from people.views import home
from portal import errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client):
    client.cookies["django_language"] = "zh-hans"
    client.raise_request_exception = False
    return client


@pytest.fixture(autouse=True)
def no_phones(monkeypatch):
    monkeypatch.setattr(errors, "_phones", {})


def broken_by(error):
    def view(*args, **kwargs):
        raise error

    return view


def test_nothing_here_offers_the_search_the_way_home_and_the_phone(client, neighbourhood):
    response = client.get("/lane-600/activities/999999/")
    page = response.content.decode()

    assert response.status_code == 404
    assert "这个地址没有页面" in page
    assert '<form class="search-box " role="search" action="/lane-600/search/" method="get">' in page
    assert 'href="/lane-600/"' in page
    assert 'href="tel:10000000001"' in page
    assert 'href="/accounts/login/?next=/lane-600/activities/999999/">登录</a></div>' in page


def test_whoever_is_signed_in_is_not_asked_to_sign_in(client, make_person, neighbourhood):
    client.force_login(make_person(user=True).user)

    assert "/accounts/login/" not in client.get("/lane-600/activities/999999/").content.decode()


def test_not_for_you_says_whom_to_ask(client, neighbourhood, make_activity, make_person):
    """Such as a team's meeting, which a member may read but not hang up."""
    team = baker.make("people.Team", neighbourhood=neighbourhood)
    activity = make_activity(visibility="team", team=team)
    member = make_person(user=True)
    baker.make("people.TeamMembership", team=team, person=member, since=None, until=None)
    client.force_login(member.user)

    response = client.get(f"{activity.get_absolute_url()}poster/")

    assert response.status_code == 403
    assert 'href="tel:10000000001"' in response.content.decode()


def test_our_mistake_is_told_in_both_languages_without_asking_the_database(
    client, neighbourhood, monkeypatch, django_assert_num_queries
):
    client.get("/lane-600/")
    monkeypatch.setattr(home, "render", broken_by(RuntimeError("a secret of ours")))

    response = client.get("/lane-600/")
    page = response.content.decode()

    assert response.status_code == 500
    assert '<section lang="zh-Hans">\n<h1>我们这边出了点问题</h1>' in page
    assert '<section lang="en">\n<h2>Something went wrong on our side</h2>' in page
    assert page.count('href="tel:10000000001"') == 2
    assert "a secret of ours" not in page
    with django_assert_num_queries(0):
        errors.server_error(RequestFactory().get("/lane-600/calendar/"))


def test_a_database_that_is_away_is_a_closed_door(client, neighbourhood, monkeypatch):
    monkeypatch.setattr(home, "render", broken_by(OperationalError("database is locked")))

    response = client.get("/lane-600/")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "120"
    assert response.headers["Cache-Control"] == "no-store"
    assert "We are closed for a moment" in response.content.decode()
    assert "locked" not in response.content.decode()


def test_each_neighbourhood_shows_its_own_phone(rf, settings):
    settings.COMPLAINT_PHONE = "12345"
    assert errors.phone_for(rf.get("/lane-600/")) == "12345"
    errors.remember_phone("lane-600", "10000000001")
    assert errors.phone_for(rf.get("/me/")) == "10000000001"
    errors.remember_phone("lane-700", "10000000007")
    assert errors.phone_for(rf.get("/lane-700/calendar/")) == "10000000007"
    assert errors.phone_for(rf.get("/me/")) == "12345"


def test_a_broken_request_is_told_in_both_languages(client, neighbourhood):
    response = client.get("/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "We could not read that" in response.content.decode()
    assert "<h1>没有看懂这个请求</h1>" in response.content.decode()


def test_a_server_is_given_a_page_for_when_the_portal_is_away(tmp_path):
    with override_settings(STATIC_ROOT=tmp_path, COMPLAINT_PHONE="12345"):
        prepare.write_closed_page()

    page = (tmp_path / "closed.html").read_text()
    assert 'href="tel:12345"' in page
