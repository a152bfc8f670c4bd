""" "Me" and home: what is to come for whoever is signed in, where one waits, and how to begin."""

from datetime import timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from activities.models import Booking, SignUp
from activities.operations import sign_ups
from tests.activities.activity_pages import *  # noqa: F403
from tests.activities.activity_pages import address, queries, words
from tests.activities.booking import book
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


# "Me" and home


def test_me_lists_what_is_to_come_with_its_promise(signed_in, make_activity, person, make_person, offer):
    sure = make_activity(title="晨扫", starts_at=NOW + timedelta(days=2))
    full = make_activity(title="合唱", capacity=1, starts_at=NOW + timedelta(days=5))
    book(sure, person)
    book(full, make_person())
    book(full, person)

    text = words(signed_in.get(reverse("people:me")))

    assert text.index("晨扫") < text.index("盖草帘") < text.index("合唱")
    assert "We will remind you on Fri 21 Dec, 18:00 by e-mail." in text
    assert "You are the next to get a seat." in text
    assert "Answer: yes or no" in text


def test_me_keeps_the_last_ones_short(signed_in, make_activity, person):
    for day in range(8):
        past = make_activity(title=f"第{day}天", starts_at=NOW - timedelta(days=day + 1), status="done")
        booking = baker.make(Booking, activity=past, made_by=person, sequence=1, offered_at=None, offer_until=None)
        baker.make(SignUp, booking=booking, activity=past, person=person, status="attended")
    text = words(signed_in.get(reverse("people:me")))
    assert [f"第{day}天" in text for day in range(8)] == [True] * 5 + [False] * 3


def test_home_shows_the_next_thing_first(signed_in, make_activity, person, make_child, offer):
    child = make_child(person, name="小鸣")
    first = make_activity(title="晨扫", starts_at=NOW + timedelta(days=1))
    book(first, person, child, guardian_consents=True)
    book(make_activity(title="合唱", starts_at=NOW + timedelta(days=2)), person)

    text = words(signed_in.get("/lane-600/"))

    hello = text.index(f"Hello, {person.name}")
    assert (
        hello < text.index("晨扫") < text.index(f"Signed up {person.name}, 小鸣") < text.index("A seat for you: 盖草帘")
    )


def test_home_without_anything_leads_to_the_calendar(signed_in, activity):
    assert "You are signed up for nothing yet." in words(signed_in.get("/lane-600/"))


# What it costs


@pytest.mark.parametrize("length", [1, 30])
def test_me_costs_the_same_at_any_length(signed_in, make_activity, make_person, person, make_child, length):
    """DESIGN §6: "me" ≤ 10 queries."""
    child = make_child(person)
    for number in range(length):
        activity = make_activity(starts_at=NOW + timedelta(days=number + 2), capacity=2)
        if number % 3 == 0:
            book(activity, make_person())
        book(activity, person, child, guardian_consents=True)
    assert queries(signed_in, reverse("people:me")) <= 10


def test_home_says_where_one_waits(signed_in, make_activity, make_person, person):
    full = make_activity(title="合唱", capacity=1)
    book(full, make_person())
    book(full, person)
    text = words(signed_in.get("/lane-600/"))
    assert f"On the waiting list {person.name} You are the next to get a seat." in text
    assert "You are signed up for nothing yet" not in text
    leaving = words(signed_in.get(address("withdraw", full)))
    assert "No reasons asked. Whoever waits behind you moves up." in leaving  # one has no seat to leave to anybody


def test_whoever_is_in_nothing_yet_finds_what_to_begin_with(
    client, make_activity, make_person, django_assert_max_num_queries
):
    """Two public ones with seats; not what is full, not open yet, cancelled or somebody's own."""
    soon, later = (
        make_activity(title="先来这一场", capacity=3),
        make_activity(title="再来那一场", starts_at=NOW + timedelta(days=9)),
    )
    full = make_activity(title="满了的", capacity=1, starts_at=NOW + timedelta(days=1))
    sign_ups.sign_up(full, [other := make_person()], made_by=other, at=NOW)
    make_activity(title="还没开始报名", signup_from=NOW + timedelta(days=1), starts_at=NOW + timedelta(days=2))
    make_activity(title="取消了的", status="cancelled", starts_at=NOW + timedelta(days=2))
    newcomer = make_person(user=True)
    client.force_login(newcomer.user)
    with django_assert_max_num_queries(10):
        page = client.get("/me/").content.decode()
    assert [title for title in ("先来这一场", "再来那一场", "满了的", "还没开始报名", "取消了的") if title in page] == [
        soon.title,
        later.title,
    ]

    sign_ups.sign_up(soon, [newcomer], made_by=newcomer, at=NOW)
    assert "再来那一场" not in client.get("/me/").content.decode()
