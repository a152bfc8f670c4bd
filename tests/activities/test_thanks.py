"""Thanks at the foot of home: sums of who came this year, by group; nobody is named, and no group is so small that it names."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from activities.models import SignUp
from activities.pages.thanks import FEWEST, Participation, participation
from people.models import PartyMember
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def came(make_activity):
    """Makes an activity of last week to which ``people`` came; fields override."""

    def make(people, *, status="attended", **fields):
        starts = fields.pop("starts_at", NOW - timedelta(days=7))
        activity = make_activity(starts_at=starts, ends_at=starts + timedelta(hours=2), **fields)
        for number, person in enumerate(people, 1):
            booking = baker.make(
                "activities.Booking", activity=activity, sequence=number, made_by=person, made_at=starts
            )
            SignUp.objects.create(activity=activity, booking=booking, person=person, status=status)
        return activity

    return make


def join_the_party(person) -> None:
    org = baker.make("people.PartyOrg", neighbourhood=person.neighbourhood, kind="branch", name=f"支部{person.pk}")
    baker.make(PartyMember, neighbourhood=person.neighbourhood, person=person, branch=org, since=None, until=None)


def test_each_who_came_this_year_is_counted_once_in_a_group(neighbourhood, came, make_person, make_child):
    adults = [make_person() for _ in range(3)]
    child = make_child(adults[0], 10)
    unknown = make_person(None)
    join_the_party(adults[1])
    came([*adults, child, unknown])
    came([adults[0], child])
    assert participation(neighbourhood) == Participation(together=2, adults=4, children=1, members=1)


def test_only_confirmed_attendance_of_public_activities_of_this_year_and_place_counts(
    neighbourhood, elsewhere, came, make_person
):
    people = [make_person() for _ in range(3)]
    came(people, status="absent")
    came(people, status="confirmed", starts_at=NOW + timedelta(days=2))
    came(people, starts_at=NOW - timedelta(days=400))
    came(people, visibility="team", team=baker.make("people.Team", neighbourhood=neighbourhood))
    came([make_person(place=elsewhere)], neighbourhood=elsewhere, location=None)
    assert participation(neighbourhood) == Participation()


def test_a_small_group_is_not_told(client, neighbourhood, came, make_person, make_child):
    """V6: four children of a house are known to everybody; as a number they would be named."""
    adults = [make_person() for _ in range(FEWEST)]
    children = [make_child(adults[0], 10) for _ in range(FEWEST - 1)]
    join_the_party(adults[0])
    came([*adults, *children])
    client.cookies["django_language"] = "en"
    page = client.get("/lane-600/").content.decode()
    assert f"<b>{FEWEST}</b> adults" in page
    assert "children</li>" not in page
    assert "Party member" not in page.split('id="thanks-h"')[1]
    assert adults[1].name not in page


def test_home_without_anybody_who_came_says_nothing_of_it(client, neighbourhood):
    assert "thanks-h" not in client.get("/lane-600/").content.decode()


def test_the_sums_are_found_once_an_hour(neighbourhood, came, make_person, client):
    came([make_person() for _ in range(FEWEST)])
    with CaptureQueriesContext(connection) as first:
        client.get("/lane-600/")
    with CaptureQueriesContext(connection) as second:
        assert f"<b>{FEWEST}</b>" in client.get("/lane-600/").content.decode()
    assert [any("activities_signup" in one["sql"] for one in asked) for asked in (first, second)] == [True, False]
