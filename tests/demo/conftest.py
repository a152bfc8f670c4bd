"""The demo year, loaded once for a file of tests, and its rows by the ids of the files."""

import pytest
from django.db import transaction

from community.models import Meeting
from demo import loader
from people.models import Neighbourhood, Person
from tests.demo.days import moment
from volunteers.models import Shift

PEOPLE = ("party_members", "staff", "residents", "external", "minors")


@pytest.fixture(scope="module")
def year(django_db_setup, django_db_blocker):
    """The whole demo, loaded once; what a test changes is rolled back to here."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield loader.load()
        transaction.set_rollback(True)


@pytest.fixture
def files(year):
    return year.files


@pytest.fixture
def lane(year):
    return Neighbourhood.objects.get(slug="lane-600")


@pytest.fixture
def person(files):
    """The person of an id of the files; no two have one name."""
    names = {row["id"]: row["name"] for section in PEOPLE for row in files.section("people", section)}
    people = {one.name: one for one in Person.objects.all()}
    return lambda key: people[names[key]]


@pytest.fixture
def shift(files):
    """The shift of an id of the files."""
    titles = {row["id"]: row["title"] for row in files.section("volunteers", "activities")}
    return lambda key: Shift.objects.get(title=titles[key], kind="shift")


@pytest.fixture
def meeting(files):
    """The meeting of an id of the ledger."""
    rows = {row["id"]: row for row in files.section("meetings_2018_ledger", "meetings")}
    return lambda key: Meeting.objects.get(
        organisation__code=rows[key]["org"],
        type=rows[key]["type"],
        starts_at=moment(f"{rows[key]['date']}T{rows[key]['time'][0]}"),
    )


@pytest.fixture
def queue(shift):
    """{name: status} of an activity, in the order of the queue."""
    return lambda key: {row.person.name: row.status for row in shift(key).sign_ups.order_by("booking__sequence", "pk")}
