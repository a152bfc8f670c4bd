"""What is planted next season: one vote for each member, online or by hand, and what G2 refuses (docs/rules/garden.md)."""

from datetime import timedelta

import pytest
from model_bakery import baker

from portal.refusals import Refusal
from projects.operations import seasons
from tests.conftest import NOW
from tests.projects.garden import *  # noqa: F403
from tests.projects.garden import members, open_vote
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def pink(plan, make_plant, make_bed):
    return seasons.propose(plan, make_plant("石竹"), [make_bed("HT-1")], quantity=20)


@pytest.fixture
def daisy(plan, make_plant, make_bed):
    return seasons.propose(plan, make_plant("白晶菊"), [make_bed("HT-2")], quantity=30)


@pytest.fixture
def meeting(make_activity, team):
    from community.models import Meeting

    return make_activity(model=Meeting, kind="meeting", title="例会", team=team, starts_at=NOW + timedelta(days=11))


def total(candidate) -> int:
    return candidate.plan.candidates.with_votes().get(pk=candidate.pk).votes


def decided(plan, candidates, meeting, at=NOW + timedelta(days=12)):
    return seasons.decide(plan, candidates, meeting=meeting, at=at)


# --- candidates (G2) ---


def test_nothing_toxic_is_proposed_for_a_bed_for_children(plan, make_plant, make_bed):
    """G2: whatever the note says; and the sentence says what to do instead."""
    bed = make_bed("HT-8", title="孩子花坛", for_children=True)
    with pytest.raises(Refusal) as refused:
        seasons.propose(plan, make_plant("天竺葵", toxic=True), [bed], note="会小心的")
    assert str(refused.value) == (
        "“天竺葵” is toxic and must not stand in HT-8 孩子花坛, a bed for children. Choose another bed, or another plant."
    )
    assert not plan.candidates.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"planting_months": [4, 9]}, "“四季秋海棠” is planted in Apr, Sep. Write in the note what is done about it"),
        ({"light": "half_shade"}, "“四季秋海棠” likes half shade; HT-3 花坛HT-3 has full sun. Write in the note"),
    ],
)
def test_the_wrong_month_or_light_needs_a_note(plan, make_plant, make_bed, fields, sentence):
    """G2: a mismatch warns and needs a note."""
    plant, bed = make_plant("四季秋海棠", **fields), make_bed("HT-3")
    with pytest.raises(Refusal, match=sentence):
        seasons.propose(plan, plant, [bed])

    assert seasons.propose(plan, plant, [bed], note="先在棚里育苗").note == "先在棚里育苗"


def test_spring_is_planted_from_january_to_the_plans_day(plan, make_plant, make_bed):
    """G2: what is planted in February fits a plan for 10 March."""
    assert seasons.propose(plan, make_plant(planting_months=[11, 2]), [make_bed()])


@pytest.mark.parametrize("again", ["twice", "after opening", "nowhere"])
def test_a_candidate_is_proposed_once_for_a_bed_before_the_vote(plan, pink, make_plant, make_bed, again):
    sentence = {"twice": "add the bed to that line", "after opening": "for the season after", "nowhere": "in which bed"}
    if again == "after opening":
        open_vote(plan)
    plant = pink.plant if again == "twice" else make_plant("三色堇")
    beds = [] if again == "nowhere" else [make_bed("HT-9")]
    with pytest.raises(Refusal, match=sentence[again]):
        seasons.propose(plan, plant, beds)


# --- the vote ---


def test_each_member_has_one_vote_and_may_be_for_several(plan, team, pink, daisy):
    """G2."""
    open_vote(plan)
    first, second, *_rest = members(team)
    seasons.vote(plan, first, [pink, daisy], at=NOW)
    seasons.vote(plan, second, [pink], at=NOW)

    assert (total(pink), total(daisy)) == (2, 1)


def test_nobody_votes_twice_but_may_vote_otherwise(plan, team, pink, daisy):
    open_vote(plan)
    first, *_rest = members(team)
    seasons.vote(plan, first, [pink], at=NOW)
    with pytest.raises(Refusal) as refused:
        seasons.vote(plan, first, [daisy], at=NOW)
    assert str(refused.value) == "You voted on Thu 20 Dec, 9:00. To vote otherwise, take your vote back first."

    seasons.take_back_vote(plan, first, at=NOW)
    seasons.vote(plan, first, [daisy], at=NOW)
    assert (total(pink), total(daisy)) == (0, 1)


