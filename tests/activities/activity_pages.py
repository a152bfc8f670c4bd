"""What the tests of residents' pages share: their addresses and words, who is signed in, and an offer to answer."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from model_bakery import baker

from activities.models import Booking
from activities.operations import sign_ups
from people.models import RoleGrant, User
from tests.conftest import NOW

__all__ = ["clerk", "offer", "signed_in"]


@pytest.fixture
def signed_in(client, person):
    client.force_login(person.user)
    return client


@pytest.fixture
def clerk(neighbourhood) -> User:
    user = User.objects.create_user("clerk@example.org", is_staff=True)
    baker.make(RoleGrant, user=user, neighbourhood=neighbourhood, role="committee_admin", given_at=NOW, until=None)
    return user


def address(name: str, activity) -> str:
    return reverse(f"activities:{name}", args=["lane-600", activity.pk])


def words(response) -> str:
    assert response.status_code == 200, response
    main = response.content.decode().split('<main id="main"')[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@pytest.fixture
def offer(make_activity, make_person, person) -> Booking:
    activity = make_activity(capacity=2, promotion="offer", minors="no")
    early = make_person()
    first = sign_ups.sign_up(activity, [early, make_person()], made_by=early, at=NOW)
    booking = sign_ups.sign_up(activity, [person, make_person(name="朋友")], made_by=person, at=NOW)
    sign_ups.withdraw(list(first.sign_ups.all()), at=NOW, by=early)
    booking.refresh_from_db()
    return booking


def queries(client, url) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)
