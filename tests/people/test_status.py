"""The status page and the phone list: loud when nothing runs, for staff of the neighbourhood only (DESIGN.md §3)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from people import clock, outbox, tasks
from people.models import Heartbeat, Message, RoleGrant, User
from tests.people.post import NOTE, register_kinds

register_kinds()
pytestmark = pytest.mark.django_db
About = outbox.About


@pytest.fixture
def staff(neighbourhood, at, monkeypatch):
    monkeypatch.setattr("people.admin_site.proved_second_factor", lambda request: True)
    user = User.objects.create_user("staff@example.org", is_staff=True)
    RoleGrant.objects.create(user=user, neighbourhood=neighbourhood, role="committee_admin", given_at=at)
    return user


@pytest.fixture
def desk(client, staff):
    client.force_login(staff)
    client.cookies["django_language"] = "en"
    return client


def beat(**ages: int) -> None:
    for name, age in ages.items():
        Heartbeat.objects.create(name=name, beaten_at=clock.real_now() - timedelta(seconds=age))


def test_all_well(desk):
    beat(worker=20, beat=10)
    page = desk.get(reverse("people:status"))

    assert page.status_code == 200
    assert page.context["stopped"] == []
    assert "heard of 20 seconds ago" in page.text
    assert "No reminder goes out" not in page.text


@pytest.mark.parametrize(
    ("ages", "stopped"),
    [({"worker": 301, "beat": 5}, ["worker"]), ({"worker": 5, "beat": 301}, ["beat"]), ({}, ["worker", "beat"])],
)
def test_a_worker_or_beat_that_stands_still_is_said_loudly(desk, ages, stopped):
    """Messages: a status page says when no worker or beat has run for 5 minutes."""
    beat(**ages)
    page = desk.get(reverse("people:status"))

    assert [part["name"] for part in page.context["stopped"]] == stopped
    assert 'role="alert"' in page.text
    assert page.text.count("No reminder goes out") == len(stopped)


def test_a_worker_says_that_it_lives(db):
    tasks.heartbeat_worker()
    tasks.heartbeat_worker()

    assert clock.real_now() - Heartbeat.objects.get(name="worker").beaten_at < timedelta(seconds=5)


def test_the_numbers_are_those_of_the_own_neighbourhood(desk, make_person, neighbourhood, elsewhere, at):
    """Access: scoped by neighbourhood; a row that leaks across neighbourhoods is a defect."""
    for place in (neighbourhood, elsewhere, elsewhere):
        outbox.queue(NOTE, make_person(place=place), [About("x:1")], at=at)
    page = desk.get(reverse("people:status"))

    assert [(place, counts["waiting"]) for place, counts in page.context["rows"]] == [(neighbourhood, 1)]
    assert "七百弄" not in page.text


def test_who_is_no_staff_is_led_to_the_log_in(client, person):
    assert client.get(reverse("people:status")).status_code == 302
    client.force_login(person.user)
    assert client.get(reverse("people:status")).status_code == 302


def test_staff_without_the_permission_are_refused(desk, staff):
    RoleGrant.objects.update(role="editor")

    for address in (reverse("people:status"), reverse("people:phone-list", args=["lane-600"])):
        assert desk.get(address).status_code == 403


@pytest.fixture
def call(make_person, at) -> Message:
    return outbox.queue(NOTE, make_person(email="", phone="10000000138"), [About("x:1")], at=at)


def test_the_phone_list_says_whom_to_phone_and_what_to_say(desk, call):
    page = desk.get(reverse("people:phone-list", args=["lane-600"])).text

    assert call.recipient.name in page
    assert 'href="tel:10000000138"' in page
    assert "Say hello to" in page


def test_the_building_leader_is_named_where_there_is_no_phone(desk, make_person, neighbourhood, at):
    leader = make_person(name="楼组长", phone="10000000139")
    building = baker.make("people.Building", neighbourhood=neighbourhood, leader=leader, name="3号楼")
    outbox.queue(NOTE, make_person(email="", building=building), [About("x:1")], at=at)

    assert "through the building leader, 楼组长" in desk.get(reverse("people:phone-list", args=["lane-600"])).text


def test_an_empty_phone_list(desk, neighbourhood):
    assert "Nobody has to be phoned now." in desk.get(reverse("people:phone-list", args=["lane-600"])).text


def test_who_was_told_is_ticked_off_by_post(desk, staff, call):
    address = reverse("people:told", args=[call.pk])
    assert desk.get(address).status_code == 405

    page = desk.post(address, follow=True)
    call.refresh_from_db()
    assert (call.state, call.handled_by) == ("sent", staff)
    assert [str(one) for one in page.context["messages"]] == [f"Noted: {call.recipient} has been told."]

    again = desk.post(address, follow=True)
    assert [str(one) for one in again.context["messages"]] == ["This message was sent in the meantime."]


def test_another_neighbourhoods_calls_are_neither_shown_nor_ticked_off(desk, make_person, elsewhere, at):
    """Access: a foreign neighbourhood's id in an address."""
    theirs = outbox.queue(NOTE, make_person(email="", place=elsewhere), [About("x:1")], at=at)

    assert desk.get(reverse("people:phone-list", args=["lane-700"])).status_code == 404
    assert desk.post(reverse("people:told", args=[theirs.pk])).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == "pending"
