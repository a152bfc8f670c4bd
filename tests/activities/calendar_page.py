"""What the tests of the calendar share: its page as a reader sees it, and things of this week that not everybody may see."""

from datetime import timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from activities.models import Status
from community.models import Meeting
from people.models import Location, PartyMember, PartyOrg, Team
from tests.conftest import NOW

__all__ = ["branch", "group", "hidden", "member", "url"]

SATURDAY = NOW + timedelta(days=2)


@pytest.fixture
def url(neighbourhood):
    return reverse("activities:calendar", args=[neighbourhood.slug])


def titles(response) -> list[str]:
    return [card.activity.title for day in response.context["days"] for card in day.entries]


def look(client, url, query=""):
    response = client.get(url + query, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response


@pytest.fixture
def group(neighbourhood):
    return baker.make(PartyOrg, neighbourhood=neighbourhood, kind="group", name="第一党小组")


@pytest.fixture
def branch(neighbourhood):
    return baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", name="第一党支部")


@pytest.fixture
def member(make_person, neighbourhood, branch, group):
    """A Party member of the group with an account."""
    person = make_person(user=True)
    baker.make(
        PartyMember, neighbourhood=neighbourhood, person=person, branch=branch, group=group, since=None, until=None
    )
    return person


@pytest.fixture
def hidden(make_activity, group, neighbourhood, elsewhere):
    """One of each thing that could leak, all in this week."""
    place = baker.make(Location, neighbourhood=elsewhere, name="别处", kind="room")
    team = baker.make(Team, neighbourhood=neighbourhood, name="护花小队")
    when = {"starts_at": SATURDAY}
    return [
        make_activity(
            model=Meeting, kind="meeting", type="party_group_meeting", title="党小组会", visibility="organisation",
            organisation=group, open_to=[], **when,
        ),
        make_activity(
            model=Meeting, kind="meeting", type="team_meeting", title="小队例会", visibility="team", team=team, open_to=[], **when
        ),
        make_activity(kind="duty", title="每日晨扫", visibility="team", team=team, **when),
        make_activity(title="草稿", status=Status.DRAFT, **when),
        make_activity(title="别处的活动", neighbourhood=elsewhere, location=place, **when),
    ]  # fmt: skip
