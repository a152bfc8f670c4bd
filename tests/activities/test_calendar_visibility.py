"""The calendar shows each circle its own, and nobody what is hidden."""

import pytest
from model_bakery import baker

from community.models import Meeting
from people.models import CommitteePost, Neighbourhood, Team, TeamMembership
from tests.activities.calendar_page import *  # noqa: F403
from tests.activities.calendar_page import SATURDAY, look, titles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_hidden_things_stay_hidden(client, url, hidden, activity):
    response = look(client, url)
    assert titles(response) == [activity.title]
    for one in hidden:
        assert one.title not in response.content.decode()


def test_each_circle_sees_its_own(client, url, hidden, make_person, neighbourhood):
    gardener = make_person(user=True)
    team = Team.objects.get(name="护花小队")
    baker.make(TeamMembership, team=team, person=gardener, since=None, until=None)
    client.force_login(gardener.user)
    assert sorted(titles(look(client, url))) == ["小队例会", "每日晨扫"]


def test_a_committee_meeting_is_its_post_holders(
    client, url, make_activity, make_person, neighbourhood, branch, member
):
    make_activity(
        model=Meeting, kind="meeting", type="branch_committee_meeting", title="支委会", visibility="organisation",
        organisation=branch, post_holders_only=True, open_to=[], starts_at=SATURDAY,
    )  # fmt: skip
    client.force_login(member.user)
    assert titles(look(client, url)) == []
    baker.make(CommitteePost, org=branch, person=member, post="书记", since=None, until=None)
    assert titles(look(client, url)) == ["支委会"]


def test_a_neighbourhood_that_is_closed_is_not_found(client):
    baker.make(Neighbourhood, slug="shut", is_open=False)
    assert client.get("/shut/calendar/").status_code == 404


def test_a_signed_in_page_is_kept_by_no_cache(client, url, hidden, member):
    assert "Cache-Control" not in look(client, url).headers
    client.force_login(member.user)
    for page in (url, "/lane-600/", "/lane-600/news/", "/lane-600/learning/"):
        assert client.get(page).headers["Cache-Control"] == "private, no-store"
