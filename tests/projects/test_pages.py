"""The list of projects, and one project from the idea to the upkeep."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from model_bakery import baker

from activities.models import Status
from community.models import Article, Deliberation
from people.models import Committee, Location, PartnerUnit, PartyOrg, Photo, PrivateFile, PropertyCompany, Team
from projects.models import Project, ProjectArticle, ProjectPhoto, ProjectRecord, ProjectStage
from projects.pages.lineage import family_of
from tests.conftest import NOW
from tests.staff import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def chain(make_project):
    """cover → wall → green, and home beside them."""
    cover = make_project("cover", title="井盖彩绘", illustration="covers")
    wall = make_project("wall", title="故事墙", derived_from=cover)
    green = make_project("green", title="墙下添绿", derived_from=wall, illustration="beds")
    return cover, wall, green, make_project("home", title="安全整治")


@pytest.fixture
def url(neighbourhood):
    return reverse("projects:list", args=[neighbourhood.slug])


def test_the_list_shows_what_grew_out_of_what(client, url, chain):
    cards = client.get(url).context["projects"]
    assert [(card["title"], card["grew_from"]) for card in cards] == [
        ("井盖彩绘", ""),
        ("故事墙", "井盖彩绘"),
        ("墙下添绿", "故事墙"),
        ("安全整治", ""),
    ]


def test_hidden_projects_stay_hidden(client, url, make_project, elsewhere, neighbourhood):
    secret = make_project("plan", title="还在想", is_published=False)
    make_project("wall", title="故事墙", derived_from=secret)
    make_project("far", title="别处的", neighbourhood=elsewhere)
    for page in (url, reverse("people:home", args=[neighbourhood.slug]), f"{url}wall/"):
        text = client.get(page).content.decode()
        assert "故事墙" in text
        assert "还在想" not in text
        assert "别处的" not in text
    assert client.get(f"{url}plan/").status_code == 404
    assert client.get(f"{url}far/").status_code == 404


def test_tags_are_a_filter_and_a_wrong_one_is_none(client, url, make_project):
    make_project("a", governance=["self_governance", "rule_of_law"])
    make_project("b", governance=["co_governance"])
    names = lambda query: [card["title"] for card in client.get(url, query).context["projects"]]  # noqa: E731
    assert names({"theme": "rule_of_law"}) == ["a"]
    assert names({"theme": "rule_of_virtue"}) == []
    assert names({"theme": "\x00"}) == ["a", "b"]


# --- lineage ---


def test_the_lineage_runs_from_the_first_origin_to_the_last_offspring(chain):
    cover, wall, green, home = chain
    for project in (cover, wall, green):
        assert family_of(project, chain) == [cover, wall, green]
    assert family_of(home, chain) == [home]


def test_a_sibling_is_not_in_the_line(chain, make_project):
    cover, wall, green, _home = chain
    other = make_project("other", derived_from=cover)
    assert family_of(wall, [*chain, other]) == [cover, wall, green]
    assert family_of(cover, [*chain, other]) == [cover, wall, other, green]


def test_a_ring_is_cut(chain):
    cover, wall, green, _home = chain
    cover.derived_from = green
    assert set(family_of(wall, chain)) == {cover, wall, green}


# --- one project ---


@pytest.fixture
def full(make_project, neighbourhood, make_activity):
    """A project with everything a page can show."""
    project = make_project(
        "wall", title="故事墙", tagline="一面旧墙", result="十幅故事", fund_source="社区营造项目", approved=Decimal(38000),
        spent=Decimal("36420.5"), accounts_published_on=date(2018, 12, 12), governance=["self_governance", "gone"],
        themes=["warm_home"], lead_org=baker.make(PartyOrg, neighbourhood=neighbourhood, name="党总支"),
        proposed_by_team=baker.make(Team, neighbourhood=neighbourhood, name="故事墙志愿队"), pilot=True,
    )  # fmt: skip
    project.places.add(baker.make(Location, neighbourhood=neighbourhood, name="东墙", step_free=True))
    project.partner_units.add(baker.make(PartnerUnit, neighbourhood=neighbourhood, name="壁画工作室"))
    project.partner_committees.add(baker.make(Committee, neighbourhood=neighbourhood, name="业委会"))
    project.partner_companies.add(baker.make(PropertyCompany, neighbourhood=neighbourhood, name="物业"))
    stage = lambda name, **fields: baker.make(ProjectStage, project=project, stage=name, **fields)  # noqa: E731
    stage("proposed", start=date(2018, 6, 16), end=date(2018, 6, 23))
    stage("feedback", skipped=True, note="并入协调会")
    stage("accepted", start=date(2018, 12, 8), end=date(2018, 12, 8))
    stage("maintaining", start=date(2018, 12, 9))
    make_activity(title="补色", project=project)
    make_activity(title="粉刷", project=project, starts_at=NOW - timedelta(days=90), status=Status.DONE)
    appraisal = make_activity(
        model=Deliberation, kind="deliberation", type="appraisal", title="评议会", status=Status.DONE,
        starts_at=NOW - timedelta(days=12), result_state="published", result_at=NOW - timedelta(days=9),
    )  # fmt: skip
    baker.make(ProjectRecord, project=project, activity=appraisal, part="reviewed")
    article = baker.make(Article, neighbourhood=neighbourhood, title="墙的故事", published_at=NOW - timedelta(days=2))
    baker.make(ProjectArticle, project=project, article=article)
    return project


def test_a_page_shows_the_whole_story(client, full):
    context = client.get(full.get_absolute_url()).context
    assert [(one["title"], one["when"], one["live"]) for one in context["stages"]] == [
        ("proposed", "16–23 Jun", False),
        ("opinions gathered", "left out", False),
        ("reviewed", "Sat 8 Dec", False),
        ("upkeep", "since Sun 9 Dec", True),
    ]
    assert context["partners"] == sorted(["壁画工作室", "业委会", "物业"])
    assert context["tags"] == ["self-governance"]  # a tag that is no longer one is left out
    assert [card.activity.title for card in context["coming"]] == ["补色"]
    assert [activity.title for activity in context["done"]] == ["粉刷"]
    assert [article.title for article in context["articles"]] == ["墙的故事"]
    page = client.get(full.get_absolute_url()).content.decode()
    for words in ("东墙", "党总支", "故事墙志愿队", "38,000.00 yuan", "36,420.50 yuan", "Tried out here first"):
        assert words in page


@pytest.mark.parametrize(
    ("day", "words"),
    [(None, "not yet"), (NOW.date() + timedelta(days=1), "Accounts are published on")],
    ids=["none", "to come"],
)
def test_sums_are_public_when_the_accounts_are(client, full, day, words):
    """P6: what staff have typed in for later is nobody's to read."""
    full.accounts_published_on = day
    full.save()
    page = client.get(full.get_absolute_url()).content.decode()
    assert words in page
    for sum_ in ("社区营造项目", "38,000", "38000", "36,420", "36420"):
        assert sum_ not in page