@pytest.mark.parametrize("when", ["closed", "over"])
def test_a_closed_vote_takes_no_more(plan, team, pink, when):
    open_vote(plan)
    at = NOW + timedelta(days=10) if when == "over" else NOW
    if when == "closed":
        seasons.close_vote(plan)
    for act in (
        lambda: seasons.vote(plan, team.leader, [pink], at=at),
        lambda: seasons.take_back_vote(plan, team.leader, at=at),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert str(refused.value) == (
            "The online vote is closed. Whoever has not voted can raise a hand at the monthly meeting."
        )


def test_who_may_vote_and_for_what(plan, team, pink, make_person, garden, make_plant):
    with pytest.raises(Refusal, match="not open yet"):
        seasons.vote(plan, team.leader, [pink], at=NOW)
    open_vote(plan)
    with pytest.raises(Refusal, match="the members of “护花小队” decide. Come to the monthly meeting"):
        seasons.vote(plan, make_person(), [pink], at=NOW)
    with pytest.raises(Refusal, match="at least one plant"):
        seasons.vote(plan, team.leader, [], at=NOW)
    other = baker.make("projects.PlantCandidate", plant=make_plant("百日草"), plan__project=garden, plan__team=team,
                       plan__neighbourhood=garden.neighbourhood, plan__season="summer", plan__year=2019)  # fmt: skip
    with pytest.raises(Refusal, match="not up for this season"):
        seasons.vote(plan, team.leader, [other], at=NOW)
    with pytest.raises(Refusal, match="have not voted yet"):
        seasons.take_back_vote(plan, team.leader, at=NOW)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"plant_by": None}, "until when it has to be planted and what it may cost"),
        ({"budget": None}, "until when it has to be planted and what it may cost"),
        ({"status": "voting"}, "open already"),
        ({"status": "decided"}, "into the next plan"),
    ],
)
def test_a_vote_is_opened_when_everything_is_said(plan, pink, changes, sentence):
    for name, value in changes.items():
        setattr(plan, name, value)
    plan.save()
    with pytest.raises(Refusal, match=sentence):
        seasons.open_vote(plan, until=NOW + timedelta(days=1), at=NOW)


def test_a_vote_needs_candidates_members_and_time(plan, make_plant, make_bed, team):
    with pytest.raises(Refusal, match="Add the candidates first"):
        seasons.open_vote(plan, until=NOW + timedelta(days=1), at=NOW)
    candidate = seasons.propose(plan, make_plant(), [make_bed()])
    with pytest.raises(Refusal, match="Choose a later moment"):
        seasons.open_vote(plan, until=NOW, at=NOW)
    candidate.plant.light = "diffuse"  # the catalogue was put right after the nomination
    candidate.plant.save()
    with pytest.raises(Refusal, match="likes no direct sun"):
        seasons.open_vote(plan, until=NOW + timedelta(days=1), at=NOW)
    team.memberships.all().delete()
    team.leader = None
    team.save()
    with pytest.raises(Refusal, match="Add its members first"):
        seasons.open_vote(plan, until=NOW + timedelta(days=1), at=NOW)


# --- hands and the decision ---


def test_hands_and_online_votes_are_one_total_and_never_more_than_the_members(plan, team, pink, daisy):
    """G2: votes ≤ members, because only those raise a hand who had not voted online."""
    open_vote(plan)
    first, *_rest = members(team)
    seasons.vote(plan, first, [pink], at=NOW)
    with pytest.raises(Refusal, match="Close the online vote first, so that nobody is counted twice"):
        seasons.count_hands(plan, {pink.pk: 1}, voters_in_room=1, at=NOW)
    seasons.close_vote(plan)
    with pytest.raises(Refusal, match="3 members have not voted online, so no more can raise a hand"):
        seasons.count_hands(plan, {pink.pk: 4}, voters_in_room=4, at=NOW)
    with pytest.raises(Refusal, match="“石竹” has 3 hands, but only 2 members in the room had not voted online"):
        seasons.count_hands(plan, {pink.pk: 3}, voters_in_room=2, at=NOW)

    seasons.count_hands(plan, {pink.pk: 3, daisy.pk: 1}, voters_in_room=3, at=NOW)

    assert (total(pink), total(daisy)) == (4, 1)
    assert total(pink) == team.memberships.count()


