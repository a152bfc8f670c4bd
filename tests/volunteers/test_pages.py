"""Where hands are wanted: open calls first, and a team's own duties nowhere in public."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override
from model_bakery import baker

from activities.models import Status
from activities.operations import sign_ups
from people.models import Location, Team, TeamMembership
from projects.models import Project, ProjectStage
from tests.conftest import NOW
from volunteers.pages.shift_details import shift_details

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def url(neighbourhood):
    return reverse("volunteers:list", args=[neighbourhood.slug])


def calls(response) -> tuple[list[str], list[str]]:
    return tuple([card.activity.title for card in response.context[name]] for name in ("open_calls", "other_calls"))


def test_open_calls_come_first_then_full_closed_and_cancelled_ones(client, url, make_activity, make_person):
    someone = make_person()
    full = make_activity(title="满", capacity=1, starts_at=NOW + timedelta(days=1))
    sign_ups.sign_up(full, [someone], made_by=someone, at=NOW)
    make_activity(title="停", status=Status.CANCELLED, starts_at=NOW + timedelta(days=2))
    make_activity(title="未开", signup_from=NOW + timedelta(days=1), starts_at=NOW + timedelta(days=3))
    make_activity(title="空", starts_at=NOW + timedelta(days=4))
    make_activity(title="过", starts_at=NOW - timedelta(days=4), status=Status.DONE)
    response = client.get(url)
    assert calls(response) == (["空"], ["满", "停", "未开"])
    assert [activity.title for activity in response.context["done"]] == ["过"]


def test_mine_stay_with_the_open_ones(client, url, make_activity, person):
    full = make_activity(title="满了但有我", capacity=1)
    sign_ups.sign_up(full, [person], made_by=person, at=NOW)
    client.force_login(person.user)
    assert calls(client.get(url)) == (["满了但有我"], [])


def test_filters_and_wrong_ones(client, url, make_activity):
    make_activity(title="周日亲子")  # 2018-12-23
    make_activity(title="周五大人", minors="no", starts_at=NOW + timedelta(days=1))
    assert calls(client.get(url, {"children": "1"}))[0] == ["周日亲子"]
    assert calls(client.get(url, {"weekend": "1"}))[0] == ["周日亲子"]
    assert calls(client.get(url, {"weekend": "\x00", "children": "maybe"}))[0] == ["周五大人", "周日亲子"]


def test_hidden_calls_stay_hidden(client, url, make_activity, neighbourhood, elsewhere, person):
    team = baker.make(Team, neighbourhood=neighbourhood, name="护花小队", is_public=True)
    baker.make(Team, neighbourhood=neighbourhood, name="还没公开的队", is_public=False)
    baker.make(Team, neighbourhood=elsewhere, name="别处的队")
    place = baker.make(Location, neighbourhood=elsewhere)
    make_activity(title="队里的事", visibility="team", team=team)
    make_activity(title="每日晨扫", kind="duty", visibility="team", team=team)
    make_activity(title="草稿", status=Status.DRAFT)
    make_activity(title="别处的", neighbourhood=elsewhere, location=place)
    page = client.get(url).content.decode()
    assert "护花小队" in page
    for words in ("还没公开的队", "别处的队", "队里的事", "每日晨扫", "草稿", "别处的"):
        assert words not in page
    baker.make(TeamMembership, team=team, person=person, since=None, until=None)
    client.force_login(person.user)
    page = client.get(url).content.decode()
    assert "队里的事" in page
    assert "每日晨扫" not in page  # a rota, not a call: it stands in the calendar


def test_a_team_is_counted_and_its_members_not_named(client, url, make_person, neighbourhood):
    team = baker.make(Team, neighbourhood=neighbourhood, name="护花小队", leader=make_person(name="邬丽萍"))
    for until in (None, None, NOW.date()):
        baker.make(TeamMembership, team=team, person=make_person(name="队员某"), since=None, until=until)
    page = client.get(url).content.decode()
    assert "2 members" in page
    assert "邬丽萍" not in page
    assert "队员某" not in page


@pytest.mark.parametrize("length", [1, 50])
def test_the_list_costs_the_same_at_any_length(
    client, url, make_activity, neighbourhood, length, django_assert_num_queries
):
    for _number in range(length):
        make_activity(text="盖草帘", capacity=9)
        baker.make(Team, neighbourhood=neighbourhood)
    with django_assert_num_queries(4):  # neighbourhood, calls with what was done, their seats, teams
        assert len(client.get(url).context["open_calls"]) == length


def test_an_empty_list_says_what_to_do_next(client, url, neighbourhood):
    page = client.get(url).content.decode()
    assert "Just now no hands are wanted" in page
    assert reverse("activities:calendar", args=[neighbourhood.slug]) in page


# --- the part of a shift on its page ---


def test_a_shift_tells_its_project_and_stage(make_activity, neighbourhood, viewer_of, django_assert_num_queries):
    project = baker.make(Project, neighbourhood=neighbourhood, slug="wall", is_published=True)
    stage = baker.make(ProjectStage, project=project, stage="implementing")
    shift = make_activity(project=project, stage=stage, people_needed=4)
    with django_assert_num_queries(1):
        details = shift_details(shift, viewer_of())
    assert (details["project"], details["stage"]) == (project, stage)


def test_an_unpublished_project_is_not_told(client, make_activity, neighbourhood):
    project = baker.make(Project, neighbourhood=neighbourhood, slug="plan", title="还在想", is_published=False)
    stage = baker.make(ProjectStage, project=project, stage="implementing", note="保密")
    shift = make_activity(project=project, stage=stage)
    page = client.get(shift.get_absolute_url()).content.decode()
    assert "还在想" not in page
    assert "carried out" not in page


@pytest.mark.parametrize(("outcome", "words"), [("", ""), ("pending", ""), ("missed", "missed"), ("done", "done")])
def test_a_duty_tells_its_team_how_it_went(make_activity, viewer_of, outcome, words):
    with override("en"):
        assert str(shift_details(make_activity(kind="duty", outcome=outcome), viewer_of())["outcome"]) == words
