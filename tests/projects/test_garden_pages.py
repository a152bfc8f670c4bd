"""The beds as residents see them: the strip, the year in flowers, a season's choice, a bed, its log."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from people.models import Family, Photo, PrivateFile
from portal.dates import words_of_months
from projects.models import Adoption, PlantCandidate, Planting, UpkeepEntry
from projects.operations import seasons
from projects.pages import garden_year
from tests.conftest import NOW
from tests.projects.garden import *  # noqa: F403
from tests.projects.garden import members, open_vote
from tests.staff import sign_in

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def english_pages(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def plant_in(make_plant):
    def make(bed, name="羽衣甘蓝", quantity=10, **fields):
        plant = make_plant(name, show_months=[11, 12, 1], planting_months=[10, 11])
        return baker.make(
            Planting, bed=bed, plant=plant, quantity=quantity, **({"planted_on": date(2018, 11, 10)} | fields)
        )

    return make


def text(client, url) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def flowers(garden) -> str:
    return reverse("projects:flowers", args=[garden.neighbourhood.slug, garden.slug])


def test_the_strip_begins_with_this_season_and_tells_what_stands_and_what_is_chosen(
    viewer_of, plan, make_plant, make_bed, plant_in
):
    plant_in(make_bed("HT-1"), "角堇", 5)
    plant_in(make_bed("HT-2"), "羽衣甘蓝", 50)
    for name in ("石竹", "白晶菊", "雏菊"):
        seasons.propose(plan, make_plant(name), [make_bed(f"HT-{name.encode().hex()[:4]}{name.encode().hex()[-4:]}")])
    open_vote(plan)

    strip = garden_year.strip(viewer_of(), TODAY)

    assert [(str(one["season"]), one["tag"][1], one["words"]) for one in strip] == [
        ("winter", "stands now", "羽衣甘蓝, 角堇"),
        ("spring", "being chosen", "石竹, 白晶菊 and others: 3 candidates"),
        ("summer", "", "Still open: propose something at the monthly meeting."),
        ("autumn", "", "Still open: propose something at the monthly meeting."),
    ]
    assert strip[1]["url"] == plan.get_absolute_url()


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ([4, 5, 6, 9], "Apr–Jun, Sep"),
        ([11, 12, 1, 2], "Nov–Feb"),
        ([3], "Mar"),
        ([], ""),
        (list(range(1, 13)), "Jan–Dec"),
    ],
)
def test_months_are_told_as_a_gardener_would(months, words):
    assert words_of_months(months) == words


def test_what_is_not_public_is_nowhere(client, neighbourhood, elsewhere, garden, plan, make_bed, plant_in, make_plant):
    """A hidden bed's plants, a plan being written, another area's garden."""
    plant_in(make_bed("HT-1"), "角堇")
    plant_in(make_bed("HT-2", is_published=False), "还没公开的花")
    seasons.propose(plan, make_plant("还在想的花"), [make_bed("HT-3")])
    far = baker.make("projects.Project", neighbourhood=elsewhere, slug="far", is_published=True)
    theirs = make_plant("别处的花", neighbourhood=elsewhere, show_months=[12])
    bed = make_bed("HT-1", neighbourhood=elsewhere, project=far)
    baker.make(Planting, bed=bed, plant=theirs, quantity=1, planted_on=TODAY)

    for url in (reverse("people:home", args=[neighbourhood.slug]), garden.get_absolute_url(), flowers(garden)):
        page = text(client, url)
        assert "角堇" in page
        assert "HT-2" not in page
        assert "别处的花" not in page
    home = text(client, reverse("people:home", args=[neighbourhood.slug]))
    assert "还在想的花" not in home + text(client, garden.get_absolute_url())
    assert "还没公开的花" not in home + text(client, garden.get_absolute_url())
    assert client.get(plan.get_absolute_url()).status_code == 404
    assert client.get(reverse("projects:flowers", args=["lane-600", "far"])).status_code == 404


def test_the_teams_leader_sees_the_plan_while_it_is_written(client, plan, team):
    baker.make(
        "people.RoleGrant",
        user=team.leader.user,
        neighbourhood=plan.neighbourhood,
        role="team_leader",
        team=team,
        until=None,
    )
    sign_in(client, team.leader.user)

    assert "candidates are being collected" in text(client, plan.get_absolute_url())


def test_a_bed_tells_what_grows_who_keeps_it_and_what_was_done(client, make_bed, plant_in, make_person, neighbourhood):
    """V6: keepers as a count; the family's name only with its consent; a photo only when it is published."""
    bed = make_bed("HT-8", for_children=True, note="高45厘米", length_m="4.0", width_m="0.9")
    bed.keepers.add(make_person(name="凌金凤"), make_person(name="裴莉"))
    plant_in(bed)
    plant_in(bed, "虞美人", ended_on=TODAY, outcome="poor", outcome_note="移栽不活")
    for name, agreed in (("满满一家", True), ("悄悄一家", False)):
        baker.make(
            Adoption, bed=bed, family=baker.make(Family, neighbourhood=neighbourhood), since=TODAY, card_name=name,
            agreed_by=make_person() if agreed else None, agreed_on=TODAY if agreed else None,
        )  # fmt: skip
    file = baker.make(PrivateFile, neighbourhood=neighbourhood)
    photo = baker.make(Photo, neighbourhood=neighbourhood, original=file, alt="孩子的脸", published_at=None)
    baker.make(UpkeepEntry, bed=bed, done_on=TODAY, work="covered", text="盖了草帘", photo=photo, added_at=NOW)

    page = text(client, bed.get_absolute_url())

    for words in (
        "羽衣甘蓝",
        "now in bloom",
        "高45厘米",
        "4 m by 0.9 m",
        "2 neighbours",
        "满满一家",
        "盖了草帘",
        "移栽不活",
        "a family",
    ):
        assert words in page, words
    for words in ("凌金凤", "裴莉", "悄悄一家", "孩子的脸"):
        assert words not in page, words


