"""A season in the admin, in the order of the work, and what its forms refuse (G2)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from community.models import Meeting
from people.models import Family
from portal import clock
from projects.models import Adoption, Bed, Planting, SeasonPlan
from projects.operations import seasons
from tests.conftest import NOW
from tests.projects.garden import *  # noqa: F403
from tests.projects.garden import members
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(neighbourhood, team):
    return client_of(staff_user("team_leader", neighbourhood, team=team))


def act(name: str, row) -> str:
    return reverse(f"admin:projects_{row._meta.model_name}_act", args=[name]) + f"?ids={row.pk}"


def do(client, name: str, row, **data):
    return client.post(act(name, row), {"ids": str(row.pk), **data})


def test_a_season_from_the_candidates_to_the_ground(leader, plan, team, make_plant, make_bed, make_activity):
    """The way of issue 4: candidates, online votes, hands, one total, decision, planting log."""
    bed = make_bed("HT-1")
    pink = seasons.propose(plan, make_plant("石竹", planting_months=[1, 3]), [bed], quantity=20)
    voter, *_rest = members(team)
    do(leader, "open", plan, until_0="2018-12-30", until_1="18:00")
    plan.refresh_from_db()
    seasons.vote(plan, voter, [pink], at=NOW)
    do(leader, "close", plan)
    page = leader.get(act("hands", plan)).content.decode()
    assert "1 member has voted online." in page
    assert "Whoever voted online does not raise a hand" in page
    assert voter.name not in page
    assert members(team)[1].name in page

    refused = do(leader, "hands", plan, room="4", **{f"hands_{pink.pk}": "4"})
    assert "3 members have not voted online" in said(refused)[0]
    do(leader, "hands", plan, room="2", **{f"hands_{pink.pk}": "2"})
    assert plan.candidates.with_votes().get().votes == 3

    meeting = make_activity(model=Meeting, kind="meeting", title="例会", team=team, starts_at=NOW + timedelta(days=16))
    with clock.frozen(NOW + timedelta(days=17)):
        do(leader, "decide", plan, chosen=[pink.pk], meeting=meeting.pk)
        plan.refresh_from_db()
        assert plan.status == "decided"
        do(leader, "plant", plan, what=f"{pink.pk}-{bed.pk}", quantity="20", on="2019-01-06")
    plan.refresh_from_db()
    planting = Planting.objects.get()
    assert (plan.status, planting.plan, planting.planted_on) == ("planted", plan, date(2019, 1, 6))

    with clock.frozen(NOW + timedelta(days=180)):
        do(leader, "end", planting, on="2019-06-01", outcome="good", note="开到六月")
    planting.refresh_from_db()
    assert planting.outcome_note == "开到六月"


def candidate(plant, bed, **fields) -> dict:
    data = {"plant": plant.pk, "beds": [bed.pk], "note": "", **fields}
    return {f"candidates-0-{name}": value for name, value in data.items()}


def plan_form(project, team, **fields) -> dict:
    return {
        "project": project.pk, "team": team.pk, "season": "spring", "year": "2019", "plant_by": "2019-03-10", "budget": "1800",
        "candidates-TOTAL_FORMS": "1", "candidates-INITIAL_FORMS": "0", **fields,
    }  # fmt: skip


def test_a_plan_is_written_with_its_candidates_and_g2_is_asked_at_once(leader, garden, team, make_plant, make_bed):
    url, bed = reverse("admin:projects_seasonplan_add"), make_bed("HT-8", for_children=True)
    poison, late, fine = make_plant("天竺葵", toxic=True), make_plant("孔雀草", planting_months=[4]), make_plant("石竹")
    for plant, sentence in (
        (poison, "a bed for children. Choose another bed"),
        (late, "is planted in Apr. Write in the note"),
    ):
        page = leader.post(url, plan_form(garden, team, **candidate(plant, bed))).content.decode()
        assert sentence in page.replace("&quot;", '"')
    assert not SeasonPlan.objects.exists()

    assert leader.post(url, plan_form(garden, team, **candidate(fine, bed, quantity="9"))).status_code == 302
    assert SeasonPlan.objects.get().candidates.get().plant == fine


def test_a_leader_plans_for_the_own_team_only(leader, garden, make_bed, neighbourhood):
    make_bed()
    other = baker.make("people.Team", neighbourhood=neighbourhood, code="x", name="别的队")
    page = leader.post(
        reverse("admin:projects_seasonplan_add"), plan_form(garden, other) | {"candidates-TOTAL_FORMS": "0"}
    )

    assert "outside of what your role covers" in page.content.decode()
    assert not SeasonPlan.objects.exists()


def test_a_childs_name_is_not_told_to_a_leader_and_stays_what_it_was(leader, plan, make_plant, make_bed, make_person):
    """V6: the proposer of a candidate may be a child whom the leader may not see."""
    child = make_person(9, name="裴小满")
    row = seasons.propose(plan, make_plant(), [make_bed("HT-1")], proposed_by=child)
    url = reverse("admin:projects_seasonplan_change", args=[plan.pk])
    assert "裴小满" not in leader.get(url).content.decode()
    data = {"plant_by": "2019-03-10", "budget": "90", "candidates-TOTAL_FORMS": "1", "candidates-INITIAL_FORMS": "1"}
    data |= candidate(row.plant, row.beds.get(), id=row.pk, quantity="7")

    assert leader.post(url, data).status_code == 302

    row.refresh_from_db()
    assert (row.proposed_by, row.quantity) == (child, 7)


def test_the_planting_log_asks_g2_too(leader, make_bed, make_plant):
    url, bed = reverse("admin:projects_planting_add"), make_bed("HT-8", for_children=True)
    log = lambda plant, **more: leader.post(  # noqa: E731
        url, {"bed": bed.pk, "plant": plant.pk, "quantity": "3", "planted_on": "2018-12-19", **more}
    )
    assert "a bed for children" in log(make_plant("郁金香", toxic=True, planting_months=[12])).content.decode()
    assert "Write in the note" in log(make_plant("石竹")).content.decode()
    assert log(make_plant("三色堇", planting_months=[12])).status_code == 302
    assert Planting.objects.count() == 1


def test_a_card_needs_an_adult_of_the_family(neighbourhood, garden, make_bed, make_person, make_child):
    """V5, V6, in the form of the bed."""
    bed, mother = make_bed("HT-8"), make_person(name="裴莉")
    family = baker.make(Family, neighbourhood=neighbourhood)
    family.members.set([mother, child := make_child(mother)])
    client = client_of(staff_user("committee_admin", neighbourhood))
    url = reverse("admin:projects_bed_change", args=[bed.pk])
    base = {
        "project": garden.pk, "code": "HT-8", "title": "孩子花坛", "light": "full_sun", "order": "8", "is_published": "on",
        "adoptions-TOTAL_FORMS": "1", "adoptions-INITIAL_FORMS": "0", "piece_photos-TOTAL_FORMS": "0", "piece_photos-INITIAL_FORMS": "0",
    }  # fmt: skip
    card = lambda by: {  # noqa: E731
        f"adoptions-0-{name}": value
        for name, value in {
            "family": family.pk, "since": "2018-12-01", "card_name": "满满一家", "agreed_by": by.pk, "agreed_on": "2018-12-01",
        }.items()
    }  # fmt: skip
    assert "Only an adult of the family" in client.post(url, base | card(child)).content.decode()

    assert client.post(url, base | card(mother)).status_code == 302
    assert Adoption.objects.get().public_name == "满满一家"


def test_an_editor_does_not_empty_the_keepers(neighbourhood, garden, make_bed, make_person):
    bed = make_bed("HT-1")
    bed.keepers.add(make_person(name="凌金凤"))
    client = client_of(staff_user("editor", neighbourhood))
    url = reverse("admin:projects_bed_change", args=[bed.pk])
    assert "凌金凤" not in client.get(url).content.decode()
    data = {"project": garden.pk, "title": "新名字", "light": "full_sun", "order": "1", "is_published": "on"}
    data |= {"piece_photos-TOTAL_FORMS": "0", "piece_photos-INITIAL_FORMS": "0"}

    assert client.post(url, data).status_code == 302

    bed = Bed.objects.get()
    assert (bed.title, bed.keepers.count()) == ("新名字", 1)


def test_today_says_what_the_season_needs(leader, plan, make_plant, make_bed):
    plan.plant_by = NOW.date() + timedelta(days=5)
    plan.save()
    candidate = seasons.propose(plan, make_plant(light="half_shade"), [make_bed()], note="x")
    candidate.note = ""
    candidate.save()
    page = leader.get(reverse("admin:index")).content.decode()
    assert "likes half shade" in page
    assert "To be planted by Tue 25 Dec." in page

    plan.status, plan.vote_until = "voting", NOW
    plan.save()
    assert (
        "The online vote is over: close it and count the hands." in leader.get(reverse("admin:index")).content.decode()
    )


@pytest.mark.parametrize("length", [1, 40])
def test_lists_cost_the_same_at_any_length(
    leader, garden, team, make_bed, make_plant, length, django_assert_max_num_queries
):
    for number in range(length):
        bed, plant = make_bed(f"HT-{number}"), make_plant(f"花{number}")
        baker.make(Planting, bed=bed, plant=plant, quantity=1, planted_on=NOW.date())
        baker.make("projects.UpkeepEntry", bed=bed, done_on=NOW.date(), work="watered", added_at=NOW)
        baker.make(
            SeasonPlan,
            neighbourhood=garden.neighbourhood,
            project=garden,
            team=team,
            season="spring",
            year=2000 + number,
        )
    for model in ("bed", "plant", "planting", "upkeepentry", "seasonplan"):
        with django_assert_max_num_queries(15):
            assert leader.get(reverse(f"admin:projects_{model}_changelist")).status_code == 200