def test_steps_are_folded_on_a_phone_only_once_nothing_lies_ahead(client, full):
    """P1: the step that runs stands above them; while some are to come, all stand open."""
    folded = client.get(full.get_absolute_url())
    assert folded.context["now"] == "upkeep"
    assert "Now: upkeep. All 4 steps" in folded.content.decode()

    baker.make(ProjectStage, project=full, stage="designing", start=date(2019, 1, 5))
    open_ = client.get(full.get_absolute_url(), {"x": "1"})
    assert open_.context["now"] == ""
    assert '<details class="fold"' not in open_.content.decode()


def test_of_what_was_told_three_stand_open_and_the_rest_is_there(client, full, neighbourhood):
    for number in range(1, 5):
        one = baker.make(
            Article, neighbourhood=neighbourhood, title=f"消息{number}", published_at=NOW - timedelta(days=9)
        )
        baker.make(ProjectArticle, project=full, article=one)
    page = client.get(full.get_absolute_url()).content.decode()
    open_, folded = page.split("The earlier ones")
    assert "墙的故事" in open_
    assert len([number for number in range(1, 5) if f"消息{number}" in folded]) == 2


def test_hidden_things_of_a_project_stay_hidden(client, full, make_activity, neighbourhood):
    team = baker.make(Team, neighbourhood=neighbourhood)
    group = baker.make(PartyOrg, neighbourhood=neighbourhood)
    meeting = make_activity(title="党员会", visibility="organisation", organisation=group)
    make_activity(title="晨扫", kind="duty", project=full, visibility="team", team=team)
    make_activity(title="草稿", project=full, status=Status.DRAFT)
    about_meeting = baker.make(
        Article, neighbourhood=neighbourhood, title="会议报道", published_at=NOW, activity=meeting
    )
    later = baker.make(Article, neighbourhood=neighbourhood, title="明天发", published_at=NOW + timedelta(days=1))
    for article in (about_meeting, later):
        baker.make(ProjectArticle, project=full, article=article)
    file = baker.make(PrivateFile, neighbourhood=neighbourhood)
    photo = baker.make(Photo, neighbourhood=neighbourhood, original=file, alt="孩子的脸", published_at=None)
    baker.make(ProjectPhoto, project=full, photo=photo)
    page = client.get(full.get_absolute_url()).content.decode()
    for words in ("党员会", "晨扫", "草稿", "会议报道", "明天发", "孩子的脸"):
        assert words not in page


def test_a_cancelled_shift_calls_for_nobody(client, full):
    full.shifts.filter(title="补色").first().delete()
    assert "Lend a hand" not in client.get(full.get_absolute_url()).content.decode()


def test_an_editor_sees_a_project_before_it_is_public(client, make_project, make_person, neighbourhood):
    project = make_project("plan", is_published=False)
    editor = make_person(user=True)
    baker.make("people.RoleGrant", user=editor.user, neighbourhood=neighbourhood, role="editor", until=None)
    sign_in(client, editor.user)
    assert "Not public yet" in client.get(project.get_absolute_url()).content.decode()


# --- what it costs ---


@pytest.mark.parametrize("length", [1, 50])
def test_the_list_costs_the_same_at_any_length(client, url, make_project, length, django_assert_num_queries):
    for number in range(length):
        make_project(f"p{number}", derived_from=Project.objects.first())
    with django_assert_num_queries(3):  # neighbourhood, count, page with origins
        assert len(client.get(url).context["projects"]) == min(length, 24)


@pytest.mark.parametrize("length", [1, 50])
def test_a_page_costs_the_same_at_any_length(
    client, full, make_activity, make_project, length, django_assert_num_queries
):
    for number in range(length):
        make_activity(project=full)
        make_activity(project=full, starts_at=NOW - timedelta(days=9), status=Status.DONE)
        make_project(f"p{number}", derived_from=full)
    client.get(full.get_absolute_url())  # who came is counted once an hour
    # neighbourhood, projects, stages, what they rest on (2), places with partners, photos, pieces, shifts to come, shifts
    # done, records, articles
    with django_assert_num_queries(12):
        assert client.get(full.get_absolute_url()).status_code == 200
