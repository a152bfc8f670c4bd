"""A team with a rota: two hands every morning at 06:30, in winter at 07:00."""

from datetime import date, time

import pytest
from model_bakery import baker

from people.models import Team, TeamMembership
from tests.conftest import NOW
from volunteers.models import Rota, duties


@pytest.fixture
def team(neighbourhood, make_person) -> Team:
    leader = make_person(user=True, name="邬丽萍")
    team = baker.make(
        Team, neighbourhood=neighbourhood, code="flower", name="护花小队", leader=leader, founded_on=date(2018, 11, 17)
    )
    baker.make(TeamMembership, team=team, person=leader, since=date(2018, 11, 17), until=None)
    return team


@pytest.fixture
def member(team, make_person):
    """Makes a member of the team."""

    def make(name: str, **fields):
        since, until = fields.pop("since", date(2018, 11, 17)), fields.pop("until", None)
        person = make_person(user=True, name=name, **fields)
        baker.make(TeamMembership, team=team, person=person, since=since, until=until)
        return person

    return make


@pytest.fixture
def rota(team, location) -> Rota:
    return baker.make(
        Rota,
        team=team,
        title="护花小队晨扫",
        location=location,
        begins_at=time(6, 30),
        winter_begins_at=time(7),
        winter_from=date(2018, 12, 10),
        winter_until=date(2019, 2, 28),
        minutes=45,
        people_needed=2,
        since=date(2018, 11, 18),
        until=None,
        weeks_ahead=2,
        planned_on=None,
        is_active=True,
    )


@pytest.fixture
def slot(rota):
    """The slot of a day of December 2018, or None."""
    return lambda day: duties(rota.team_id).filter(slot_key=f"{rota.team_id}:2018-12-{day:02}").first()


@pytest.fixture
def down(slot):
    """{name} of those who are down for a day of December 2018."""
    return lambda day: set(slot(day).sign_ups.filter(status="confirmed").values_list("person__name", flat=True))


assert NOW.date() == date(2018, 12, 20)  # a Thursday; the days in these tests count from it