# --- the vote on its page ---


@pytest.fixture
def voting(plan, make_plant, make_bed, team, plant_in, make_person):
    bed = make_bed("HT-1")
    child = make_person(9, name="裴小满", nickname="满满")
    candidate = seasons.propose(
        plan, make_plant("石竹", light="half_shade"), [bed], proposed_by=child, note="盆苗先过渡"
    )
    plant_in(bed, "三色堇", condition="良好")
    baker.make(
        Planting, bed=make_bed("HT-2"), plant=candidate.plant, quantity=1, planted_on=date(2017, 3, 1), ended_on=date(2017, 6, 1),
        outcome="good", outcome_note="开到六月",
    )  # fmt: skip
    open_vote(plan)
    return candidate


def test_last_seasons_outcome_stands_beside_the_new_choice(client, plan, voting):
    page = text(client, plan.get_absolute_url())

    for words in ("开到六月", "did well", "HT-1 三色堇", "良好", "likes half shade", "盆苗先过渡", "a young volunteer"):
        assert words in page, words
    assert "裴小满" not in page  # V6


def test_a_member_votes_once_and_may_take_it_back(client, plan, voting, team):
    url = plan.get_absolute_url()
    client.force_login(members(team)[1].user)
    assert "Tick at least one plant." in client.post(url, {}).content.decode()
    client.post(url, {"candidates": [voting.pk]})
    assert plan.ballots.count() == 1
    page = text(client, url)
    assert "You have voted. Thank you." in page
    assert "1 vote<" in page

    again = client.post(url, {"candidates": [voting.pk]}).content.decode()
    assert "To vote otherwise, take your vote back first." in again
    client.post(url, {"take-back": "1"})
    assert plan.ballots.count() == 0


def test_whoever_is_no_member_reads_how_to_take_part(client, plan, voting, make_person):
    url = plan.get_absolute_url()
    assert "Members of the team sign in to vote" in text(client, url)
    assert client.post(url, {"candidates": [voting.pk]}).headers["Location"].startswith("/accounts/join/?next=")
    client.force_login(make_person(user=True).user)
    assert "Whoever has an idea brings it to the monthly meeting" in text(client, url)

    refused = client.post(url, {"candidates": [voting.pk]}).content.decode()
    assert "In this vote the members of “护花小队” decide." in refused
    assert plan.ballots.count() == 0


def test_the_upkeep_log_is_written_by_those_who_look_after_the_bed(client, make_bed, team, make_person):
    bed = make_bed("HT-1")
    url = reverse("projects:upkeep", args=["lane-600", "HT-1"])
    assert client.get(url).headers["Location"].startswith("/accounts/join/?next=")
    client.force_login(make_person(user=True).user)
    assert "ask at the committee" in text(client, url)
    assert "ask at the committee" in client.post(url, {"work": "watered", "done_on": "2018-12-20"}).content.decode()
    sign_in(client, team.leader.user)
    assert "has not come yet" in client.post(url, {"work": "watered", "done_on": "2018-12-21"}).content.decode()

    client.post(url, {"work": "covered", "done_on": "2018-12-19", "text": "盖草帘"})
    assert "盖草帘" in text(client, bed.get_absolute_url())


# --- what it costs ---


@pytest.mark.parametrize("length", [1, 40])
def test_pages_cost_the_same_at_any_length(
    client, garden, plan, team, make_plant, make_bed, neighbourhood, length, django_assert_max_num_queries
):
    for number in range(length):
        bed = make_bed(f"HT-{number}")
        plant = make_plant(f"花{number}", planting_months=[3, 12], show_months=[12, 4])
        seasons.propose(plan, plant, [bed])
        baker.make(Planting, bed=bed, plant=plant, quantity=1, planted_on=TODAY)
        baker.make(UpkeepEntry, bed=bed, done_on=TODAY, work="watered", added_at=NOW)
    open_vote(plan)
    for url, most in {
        flowers(garden): 7,  # neighbourhood, project, beds, plans, what stands, plants, the strip
        plan.get_absolute_url(): 10,
        reverse("projects:place", args=[neighbourhood.slug, "HT-0"]): 10,
    }.items():
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200
    sign_in(client, team.leader.user)
    with django_assert_max_num_queries(14):  # and the session, the account, the person, whether they have voted
        assert client.get(plan.get_absolute_url()).status_code == 200
    assert PlantCandidate.objects.count() == length
    assert plan.vote_until > NOW + timedelta(days=1)
