"""D1 to D4 where they are kept: the notice when it is published, the result before it is public."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from model_bakery import baker

from activities.models import Status
from activities.operations import lifecycle, recording
from activities.rules.expected import expected_at
from community.models import Deliberation, FollowUp, Meeting, Opinion, Option, Participant, Side
from community.operations.deliberations import correct_result, publish_result
from community.rules import vote_sums
from people.models import CommitteePost, PartnerUnit, PartyMember, PartyOrg, PropertyCompany
from portal.refusals import Refusal
from tests.community.conftest import HELD
from tests.conftest import NOW
from tests.staff import client_of, staff_user

pytestmark = pytest.mark.django_db
IN_DAYS = lambda days: NOW + timedelta(days=days)  # noqa: E731


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def user(neighbourhood):
    return staff_user("committee_admin", neighbourhood)


@pytest.fixture
def draft(make_deliberation):
    """A hearing on 27 December that nobody knows of yet."""

    def make(**fields) -> Deliberation:
        return make_deliberation(**({"starts_at": IN_DAYS(7), "status": Status.DRAFT, "notice_on": None} | fields))

    return make


# --- D1: the notice ---


def test_publishing_a_notice_dates_it_today(draft, user):
    deliberation = lifecycle.publish(draft(), at=NOW, by=user)
    assert (deliberation.status, deliberation.notice_on) == ("published", NOW.date())


@pytest.mark.parametrize("kind", ["hearing", "appraisal", "residents_assembly"])
def test_a_notice_needs_five_days(draft, user, kind):
    """D1; the refusal names the earliest day."""
    short = draft(type=kind, starts_at=IN_DAYS(4))

    with pytest.raises(Refusal, match="5 days before. .* the earliest day is Tuesday 25 December 2018") as refusal:
        lifecycle.publish(short, at=NOW, by=user)

    assert "Please choose a later day" in str(refusal.value)
    assert Deliberation.objects.get(pk=short.pk).status == "draft"
    assert lifecycle.publish(draft(type=kind, starts_at=IN_DAYS(5)), at=NOW, by=user).status == "published"


def test_a_notice_put_up_earlier_counts_from_that_day_but_not_from_a_day_to_come(draft, user):
    early = draft(starts_at=IN_DAYS(4), notice_on=(NOW - timedelta(days=1)).date())
    assert lifecycle.publish(early, at=NOW, by=user).status == "published"
    with pytest.raises(Refusal, match="later than today"):
        lifecycle.publish(draft(notice_on=IN_DAYS(1).date()), at=NOW, by=user)


def test_a_coordination_may_be_sooner_with_a_reason(draft, user):
    """D1: two days, or a reason that is shown in public."""
    soon = {"type": "coordination", "starts_at": IN_DAYS(1)}
    with pytest.raises(Refusal, match="2 days before. Please say why it is shorter"):
        lifecycle.publish(draft(**soon), at=NOW, by=user)
    assert lifecycle.publish(draft(**soon, short_notice_reason="水管爆了"), at=NOW, by=user).status == "published"
    assert lifecycle.publish(draft(type="coordination", starts_at=IN_DAYS(2)), at=NOW, by=user).status == "published"


@pytest.mark.parametrize(
    ("missing", "word"),
    [({"convener": None}, "convened by"), ({"items": []}, "items"), ({"materials": []}, "materials")],
)
def test_a_notice_names_its_convener_items_and_materials(draft, user, missing, word):
    with pytest.raises(Refusal, match=f"Please fill in: {word}"):
        lifecycle.publish(draft(**missing), at=NOW, by=user)


def test_what_the_general_branch_leads_was_discussed_by_the_branches_first(draft, user, make_activity, neighbourhood):
    """D1 (law), T12; a meeting of another kind, or one that was not held, or not signed, is none."""
    org = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="general_branch", name="党总支")
    deliberation = draft(led_by=org)
    other = make_activity(model=Meeting, kind="meeting", type="party_lecture", starts_at=HELD)
    deliberation.discussed_by.add(other)
    with pytest.raises(Refusal, match="党总支 leads it, so please name the branch general meetings"):
        lifecycle.publish(deliberation, at=NOW, by=user)

    values = {"model": Meeting, "kind": "meeting", "type": "branch_general_meeting", "starts_at": HELD}
    good = {"record_state": "signed", "status": "done"}
    for wrong in (
        {"record_state": "planned"}, {"record_state": "draft"}, {"status": "draft"}, {"status": "cancelled"},
        {"starts_at": NOW + timedelta(hours=1), "status": "published"},
    ):  # fmt: skip
        deliberation.discussed_by.set([make_activity(**(values | good | wrong))])
        with pytest.raises(Refusal, match="Only meetings that were held and whose record is signed count"):
            lifecycle.publish(deliberation, at=NOW, by=user)

    deliberation.discussed_by.add(make_activity(**values, **good))
    assert lifecycle.publish(deliberation, at=NOW, by=user).status == "published"


def test_a_hearing_is_not_moved_nearer_than_its_notice(make_deliberation, user):
    told = make_deliberation(starts_at=IN_DAYS(7), notice_on=NOW.date())
    with pytest.raises(Refusal, match="Please choose a later day"):
        lifecycle.move(told, at=NOW, by=user, starts_at=IN_DAYS(3), ends_at=IN_DAYS(3.1), location=told.location)
    moved = lifecycle.move(told, at=NOW, by=user, starts_at=IN_DAYS(6), ends_at=IN_DAYS(6.1), location=told.location)
    assert moved.revision == 2


def test_whoever_is_asked_is_expected_and_the_absent_are_not(make_deliberation, people):
    told = make_deliberation(starts_at=IN_DAYS(7))
    baker.make(Participant, deliberation=told, person=people[0], group="residents")
    baker.make(Participant, deliberation=told, person=people[1], group="residents", absence="illness")
    assert expected_at([told.pk])[told.pk] == {people[0].pk}


# --- D2 to D4: the result ---


def refused(deliberation, user) -> str:
    with pytest.raises(Refusal) as refusal:
        publish_result(deliberation, at=NOW, by=user)
    assert not Deliberation.objects.get(pk=deliberation.pk).is_public_result
    return str(refusal.value)


def test_a_complete_result_is_published_once(held, user):
    published = publish_result(held, at=NOW, by=user)
    assert (published.result_state, published.result_at) == ("published", NOW)
    assert published.history.first().history_user == user
    with pytest.raises(Refusal, match="is published already"):
        publish_result(held, at=NOW, by=user)


def test_every_concern_and_opposition_is_answered_first(held, user):
    """D2; support needs no reply."""
    for stance in ("concern", "oppose", "support"):
        baker.make(Opinion, deliberation=held, stance=stance, text="…", reply=" ")
    assert refused(held, user) == "2 concerns or oppositions have no reply yet. Please answer each with a reason."


def test_votes_add_up_to_the_voters(held, user):
    """D2."""
    Option.objects.update(votes_against=2)
    assert "“先画一条路”: 5 votes of 4 voters." in refused(held, user)


def test_votes_of_the_groups_add_up_where_they_are_entered(held, user):
    """D2."""
    Option.objects.update(by_group={"residents": [2, 1, 0], "property": [0, 0, 0]})
    assert "the groups have 2 votes “in favour”, not 3" in refused(held, user)
    Option.objects.update(by_group={"residents": [2, 1, 0], "property": [1, 0, 0]})
    assert publish_result(held, at=NOW, by=user).is_public_result


def test_web_votes_stand_apart_and_count_in_no_sum(held, user):
    """D2."""
    Option.objects.update(web_for=46, web_against=3, web_abstained=5)
    assert publish_result(held, at=NOW, by=user).is_public_result


def test_what_was_not_carried_is_explained(held, user):
    """D3; exactly half is not more than half."""
    Option.objects.update(votes_for=2, votes_against=2)
    assert refused(held, user) == "An option was not carried. Please say what was not adopted and why."
    Deliberation.objects.update(not_adopted="赞成未过半")
    assert publish_result(held, at=NOW, by=user).is_public_result


def test_a_coordination_needs_parties_and_a_signed_agreement(held, user):
    """D4."""
    held.type = "coordination"
    held.save()
    assert "at least two parties" in refused(held, user)
    sides = [baker.make(Side, deliberation=held, name=name) for name in ("车主", "居民")]
    assert refused(held, user) == "Write down the agreement, or that none was reached."
    Deliberation.objects.update(agreement="黄线禁停")
    assert refused(held, user) == "Note which parties have signed the agreement."
    Side.objects.filter(pk=sides[0].pk).update(has_signed=True)
    assert publish_result(held, at=NOW, by=user).is_public_result


def test_an_appraisal_needs_ratings_that_add_up(held, user):
    """D4."""
    held.type = "appraisal"
    held.save()
    assert "An appraisal needs its ratings" in refused(held, user)
    Deliberation.objects.update(very_satisfied=3, satisfied=2)
    assert refused(held, user) == "The ratings are 5, but 4 have a vote. Please correct one of the two."
    Deliberation.objects.update(satisfied=1)
    assert publish_result(held, at=NOW, by=user).is_public_result


@pytest.mark.parametrize(
    ("ratings", "percent"), [((17, 7, 1, 0), 96), ((21, 8, 2, 0), 94), ((0, 0, 0, 0), None), ((None,) * 4, None)]
)
def test_satisfaction_is_very_and_satisfied_of_all(ratings, percent):
    """D4, with the demo's figures."""
    assert Deliberation(**dict(zip(Deliberation.RATINGS, ratings, strict=True))).satisfaction == percent


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"starts_at": IN_DAYS(7)}, "is not over yet"),
        ({"status": Status.DRAFT}, "was not announced or is cancelled"),
        ({"status": Status.CANCELLED}, "was not announced or is cancelled"),
        ({}, "Say how many should attend and how many attended. Say what was decided."),
    ],
)
def test_what_was_not_held_or_recorded_has_no_result(make_deliberation, user, fields, sentence):
    assert sentence in refused(make_deliberation(**fields), user)


