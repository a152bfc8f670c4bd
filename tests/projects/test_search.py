"""Everything public of the projects and of what was deliberated is found, by its kind and in both languages; nothing else."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from model_bakery import baker

from activities.models import Status, Visibility
from community.models import Article, FollowUp, Meeting
from events.models import LearningEvent
from people.models import Consent, PartyOrg, SearchDocument, Team, opened
from people.operations import consents
from people.search import index
from projects.models import (
    Bed,
    Cover,
    OralHistory,
    PlantCandidate,
    Planting,
    Project,
    SeasonPlan,
    Trail,
    WallPanel,
    Work,
)
from projects.operations import stories
from tests.community.conftest import committee, make_deliberation
from tests.conftest import NOW
from tests.projects.garden import garden, make_bed, make_plant, plan, team
from tests.staff import staff_user

__all__ = ["committee", "garden", "make_bed", "make_deliberation", "make_plant", "plan", "team"]  # fixtures
pytestmark = pytest.mark.django_db
WORD = "蜻蜓"  # stands in whatever these tests make, and nowhere else


@pytest.fixture
def ask(client, neighbourhood):
    """{kind: [addresses]} of what is found, in the language asked for."""

    def ask(asked: str = WORD, *, language: str = "zh-hans", place: str = "lane-600") -> dict[str, list[str]]:
        index.sweep()
        client.cookies["django_language"] = language
        groups = client.get(f"/{place}/search/", {"q": asked}).context.get("groups", [])
        return {group.kind.code: [find.path for find in group.finds] for group, _url in groups}

    return ask


@pytest.fixture
def story(neighbourhood):
    return baker.make(
        OralHistory, neighbourhood=neighbourhood, title="乘凉", text=f"弄堂里有{WORD}。", told_by="邱阿婆", topics=["夏天"],
        state="published", channel="web", told_on=NOW.date(), sent_at=NOW, text_agreed=True, agreed_on=NOW.date(),
    )  # fmt: skip


@pytest.fixture
def make_panel(project):
    def make(**fields) -> WallPanel:
        values = {
            "neighbourhood": project.neighbourhood, "project": project, "code": "QH-1", "title": "汽笛", "kind": "",
            "theme": "community_history", "story": f"墙上停着{WORD}。", "alt": "老站", "fact_check": "sourced",
            "sources": ["铁路志"], "narrator_agreed_on": None, "is_published": True,
        }  # fmt: skip
        return baker.make(WallPanel, **(values | fields))

    return make


def public(kind: str, row) -> dict[str, list[str]]:
    return {kind: [row.get_absolute_url()]}


# --- each kind is found ---


def test_pieces_are_found_by_their_words_and_by_their_theme_in_both_languages(
    ask, make_cover, make_panel, make_bed, make_plant
):
    cover = make_cover(theme="water_saving", message=f"{WORD}也要喝水")
    panel = make_panel()
    bed = make_bed("HT-1", theme="biodiversity")
    baker.make(Planting, bed=bed, plant=make_plant(f"{WORD}草"), quantity=9, planted_on=NOW.date(), ended_on=None)

    assert ask() == public("panel", panel) | public("cover", cover) | public("bed", bed)
    for row, kind, chinese, english in (
        (cover, "cover", "保护水资源", "saving water"),
        (panel, "panel", "社区历史", "local history"),
        (bed, "bed", "小小生灵", "small creatures"),
    ):
        assert ask(chinese)[kind] == [row.get_absolute_url()]
        assert ask(english, language="en")[kind] == [row.get_absolute_url()]
    assert ask("铁路志") == public("panel", panel)


def test_a_project_its_works_its_design_and_its_walk(ask, project, make_draft, make_cover, neighbourhood):
    Project.objects.filter(pk=project.pk).update(text=f"{WORD}之家", themes=["warm_home"])
    work = baker.make(Work, project=project, title="换灯", before=f"{WORD}撞灯", after="暖光", done_on=NOW.date())
    draft = make_draft(summary=f"画一只{WORD}")
    trail = baker.make(
        Trail, neighbourhood=neighbourhood, slug="lane", title="小路", text=f"看{WORD}", is_published=True
    )

    assert ask() == {
        **public("project", project),
        "work": [f"{project.get_absolute_url()}#works"],
        **public("draft", draft),
        **public("trail", trail),
    }
    assert ask("Version 1", language="en") == public("draft", draft)
    assert ask("第1稿")["draft"] == [draft.get_absolute_url()]
    assert ask("a warm home", language="en") == public("project", project)
    assert ask("换灯")["work"] == [f"{work.project.get_absolute_url()}#works"]


def test_next_seasons_flowers_are_found_by_plant_and_by_season(ask, plan, make_plant, make_bed):
    plant = make_plant(f"{WORD}花", latin="Libellula")
    baker.make(PlantCandidate, plan=plan, plant=plant)
    assert ask() == {}  # its candidates are still being collected

    SeasonPlan.objects.update(status="voting")
    for asked, language in ((WORD, "zh-hans"), ("libellula", "en"), ("spring 2019", "en"), ("2019 春季", "zh-hans")):
        assert ask(asked, language=language)["season"] == [plan.get_absolute_url()], asked


def test_what_was_deliberated_told_learnt_and_resolved(ask, make_deliberation, make_activity, story, neighbourhood):
    hearing = make_deliberation(title="听证会", text=f"{WORD}池要不要留", result_state="published", result_at=NOW)
    with opened():
        baker.make(FollowUp, deliberation=hearing, task="清一次淤", due_on=NOW.date(), done_on=None)
    meeting = make_activity(
        model=Meeting, kind="meeting", type="team_meeting", title="例会", agenda=[f"{WORD}花几时种"],
        resolutions=["三月种石竹"], record_state="signed", starts_at=NOW - timedelta(days=2),
    )  # fmt: skip
    film = make_activity(
        model=LearningEvent, kind="learning", title="看电影", form="film", edu="theory", film=f"《{WORD}》", campaign=None,
        site=None,
    )  # fmt: skip
    shift = make_activity(title="捞浮萍", text=f"别捞到{WORD}")
    article = baker.make(
        Article,
        neighbourhood=neighbourhood,
        kind="article",
        title="池边",
        body=f"来了{WORD}",
        published_at=NOW,
        activity=None,
    )

    assert ask() == (
        public("activity", shift) | public("learning", film) | public("story", story) | public("deliberation", hearing)
        | public("meeting", meeting) | public("article", article)
    )  # fmt: skip
    for asked, row, kind in (
        ("清一次淤", hearing, "deliberation"),
        ("三月种石竹", meeting, "meeting"),
        ("邱阿婆", story, "story"),
    ):
        assert ask(asked) == public(kind, row)


# --- nothing hidden is found; each could leak before it is hidden ---


@pytest.fixture
def could_leak(project, make_draft, make_cover, make_panel, make_bed, make_plant, plan, story, neighbourhood):
    """{kind: what hides it}, each found by WORD before."""
    cover, panel = make_cover(title=WORD), make_panel(title=WORD)
    bed = make_bed("HT-1", title=WORD)
    SeasonPlan.objects.update(status="decided", note=WORD)
    make_draft(summary=WORD)
    baker.make(Work, project=project, title=WORD, before="旧", done_on=None)
    baker.make(Trail, neighbourhood=neighbourhood, slug="lane", title=WORD, is_published=True)
    return {
        "cover": lambda: Cover.objects.filter(pk=cover.pk).update(is_published=False),
        "panel": lambda: WallPanel.objects.filter(pk=panel.pk).update(is_published=False),
        "bed": lambda: Bed.objects.filter(pk=bed.pk).update(is_published=False),
        "season": lambda: SeasonPlan.objects.update(status="collecting"),
        "draft": lambda: project.drafts.update(published_at=None),
        "work": lambda: Project.objects.filter(pk=project.pk).update(is_published=False),
        "trail": lambda: Trail.objects.update(is_published=False),
        "story": lambda: stories.take_back(story, by=None, user=None, at=NOW),
    }


@pytest.mark.parametrize("kind", ["cover", "panel", "bed", "season", "draft", "work", "trail", "story"])
def test_what_is_hidden_or_taken_back_is_found_no_more(ask, could_leak, kind, client):
    """Also while its words are still kept, as after a crash between the change and its note."""
    assert kind in ask()

    could_leak[kind]()

    assert SearchDocument.objects.filter(kind=kind, folded__contains=WORD).exists()
    groups = client.get("/lane-600/search/", {"q": WORD}).context.get("groups", [])
    assert kind not in {group.kind.code for group, _url in groups}
    assert kind not in ask()
    assert not SearchDocument.objects.filter(kind=kind, folded__contains=WORD).exists()


def test_a_hidden_project_hides_all_that_is_its_own(ask, could_leak):
    Project.objects.update(is_published=False)

    assert set(ask()) == {"trail", "story"}  # belong to the neighbourhood


def test_another_area_finds_none_of_it(ask, could_leak, elsewhere):
    assert ask(place="lane-700") == {}
    assert ask() != {}


def test_records_of_members_and_drafts_of_records_are_not_found(ask, make_activity, make_deliberation, neighbourhood):
    """M8, D3: what stands in a record that nobody signed, and a result that is not out, are nobody's words yet."""
    org = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch")
    team = baker.make(Team, neighbourhood=neighbourhood)
    held = {"model": Meeting, "kind": "meeting", "starts_at": NOW - timedelta(days=2), "resolutions": [WORD]}
    make_activity(
        **held,
        type="branch_general_meeting",
        title="党员大会",
        visibility=Visibility.ORGANISATION,
        organisation=org,
        record_state="signed",
    )
    make_activity(
        **held, type="team_meeting", title="例会一", visibility=Visibility.TEAM, team=team, record_state="signed"
    )
    draft = make_activity(**held, type="team_meeting", title="例会二", record_state="draft")
    make_deliberation(title="听证会", decision=WORD, result_state="pending")
    make_activity(
        model=LearningEvent,
        kind="learning",
        title=WORD,
        form="film",
        edu="theory",
        status=Status.DRAFT,
        campaign=None,
        site=None,
    )
    assert ask() == {}

    Meeting.objects.filter(pk=draft.pk).update(record_state="signed")
    index.rebuild()
    assert ask() == public("meeting", draft)


