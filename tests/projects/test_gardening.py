"""The planting log, the upkeep log and the adoptions."""

from datetime import date, timedelta

import pytest
from model_bakery import baker

from people.models import Family, Person
from portal.files import Picture
from portal.refusals import Refusal
from projects.models import Planting
from projects.operations import gardening, seasons
from tests.conftest import NOW
from tests.people.test_files import own_folders, picture_bytes
from tests.projects.garden import *  # noqa: F403

__all__ = ["own_folders"]

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def test_nothing_toxic_is_planted_where_children_dig(make_bed, make_plant):
    """G2, at the bed too."""
    with pytest.raises(Refusal, match="toxic and must not stand in HT-1 花坛HT-1, a bed for children"):
        gardening.record_planting(
            make_bed(for_children=True), make_plant("郁金香", toxic=True), quantity=3, on=TODAY, note="在里面"
        )


def test_out_of_season_needs_a_note_in_the_log(make_bed, make_plant):
    """G2: a month that does not fit warns and needs a note."""
    bed, plant = make_bed(), make_plant(planting_months=[3])
    with pytest.raises(Refusal, match="is planted in Mar. Write in the note"):
        gardening.record_planting(bed, plant, quantity=3, on=TODAY)

    assert gardening.record_planting(bed, plant, quantity=3, on=TODAY, note="带土盆苗").note == "带土盆苗"


def test_the_log_does_not_run_ahead_nor_across_areas(make_bed, make_plant, elsewhere):
    bed = make_bed()
    with pytest.raises(Refusal, match="has not come yet"):
        gardening.record_planting(bed, make_plant(), quantity=3, on=TODAY + timedelta(days=1))
    with pytest.raises(Refusal, match="another residential area"):
        gardening.record_planting(bed, make_plant(neighbourhood=elsewhere), quantity=3, on=TODAY)


def test_a_plan_is_planted_when_the_last_of_it_is(plan, make_bed, make_plant):
    """And not logged for before it was decided."""
    plant, beds = make_plant(planting_months=[12]), [make_bed("HT-1"), make_bed("HT-2")]
    candidate = seasons.propose(plan, plant, beds, note="盆苗")
    log = lambda bed: gardening.record_planting(bed, plant, quantity=9, on=TODAY, plan=plan)  # noqa: E731
    with pytest.raises(Refusal, match="has not been decided yet"):
        log(beds[0])
    plan.status = "decided"
    plan.save()
    candidate.chosen = True
    candidate.save()

    log(beds[0])
    plan.refresh_from_db()
    assert plan.status == "decided"

    log(beds[1])
    plan.refresh_from_db()
    assert plan.status == "planted"


def test_how_it_did_is_said_when_it_is_taken_out(make_bed, make_plant):
    planting = baker.make(Planting, bed=make_bed(), plant=make_plant(), quantity=5, planted_on=date(2018, 11, 10))
    with pytest.raises(Refusal, match="It was planted on Saturday 10 November 2018. Please enter a day between then"):
        gardening.end_planting(planting, on=date(2018, 11, 1), outcome="good")
    with pytest.raises(Refusal, match="the next season is chosen by it"):
        gardening.end_planting(planting, on=TODAY, outcome="")

    gardening.end_planting(planting, on=TODAY, outcome="poor", note="积水烂根")
    with pytest.raises(Refusal, match="taken out on Thursday 20 December 2018 already"):
        gardening.end_planting(planting, on=TODAY, outcome="good")

    planting.refresh_from_db()
    assert (planting.outcome, planting.outcome_note) == ("poor", "积水烂根")


# --- upkeep ---


@pytest.fixture
def picture() -> Picture:
    return Picture(picture_bytes(), "bed.jpg", "image/jpeg", "jpg", 400, 300)


def log(bed, by, **fields):
    values = {"work": "watered", "on": TODAY, "at": NOW, "by": by}
    return gardening.log_upkeep(bed, **(values | fields))


def test_the_team_the_keepers_and_who_adopted_it_write_into_the_log(make_bed, team, make_person):
    bed, keeper, adopter = make_bed(), make_person(), make_person()
    bed.keepers.add(keeper)
    family = baker.make(Family, neighbourhood=bed.neighbourhood)
    family.members.add(adopter)
    gardening.adopt(bed, family, since=TODAY, until=None)

    for person in (team.leader, keeper, adopter):
        assert log(bed, person).by == person
    with pytest.raises(Refusal, match="ask at the committee"):
        log(bed, make_person())
    with pytest.raises(Refusal, match="has not come yet"):
        log(bed, keeper, on=TODAY + timedelta(days=1))


def test_a_photo_waits_until_somebody_has_looked_at_it(make_bed, team, picture):
    """V5: nothing that a resident sends is public by itself."""
    with pytest.raises(Refusal, match="what can be seen"):
        log(make_bed(), team.leader, picture=picture)

    entry = log(make_bed("HT-2"), team.leader, picture=picture, alt="草帘盖好了")
    assert entry.photo.published_at is None


# --- adoptions ---


def test_a_familys_name_is_shown_only_when_an_adult_of_it_agreed(make_bed, make_person, make_child):
    """V5, V6."""
    bed, mother = make_bed(), make_person(name="裴莉")
    child = make_child(mother, name="裴小满")
    family = baker.make(Family, neighbourhood=bed.neighbourhood)
    family.members.set([mother, child])
    adopt = lambda **fields: gardening.adopt(  # noqa: E731
        bed, family, **({"since": TODAY, "until": None, "card_name": "满满一家"} | fields)
    )

    assert adopt().public_name == "a family"
    for by, sentence in ((child, "Only an adult"), (make_person(), "Only an adult")):
        with pytest.raises(Refusal, match=sentence):
            adopt(agreed_by=by, agreed_on=TODAY)
    with pytest.raises(Refusal, match="who agreed to the name on the card, and when"):
        adopt(agreed_by=mother)
    with pytest.raises(Refusal, match="no name on the card"):
        adopt(card_name="", agreed_by=mother, agreed_on=TODAY)

    with pytest.raises(Refusal, match="That day has not come yet"):
        adopt(agreed_by=mother, agreed_on=TODAY + timedelta(days=1))
    with pytest.raises(Refusal, match="This family has this bed from Thursday 20 December 2018 on already."):
        adopt(since=date(2018, 11, 1))

    before = {"since": date(2018, 11, 1), "until": date(2018, 11, 30)}
    assert adopt(**before, agreed_by=mother, agreed_on=TODAY).public_name == "满满一家"


def test_a_family_of_another_area_adopts_nothing_here(make_bed, elsewhere):
    family = baker.make(Family, neighbourhood=elsewhere)
    with pytest.raises(Refusal, match="another residential area"):
        gardening.adopt(make_bed(), family, since=TODAY, until=None)
    assert Person.objects.exists()
