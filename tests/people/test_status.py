"""The status page and the phone list: loud when nothing runs, for staff of the neighbourhood only (DESIGN.md §3)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from people import outbox, tasks
from people.models import Heartbeat, RoleGrant, User
from portal import clock
from tests.people.outbox_sink import NOTE
from tests.staff import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("test_messages")]
About = outbox.About


@pytest.fixture
def staff(neighbourhood, at):
    user = User.objects.create_user("staff@example.org", is_staff=True)
    RoleGrant.objects.create(user=user, neighbourhood=neighbourhood, role="committee_admin", given_at=at)
    return user


@pytest.fixture
def desk(client, staff):
    sign_in(client, staff)
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
    assert re.search(r"[2-5]\d seconds ago", page.text)
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
    assert page.text.count('<li class="error">') == len(stopped)
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


def test_staff_without_the_permission_are_refused(desk):
    RoleGrant.objects.update(role="editor")

    assert desk.get(reverse("people:status")).status_code == 403


def test_the_phone_list_is_a_link_only_for_those_who_may_know_people(desk, make_person, at):
    """Access: who keeps the system running sees numbers, no names."""
    outbox.queue(NOTE, make_person(email=""), [About("x:1")], at=at)
    way = reverse("admin:people_message_phone_list") + "?place=lane-600"
    assert way in desk.get(reverse("people:status")).text

    RoleGrant.objects.update(role="system_admin")
    page = desk.get(reverse("people:status"))
    assert page.context["rows"][0][1]["phone"] == 1
    assert way not in page.text


@pytest.mark.parametrize("rows", [1, 40])
def test_the_page_costs_the_same_at_any_length(desk, make_person, at, rows, django_assert_max_num_queries):
    for _ in range(rows):
        outbox.queue(NOTE, make_person(), [About("x:1")], at=at)
    with django_assert_max_num_queries(10):
        desk.get(reverse("people:status"))