def test_a_photo_without_consent_is_not_found(ask, make_photo, make_person, resident_text):
    """V5: withdrawn consent takes the words with the picture."""
    shown = make_person(user=True)
    baker.make(
        Consent, person=shown, purpose="photo", given_by=shown, text=resident_text, given_at=NOW, revoked_at=None
    )
    photo = make_photo(f"在看{WORD}", people=[shown])
    assert set(ask()) == {"photo"}

    consents.revoke(shown, "photo", revoked_by=shown)

    photo.refresh_from_db()
    assert photo.published_at is None
    assert ask() == {}


def test_staff_find_no_more(could_leak, neighbourhood):
    """Whoever searches, only what everybody may read is found; what is hidden is found in the staff's lists."""
    for hide in could_leak.values():
        hide()
    index.sweep()
    desk = Client()
    desk.force_login(staff_user("committee_admin", neighbourhood))

    assert not desk.get("/lane-600/search/", {"q": WORD}).context.get("groups")


def test_a_search_costs_the_same_whatever_is_found(client, could_leak, django_assert_max_num_queries):
    index.sweep()
    assert len(index.search_kinds) >= 16
    with django_assert_max_num_queries(6):
        client.get("/lane-600/search/", {"q": WORD})


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_at_the_calendars_end_breaks_nothing(ask, project, plan, day):
    """Typed by mistake; one row that cannot be written down would keep every other from being found."""
    work = baker.make(Work, project=project, title=WORD, before="旧", after="新", done_on=day)
    SeasonPlan.objects.update(status="decided", note=WORD, plant_by=day)

    assert ask() == {"work": [f"{work.project.get_absolute_url()}#works"], **public("season", plan)}


def test_a_chinese_excerpt_has_no_english_of_ours(make_cover, make_bed, make_panel, project, client, neighbourhood):
    """N5: the portal's word for a theme is looked up in every language, and stands in no excerpt."""
    make_cover(theme="water_saving", message=f"{WORD}也要喝水")
    make_bed("HT-1", theme="biodiversity", note=f"{WORD}停过")
    Project.objects.filter(pk=project.pk).update(text=f"{WORD}之家", themes=["warm_home"])
    index.rebuild()
    client.cookies["django_language"] = "zh-hans"
    for asked in (WORD, "small creatures"):
        groups = client.get("/lane-600/search/", {"q": asked}).context["groups"]
        finds = [find for group, _url in groups for find in group.finds]
        assert finds, asked
        words = " ".join(f"{find.title} {find.excerpt}" for find in finds)
        for mark in ("<mark>", "</mark>", "HT-1"):
            words = words.replace(mark, "")
        assert not re.search("[a-z]{4,}", words), words
