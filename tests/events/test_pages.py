"""Learning events: what comes next, the years gone by, and a lecturer named only as V6 allows."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from model_bakery import baker

from activities.models import Status
from events.models import LearningEvent, Site, StudyCampaign
from events.pages.details import learning_details
from people.models import CommitteePost, Location, PartyMember, PartyOrg
from tests.conftest import NOW, SHANGHAI

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def url(neighbourhood):
    return reverse("events:list", args=[neighbourhood.slug])


@pytest.fixture
def make_event(make_activity):
    def make(**fields):
        return make_activity(**({"model": LearningEvent, "kind": "learning", "form": "film", "edu": "theory"} | fields))

    return make


def held(year: int, month: int = 5, **fields) -> dict:
    return {"starts_at": datetime(year, month, 11, 14, tzinfo=SHANGHAI), "status": Status.DONE, **fields}


def titles(rows) -> list[str]:
    return [getattr(row, "activity", row).title for row in rows]


def test_what_comes_next_and_the_last_year_held(client, url, make_event):
    make_event(title="下一场")
    make_event(title="五月", **held(2018))
    make_event(title="六月", **held(2018, 6))
    make_event(title="去年", **held(2017))
    context = client.get(url).context
    assert titles(context["coming"]) == ["下一场"]
    assert titles(context["past"]) == ["六月", "五月"]
    assert [(year, current) for year, _url, current in context["years"]] == [(2018, True), (2017, False)]
    assert titles(client.get(url, {"year": "2017"}).context["past"]) == ["去年"]


@pytest.mark.parametrize("year", ["", "2016", "20180", "abcd", "-201", "２０１７", "\x00"])
def test_a_wrong_year_is_the_last_one(client, url, make_event, year):
    make_event(title="五月", **held(2018))
    make_event(title="去年", **held(2017))
    assert titles(client.get(url, {"year": year}).context["past"]) == ["五月"]


def test_a_year_ends_at_midnight_in_shanghai(client, url, make_event):
    make_event(title="元旦", starts_at=datetime(2018, 1, 1, 0, 30, tzinfo=SHANGHAI), status=Status.DONE)
    assert client.get(url).context["year"] == 2018


def test_form_and_field_are_filters(client, url, make_event):
    make_event(title="观影")
    make_event(title="参观", form="site_visit", edu="revolutionary_tradition")
    assert titles(client.get(url, {"form": "film"}).context["coming"]) == ["观影"]
    assert titles(client.get(url, {"edu": "revolutionary_tradition"}).context["coming"]) == ["参观"]
    assert titles(client.get(url, {"form": "film", "edu": "revolutionary_tradition"}).context["coming"]) == []
    assert titles(client.get(url, {"form": "x", "edu": "\x00"}).context["coming"]) == ["观影", "参观"]
    forms = client.get(url, {"form": "film", "edu": "theory"}).context["forms"]
    assert [one["url"] for one in forms if one["current"]] == ["?edu=theory"]


def test_hidden_events_stay_hidden(client, url, make_event, neighbourhood, elsewhere):
    group = baker.make(PartyOrg, neighbourhood=neighbourhood)
    place = baker.make(Location, neighbourhood=elsewhere)
    make_event(title="公开的")
    hidden = [
        make_event(title="组里的", visibility="organisation", organisation=group),
        make_event(title="组里过去的", visibility="organisation", organisation=group, **held(2016)),
        make_event(title="草稿", status=Status.DRAFT),
        make_event(title="别处的", neighbourhood=elsewhere, location=place),
    ]
    for page in (url, f"{url}?year=2016", reverse("people:home", args=[neighbourhood.slug])):
        text = client.get(page).content.decode()
        assert "公开的" in text
        for event in hidden:
            assert event.title not in text
    assert client.get(url).context["years"] == []  # not even the year is told


@pytest.mark.parametrize("length", [1, 50])
def test_the_list_costs_the_same_at_any_length(client, url, make_event, length, django_assert_num_queries):
    site = baker.make(Site)
    for _number in range(length):
        make_event(site=site)
        make_event(**held(2018), site=site)
    with django_assert_num_queries(4):  # neighbourhood, to come, years, the year's
        context = client.get(url).context
    assert len(context["coming"]) == len(context["past"]) == length


# --- the part of an event on its page ---


@pytest.fixture
def lecturer(make_person, neighbourhood):
    branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch")
    person = make_person(name="陆蕴芳")
    baker.make(
        PartyMember, neighbourhood=neighbourhood, person=person, branch=branch, group=None, since=None, until=None
    )
    baker.make(CommitteePost, org=branch, person=person, post="书记", since=None, until=None)
    return person


def test_a_lecturer_is_named_in_public_only_after_opting_in(client, make_event, lecturer, viewer_of):
    event = make_event(lecturer=lecturer, organisation=PartyOrg.objects.get())
    assert learning_details(event, viewer_of())["lecturer"] == "书记"
    assert "陆蕴芳" not in client.get(event.get_absolute_url()).content.decode()
    PartyMember.objects.update(show_party_identity=True)
    assert learning_details(event, viewer_of())["lecturer"] == "陆蕴芳 (书记)"


def test_a_visit_tells_site_campaign_and_coach(client, make_event, location, neighbourhood):
    site = baker.make(
        Site, name="上海解放纪念馆", address="宝杨路599号", closed_weekday=0, opens=time(9), closes=time(16, 30)
    )
    campaign = baker.make(StudyCampaign, neighbourhood=neighbourhood, name="两学一做")
    event = make_event(
        form="site_visit", site=site, campaign=campaign, credit_hours=3, coach_seats=12, coach_from=location,
        coach_departs_at=NOW + timedelta(days=3), coach_returns_at=NOW + timedelta(days=3, hours=4), coach_step_free=False,
    )  # fmt: skip
    page = client.get(event.get_absolute_url()).content.decode()
    for words in ("上海解放纪念馆", "宝杨路599号", "9:00–16:30", "两学一做", "With steps"):
        assert words in page
    assert "usually closed" not in page  # the visit is on a Sunday


@pytest.mark.parametrize(("closed", "warns"), [(6, True), (0, False), (None, False)])
def test_a_visit_on_a_closing_day_warns(make_event, viewer_of, closed, warns):
    event = make_event(site=baker.make(Site, closed_weekday=closed))  # 2018-12-23, a Sunday
    assert learning_details(event, viewer_of())["is_closed_then"] is warns


def test_details_cost_at_most_two_queries(make_event, lecturer, viewer_of, django_assert_num_queries):
    event = make_event(lecturer=lecturer, organisation=PartyOrg.objects.get(), site=baker.make(Site))
    with django_assert_num_queries(2):  # the event with who opted in, posts of that day
        learning_details(event, viewer_of())
