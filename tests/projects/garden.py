"""Rows that the garden's tests start from."""

from datetime import date, timedelta

import pytest
from model_bakery import baker

from people.models import Team, TeamMembership
from projects.models import Bed, Plant, Project, SeasonPlan
from projects.operations import seasons
from tests.conftest import NOW

__all__ = ["garden", "make_bed", "make_plant", "plan", "team"]


@pytest.fixture
def team(neighbourhood, make_person) -> Team:
    """护花小队 with its leader and three more members, each with an account."""
    team = baker.make(Team, neighbourhood=neighbourhood, code="flower", name="护花小队", leader=make_person(user=True))
    for person in [team.leader, *(make_person(user=True) for _ in range(3))]:
        baker.make(TeamMembership, team=team, person=person, since=None, until=None)
    return team


@pytest.fixture
def garden(neighbourhood, team) -> Project:
    return baker.make(
        Project, neighbourhood=neighbourhood, slug="green", title="墙下添绿", lead_team=team, is_published=True
    )


@pytest.fixture
def make_bed(garden):
    def make(code: str = "HT-1", **fields) -> Bed:
        values = {
            "neighbourhood": garden.neighbourhood, "project": garden, "title": f"花坛{code}", "kind": "", "light": "full_sun",
            "is_published": True,
        }  # fmt: skip
        return baker.make(Bed, code=code, **(values | fields))

    return make


@pytest.fixture
def make_plant(neighbourhood):
    def make(name: str = "石竹", **fields) -> Plant:
        values = {
            "neighbourhood": neighbourhood, "kind": "flower", "light": "full_sun", "planting_months": [3], "show_months": [4, 5],
            "toxic": False, "unit_price": 2,
        }  # fmt: skip
        return baker.make(Plant, name=name, **(values | fields))

    return make


@pytest.fixture
def plan(garden, team) -> SeasonPlan:
    """Next spring, still collecting candidates."""
    return baker.make(
        SeasonPlan, neighbourhood=garden.neighbourhood, project=garden, team=team, season="spring", year=2019,
        status="collecting", plant_by=date(2019, 3, 10), budget=100,
    )  # fmt: skip


def members(team: Team) -> list:
    return [row.person for row in team.memberships.order_by("pk").select_related("person__user")]


def open_vote(plan: SeasonPlan) -> SeasonPlan:
    seasons.open_vote(plan, until=NOW + timedelta(days=10), at=NOW)
    plan.refresh_from_db()
    return plan