def test_a_plan_is_decided_at_a_meeting_within_the_budget(plan, pink, daisy, meeting):
    """G2: 20 × 2 + 30 × 2 yuan is all the budget of 100 allows."""
    open_vote(plan)
    with pytest.raises(Refusal, match="Close the online vote first"):
        decided(plan, [pink], meeting)
    seasons.close_vote(plan)
    with pytest.raises(Refusal, match="Count the raised hands first"):
        decided(plan, [pink], meeting)
    seasons.count_hands(plan, {}, voters_in_room=0, at=NOW)
    daisy.quantity = 31
    daisy.save()
    with pytest.raises(Refusal) as refused:
        decided(plan, [pink, daisy], meeting)
    assert str(refused.value) == (
        "Together this costs 102.00 yuan, 2.00 more than the budget of 100.00. Take fewer, or have the budget raised first."
    )
    daisy.quantity = None
    daisy.save()
    with pytest.raises(Refusal, match="Say how many of 白晶菊 and what one costs"):
        decided(plan, [pink, daisy], meeting)
    with pytest.raises(Refusal, match="Choose what is to be planted"):
        decided(plan, [], meeting)
    with pytest.raises(Refusal, match="Name the meeting"):
        decided(plan, [pink], None)
    with pytest.raises(Refusal, match="“例会” has not taken place yet"):
        decided(plan, [pink], meeting, at=NOW)

    decided(plan, [pink], meeting)

    plan.refresh_from_db()
    assert (plan.status, plan.decided_by.title) == ("decided", "例会")
    assert [one.plant.name for one in plan.candidates.filter(chosen=True)] == ["石竹"]


def test_a_vote_is_opened_again_only_before_a_hand_was_counted(plan, pink):
    open_vote(plan)
    seasons.close_vote(plan)
    open_vote(plan)
    seasons.close_vote(plan)
    seasons.count_hands(plan, {}, voters_in_room=0, at=NOW)
    with pytest.raises(Refusal, match="has been counted"):
        open_vote(plan)


# --- the vote decides (T15) ---


@pytest.fixture
def counted(plan, pink, daisy):
    """Closed and counted: 3 for 石竹, 1 for 白晶菊."""
    open_vote(plan)
    seasons.close_vote(plan)
    seasons.count_hands(plan, {pink.pk: 3, daisy.pk: 1}, voters_in_room=3, at=NOW)
    plan.refresh_from_db()
    return plan


def season_page(client, plan) -> str:
    client.cookies["django_language"] = "en"
    return client.get(plan.get_absolute_url()).content.decode()


def test_the_vote_decides_unless_residents_read_why_not(client, counted, pink, daisy, meeting):
    """T15: a plant with fewer votes was chosen, and nobody read why."""
    with pytest.raises(
        Refusal, match="“石竹” \\(3\\) had more votes than what is chosen. Choose by the votes, or say why"
    ) as no:
        decided(counted, [daisy], meeting)
    assert no.value.about == "reason"
    with pytest.raises(Refusal, match="had more votes"):
        seasons.decide(counted, [daisy], meeting=meeting, at=NOW + timedelta(days=12), reason="  ")

    seasons.decide(counted, [daisy], meeting=meeting, at=NOW + timedelta(days=12), reason="苗圃没有石竹了")
    page = season_page(client, counted)
    assert "石竹 had more votes than what was chosen." in page
    assert "Reason: 苗圃没有石竹了" in page


@pytest.mark.parametrize("which", ["first", "both"])
def test_by_the_votes_no_reason_is_asked_or_kept(client, counted, pink, daisy, meeting, which):
    """T15: however many are chosen, they are those with the most votes."""
    chosen = [pink] if which == "first" else [pink, daisy]
    seasons.decide(counted, chosen, meeting=meeting, at=NOW + timedelta(days=12), reason="大家同意")
    counted.refresh_from_db()
    assert counted.reason == ""
    assert "had more votes" not in season_page(client, counted)


def test_of_equal_votes_the_meeting_chooses_and_the_page_says_so(client, counted, pink, daisy, meeting):
    """T15: a tie is no choice against the vote."""
    seasons.count_hands(counted, {pink.pk: 2, daisy.pk: 2}, voters_in_room=3, at=NOW)
    decided(counted, [daisy], meeting)
    page = season_page(client, counted)
    assert "石竹 had as many votes as the last that was chosen: the meeting settled it." in page
    assert "had more votes" not in page