def test_a_result_is_corrected_with_a_reason_and_keeps_its_day(held, user):
    publish_result(held, at=NOW - timedelta(days=1), by=user)
    with pytest.raises(Refusal, match="Please say what is corrected"):
        correct_result(held, at=NOW, by=user, reason=" ")
    assert not correct_result(held, at=NOW, by=user, reason="票数抄错").is_public_result
    again = publish_result(held, at=NOW, by=user)
    assert (again.result_at, again.correction) == (NOW - timedelta(days=1), "票数抄错")
    with pytest.raises(Refusal, match="is not published"):
        correct_result(
            baker.make(Deliberation, neighbourhood=held.neighbourhood, starts_at=HELD, ends_at=NOW),
            at=NOW,
            by=user,
            reason="…",
        )


def test_the_database_holds_the_counts_too(held):
    for fields in ({"attended": 6}, {"voters": 5}, {"result_state": "published"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Deliberation.objects.filter(pk=held.pk).update(**fields)


# --- V6: as what people stand in it ---


def test_people_stand_in_a_result_by_post_or_body_never_by_the_party(held, user, committee, make_person, neighbourhood):
    """V6: a member who is nothing else is a resident; words that staff chose stay."""
    member, manager, chair, teacher, child = (make_person(age) for age in (40, 41, 42, 43, 13))
    branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch")
    baker.make(PartyMember, neighbourhood=neighbourhood, person=member, branch=branch, show_party_identity=True)
    baker.make(PropertyCompany, neighbourhood=neighbourhood, name="昌邻物业", contact=manager)
    baker.make(CommitteePost, committee=committee, person=chair, post="主任")
    teacher.unit = baker.make(PartnerUnit, neighbourhood=neighbourhood, name="北桥中学", kind="school")
    teacher.save()
    for person, group in (
        (member, "party_members"),
        (manager, "property"),
        (teacher, "partner_units"),
        (child, "building_leaders"),
    ):
        baker.make(Participant, deliberation=held, person=person, group=group)
        baker.make(Opinion, deliberation=held, person=person, stance="support", text=person.name)
    led = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="general_branch")
    baker.make(CommitteePost, org=led, person=chair, post="副书记")
    Deliberation.objects.update(led_by=led)  # the post in the committee that convened it goes first
    chosen = baker.make(Opinion, deliberation=held, person=member, stance="support", text="…", said_as="组长")
    task = baker.make(FollowUp, deliberation=held, task="画", owner=chair, due_on=NOW.date())

    publish_result(held, at=NOW, by=user)

    words = {one.text: (one.said_as, one.group) for one in held.opinions.exclude(person=None).exclude(pk=chosen.pk)}
    assert words == {
        member.name: ("", "residents"),
        manager.name: ("昌邻物业", "property"),
        teacher.name: ("北桥中学", "partner_units"),
        child.name: ("", "residents"),
    }
    chosen.refresh_from_db()
    task.refresh_from_db()
    assert (chosen.said_as, task.owner_as) == ("组长", "主任")


def test_lines_of_group_votes_are_read_as_they_are_written():
    counts = {"residents": [5, 0, 1], "owners_committee": [1, 1, 0]}
    assert vote_sums.write_groups(counts) == ["residents 5 0 1", "owners' committee 1 1 0"]
    assert vote_sums.read_groups(vote_sums.write_groups(counts)) == counts
    assert vote_sums.read_groups(["residents: 5 0 1"]) == {"residents": [5, 0, 1]}
    for line in ("residents 5 0", "nobody 1 2 3", "residents 1 2 x", "residents -1 0 0"):
        with pytest.raises(ValueError, match=line):
            vote_sums.read_groups([line])


# --- T1: what took place before it was written down ---


def test_a_hearing_of_last_week_is_recorded_with_the_day_of_its_notice(draft, user):
    """T1, D1: asked as of its own day, so the day on which the notice went out has to be said."""
    hearing = draft(starts_at=HELD)

    with pytest.raises(Refusal, match="day on which its notice went out") as refused:
        recording.record_past(hearing, at=NOW, by=user)
    recording.record_past(hearing, at=NOW, by=user, known={"notice_on": (HELD - timedelta(days=5)).date()})

    hearing.refresh_from_db()
    assert refused.value.about == "notice_on"
    assert (hearing.status, hearing.notice_on, hearing.entered_at) == ("done", (HELD - timedelta(days=5)).date(), NOW)


def test_a_notice_that_was_too_short_then_is_too_short_now(draft, user):
    """T1, D1; a coordination meeting may be recorded with its reason."""
    late = {"notice_on": (HELD - timedelta(days=1)).date()}

    with pytest.raises(Refusal, match="had to be given 5 days before"):
        recording.record_past(draft(starts_at=HELD), at=NOW, by=user, known=late)
    coordination = draft(type="coordination", starts_at=HELD)
    with pytest.raises(Refusal, match="had to be given 2 days before"):
        recording.record_past(coordination, at=NOW, by=user, known=late)
    recording.record_past(coordination, at=NOW, by=user, known=late | {"short_notice_reason": "漏水"})

    coordination.refresh_from_db()
    assert coordination.status == "done"


def test_a_notice_after_the_meeting_is_none(draft, user):
    """T1: asked as of that day and not as of today, also where the notice may be short."""
    coordination = draft(type="coordination", starts_at=HELD)
    known = {"notice_on": (HELD + timedelta(days=1)).date(), "short_notice_reason": "漏水"}
    with pytest.raises(Refusal, match="before the meeting"):
        recording.record_past(coordination, at=NOW, by=user, known=known)


def test_a_hearing_led_by_the_general_branch_needs_the_meetings_before_it_then_too(draft, user, neighbourhood):
    """T1, D1: a branch meeting held after the hearing did not discuss it first."""
    general = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="general_branch", code="gb", name="党总支")
    hearing = draft(starts_at=HELD, led_by=general)
    known = {"notice_on": (HELD - timedelta(days=5)).date()}
    with pytest.raises(Refusal, match="discussed it first"):
        recording.record_past(hearing, at=NOW, by=user, known=known)


def test_the_page_of_the_act_asks_for_the_day_of_the_notice(draft, user):
    """T1: what was typed stays when it is refused."""
    hearing = draft(starts_at=HELD)
    desk, url = client_of(user), f"/admin/community/deliberation/act/record/?ids={hearing.pk}"

    short = desk.post(url, {"ids": hearing.pk, "notice_on": "2018-12-13"})
    desk.post(url, {"ids": hearing.pk, "notice_on": "2018-12-10"})

    hearing.refresh_from_db()
    assert 'value="2018-12-13"' in short.content.decode()
    assert (hearing.status, str(hearing.notice_on)) == ("done", "2018-12-10")


def test_a_record_with_a_public_result_is_not_taken_back(held, user):
    """T1, D3."""
    publish_result(held, at=NOW, by=user)
    Deliberation.objects.filter(pk=held.pk).update(entered_at=NOW)
    with pytest.raises(Refusal, match="was published"):
        recording.take_back(held, by=user, reason="记错了")