def test_a_choice_of_before_without_a_reason_is_told_as_that(client, counted, daisy, meeting):
    """T15, T0: rows that no rule has seen are not altered, and the page says what holds."""
    type(counted).objects.filter(pk=counted.pk).update(status="decided", decided_by=meeting)
    type(daisy).objects.filter(pk=daisy.pk).update(chosen=True)
    assert "No reason was written down." in season_page(client, counted)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"starts_at": NOW - timedelta(days=1)}, "before the vote ended"),
        ({"starts_at": NOW + timedelta(days=11), "status": "draft"}, "has not taken place yet"),
        ({"starts_at": NOW + timedelta(days=11), "status": "cancelled"}, "has not taken place yet"),
        ({"starts_at": NOW + timedelta(days=11, hours=23)}, "has not taken place yet"),
    ],
    ids=["before the vote ended", "draft", "cancelled", "running"],
)
def test_the_meeting_that_decides_comes_after_the_vote(counted, pink, make_activity, fields, sentence):
    """T15: later than the vote's end, over, and no draft."""
    meeting = make_activity(title="例会", **fields)
    with pytest.raises(Refusal, match=sentence) as no:
        decided(counted, [pink], meeting)
    assert no.value.about == "meeting"
    counted.refresh_from_db()
    assert counted.status == "closed"


def test_a_vote_that_is_closed_at_the_meeting_is_decided_there(plan, pink, make_activity, at):
    """T15: the vote ended when it was closed, not when it was to end."""
    open_vote(plan)
    running = make_activity(title="例会", starts_at=NOW - timedelta(minutes=30))
    seasons.close_vote(plan)
    seasons.count_hands(plan, {pink.pk: 1}, voters_in_room=1, at=NOW)
    seasons.decide(plan, [pink], meeting=running, at=NOW + timedelta(hours=2))
    plan.refresh_from_db()
    assert plan.closed_at == NOW
    assert plan.decided_by_id == running.pk


def test_the_choice_is_taken_back_until_something_is_planted(client, counted, pink, daisy, meeting, garden):
    """T15: with a reason that residents read."""
    with pytest.raises(Refusal, match="Nothing is decided yet"):
        seasons.take_back_decision(counted, reason="弄错了")
    decided(counted, [pink], meeting)
    with pytest.raises(Refusal, match="Please say what is corrected"):
        seasons.take_back_decision(counted, reason=" ")
    seasons.take_back_decision(counted, reason="数量写错了")
    counted.refresh_from_db()
    assert (counted.status, counted.decided_by, counted.candidates.filter(chosen=True).count()) == ("closed", None, 0)
    assert "数量写错了" in season_page(client, counted)

    decided(counted, [pink, daisy], meeting)
    bed = pink.beds.get()
    baker.make(
        "projects.Planting", bed=bed, plant=pink.plant, plan=counted, quantity=3, planted_on=NOW.date(), ended_on=None
    )
    with pytest.raises(Refusal, match="What was chosen is being planted, so the choice stands"):
        seasons.take_back_decision(counted, reason="再来一次")


def test_what_became_toxic_stays_refused_whatever_the_reason(counted, pink, daisy, meeting):
    """T15, G2."""
    daisy.plant.toxic = True
    daisy.plant.save()
    daisy.beds.update(for_children=True)
    with pytest.raises(Refusal, match="a bed for children"):
        seasons.decide(counted, [daisy], meeting=meeting, at=NOW + timedelta(days=12), reason="大家喜欢")


def test_staff_decide_with_a_reason_and_take_it_back_on_the_page(counted, pink, daisy, make_activity, garden):
    """T15."""
    type(counted).objects.filter(pk=counted.pk).update(closed_at=NOW - timedelta(days=3))
    meeting = make_activity(
        title="例会", kind="meeting", team=counted.team, starts_at=NOW - timedelta(days=1), status="done"
    )
    desk = client_of(staff_user("committee_admin", garden.neighbourhood))

    def act(name: str, **data):
        return desk.post(f"/admin/projects/seasonplan/act/{name}/", {"ids": counted.pk, **data})

    answer = act("decide", chosen=[daisy.pk], meeting=meeting.pk)
    assert "had more votes than what is chosen" in said(answer)[0]
    assert "The vote decides: those with the most votes." in answer.content.decode()
    assert act("decide", chosen=[daisy.pk], meeting=meeting.pk, reason="苗圃没有了").status_code == 302
    counted.refresh_from_db()
    assert (counted.status, counted.reason) == ("decided", "苗圃没有了")
    assert act("take-back", reason="又有苗了").status_code == 302
    counted.refresh_from_db()
    assert (counted.status, counted.correction) == ("closed", "又有苗了")
