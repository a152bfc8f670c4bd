"""P1: a stage's gate asks the world, not the table: what is written down of a project's stages holds."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from community.models import Deliberation
from portal.refusals import Refusal
from projects.models import Feedback, ProjectRecord, ProjectStage
from projects.operations.stages import finish_stage, record_stage, skip_stage, start_stage, take_back
from projects.rules.gates import DEFAULT_REQUIRES
from tests.conftest import NOW
from tests.staff import client_of, said, save_page, staff_user

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
DAY = timedelta(days=1)


def ago(days: int) -> date:
    return TODAY - days * DAY


@pytest.fixture
def stage(project):
    def make(code: str, **fields) -> ProjectStage:
        fields = {"requires": DEFAULT_REQUIRES.get(code, [])} | fields
        return baker.make(ProjectStage, project=project, stage=code, **fields)

    return make


@pytest.fixture
def deliberation(project, make_activity):
    """One about the project, so many days ago; its result is public unless ``published=False``."""

    def make(days_ago: int, *, part="decided", type="hearing", published=True, **fields) -> Deliberation:
        starts = NOW - days_ago * DAY
        values = {"result_state": "published", "result_at": starts + 2 * DAY} if published else {}
        found = make_activity(
            model=Deliberation,
            kind="deliberation",
            type=type,
            starts_at=starts,
            **({"status": "done"} | values | fields),
        )
        ProjectRecord.objects.create(project=project, activity=found, part=part)
        return found

    return make


# --- deliberating: its published result ---


@pytest.mark.parametrize(
    "held",
    [
        {"days_ago": 9, "published": False},
        {"days_ago": 9, "result_at": NOW + DAY},
        {"days_ago": 9, "part": "discussed"},
        {"days_ago": 9, "status": "draft"},
        {"days_ago": 9, "status": "cancelled"},
        {"days_ago": -7, "status": "published", "result_at": NOW - DAY},
        {"days_ago": 3},
        None,
    ],
    ids=["no result", "result to come", "not decided", "draft", "cancelled", "a week away", "too late", "none"],
)
def test_deliberating_ends_with_its_published_result(stage, deliberation, held):
    """T14: not while the deciding hearing is a week away."""
    one = stage("deliberating", start=ago(10))
    if held is not None:
        deliberation(**held)
    with pytest.raises(Refusal, match="No deliberation with a published result had decided"):
        finish_stage(one, on=ago(5))


def test_deliberating_gets_its_real_day_once_the_result_is_out(stage, deliberation):
    """T14: the hearing was five days ago, its result came out three days ago; asked as of the day it was held."""
    deliberation(5)
    assert finish_stage(stage("deliberating", start=ago(5)), on=ago(5)).end == ago(5)


def test_what_is_over_on_paper_only_holds_the_next_one_up(stage, deliberation):
    """T14: the table says that it is over; the result was taken back."""
    stage("deliberating", start=ago(9), end=ago(8))
    stage("feedback", skipped=True, note="并入听证会")
    approved = stage("approved")
    held = deliberation(8, published=False)
    with pytest.raises(Refusal, match="“deliberated”: No deliberation with a published result"):
        start_stage(approved, on=ago(2))
    Deliberation.objects.filter(pk=held.pk).update(result_state="published", result_at=NOW - DAY)
    assert start_stage(approved, on=ago(2)).start == ago(2)


# --- designing: a version for approval; approved: the final one ---


def test_designing_ends_with_a_version_for_approval(stage, make_draft):
    """T14: agreed to at the hearing, shown from the next day on; no changed version came after."""
    one = stage("designing", start=ago(20))
    make_draft()
    with pytest.raises(Refusal, match="There is no published version for approval"):
        finish_stage(one, on=TODAY)
    make_draft(kind="final", notice_from=ago(1), notice_until=TODAY, published_at=NOW - DAY)
    with pytest.raises(Refusal, match="A changed version was published on Mon 17 Dec 2018"):
        finish_stage(one, on=ago(4))
    assert finish_stage(one, on=ago(2)).end == ago(2)


def test_the_design_of_covers_ends_with_an_owners_consent(stage, make_cover, project):
    """T14: covers have no versions; each needs its owner's yes (P4)."""
    one = stage("designing", start=ago(20))
    cover = make_cover(project=project, consent_on=None, consent_by="", painted_on=None, is_published=False)
    with pytest.raises(Refusal, match="nor had the owner of a cover agreed"):
        finish_stage(one, on=TODAY)
    cover.consent_by, cover.consent_on = "物业", ago(2)
    cover.save()
    with pytest.raises(Refusal, match="nor had the owner of a cover agreed"):
        finish_stage(one, on=ago(3))
    assert finish_stage(one, on=ago(2)).end == ago(2)


def test_approved_ends_with_the_final_version(stage, make_draft, deliberation):
    """T14: a hearing's yes is not the end of the public notice."""
    deliberation(12)
    version = make_draft(kind="final", notice_from=ago(9), notice_until=ago(2), published_at=NOW - 9 * DAY)
    one = stage("approved", start=ago(9), requires=[])
    with pytest.raises(Refusal, match="No version was final by then"):
        finish_stage(one, on=ago(2))
    version.is_final, version.finalised_at = True, NOW - DAY
    version.save()
    with pytest.raises(Refusal, match="No version was final by then"):
        finish_stage(one, on=ago(3))
    assert finish_stage(one, on=ago(2)).end == ago(2)


def test_approved_without_a_design_asks_who_agreed(stage, deliberation):
    """T14."""
    one = stage("approved", start=ago(9), requires=[])
    with pytest.raises(Refusal, match="Nothing of record says by then who approved it"):
        finish_stage(one, on=TODAY)
    deliberation(9)
    assert finish_stage(one, on=TODAY).end == TODAY


# --- feedback: answered items ---


def test_feedback_is_gathered_on_what_was_published_and_ends_answered(stage, make_draft):
    """T14."""
    one = stage("feedback")
    with pytest.raises(Refusal, match="No version of the design had been published by then"):
        start_stage(one, on=ago(3))
    version = make_draft(round=None)
    start_stage(one, on=ago(3))
    with pytest.raises(Refusal, match="Nobody was asked about the design here"):
        finish_stage(one, on=TODAY)
    round_ = version.rounds.create(opens_on=ago(3), closes_on=TODAY + DAY)
    with pytest.raises(Refusal, match="A round of feedback is open until Fri 21 Dec 2018"):
        finish_stage(one, on=TODAY)
    round_.closes_on = ago(1)
    round_.save()
    item = baker.make(Feedback, draft=version, number=1, channel="paper_box", received_on=ago(1), entered_at=NOW)
    with pytest.raises(Refusal, match="Something that was said by then has no answer yet"):
        finish_stage(one, on=ago(1))
    item.disposition, item.reply, item.replied_at = "not_adopted", "谢谢", NOW
    item.save()
    assert finish_stage(one, on=ago(1)).end == ago(1)


# --- recruiting: a published shift ---


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"status": "cancelled"}, {"kind": "duty"}, {"days": -3}])
def test_recruiting_begins_with_a_published_shift(stage, project, make_activity, fields):
    """T14."""
    one = stage("recruiting")
    make_activity(project=project, starts_at=NOW + fields.pop("days", 3) * DAY, **fields)
    with pytest.raises(Refusal, match="No published shift on that day or later calls for volunteers"):
        start_stage(one, on=ago(1))
    make_activity(stage=stage("implementing"), project=None)
    assert start_stage(one, on=ago(1)).start == ago(1)


def test_no_stage_is_over_while_a_shift_of_its_own_is_to_come(stage, make_activity, project):
    """T14."""
    one = stage("preparing", start=ago(3))
    shift = make_activity(project=project, stage=one)
    with pytest.raises(Refusal, match="A published shift of this stage is still to come, on Sun 23 Dec 2018"):
        finish_stage(one, on=TODAY)
    type(shift).objects.filter(pk=shift.pk).update(status="cancelled")
    assert finish_stage(one, on=TODAY).end == TODAY


# --- accepted: its published appraisal, and everything before it over ---


def test_accepted_ends_with_its_published_appraisal(stage, deliberation):
    """T14: 评议验收 was ended with the design open and the recruiting never begun."""
    designing, recruiting = stage("designing", start=ago(30)), stage("recruiting")
    accepted = stage("accepted", start=ago(3), requires=[])
    deliberation(4, part="reviewed", type="hearing")  # no appraisal
    with pytest.raises(Refusal, match="No appraisal meeting with a published result had looked back"):
        finish_stage(accepted, on=ago(2))
    deliberation(3, part="reviewed", type="appraisal")
    with pytest.raises(Refusal, match="“designed” was neither over by then nor left out"):
        finish_stage(accepted, on=ago(2))
    ProjectStage.objects.filter(pk=designing.pk).update(end=ago(20))
    with pytest.raises(Refusal, match="“recruiting” was neither over by then nor left out"):
        finish_stage(accepted, on=ago(2))
    skip_stage(recruiting, note="由园艺师自己完成")
    assert finish_stage(accepted, on=ago(2)).end == ago(2)


# --- the past, and taking back ---


def test_a_stage_that_is_over_is_recorded_with_its_days(stage, deliberation):
    """T14: in one act, whole or not at all."""
    one = stage("deliberating")
    deliberation(40)
    with pytest.raises(Refusal, match="No deliberation"):
        record_stage(one, start=ago(60), end=ago(50))
    one.refresh_from_db()
    assert one.start is None
    with pytest.raises(Refusal, match="The end lies before the start"):
        record_stage(one, start=ago(40), end=ago(60))
    with pytest.raises(Refusal, match="has not come yet"):
        record_stage(one, start=ago(40), end=TODAY + DAY)
    done = record_stage(one, start=ago(60), end=ago(40), note="通过")
    assert (done.start, done.end, done.note) == (ago(60), ago(40), "通过")


def test_an_entry_is_taken_back_while_nothing_rests_on_it(stage, client, project):
    """T14: with a reason that residents read."""
    preparing, implementing = stage("preparing"), stage("implementing", requires=["preparing"])
    record_stage(preparing, start=ago(9), end=ago(5))
    start_stage(implementing, on=ago(4))
    with pytest.raises(Refusal, match="“carried out” has begun because “prepared” was over or left out"):
        take_back(preparing, reason="日期有误")
    take_back(implementing, reason="下雨没有开工")
    with pytest.raises(Refusal, match="Please say what is corrected"):
        take_back(preparing, reason=" ")
    take_back(preparing, reason="日期有误")
    preparing.refresh_from_db()
    assert (preparing.start, preparing.end, preparing.correction) == (ago(9), None, "日期有误")
    take_back(preparing, reason="还没有开始")
    skip_stage(preparing, note="不用准备")
    take_back(preparing, reason="其实要准备")
    with pytest.raises(Refusal, match="Nothing is entered for “prepared”, so you need not"):
        take_back(preparing, reason="再来")
    page = client.get(project.get_absolute_url()).content.decode()
    assert "下雨没有开工" in page
    assert "其实要准备" in page
    assert "不用准备" not in page


def test_the_end_lies_before_what_began_after_it(stage):
    """T14: whoever enters the older stage later enters it as it was."""
    stage("implementing", requires=["preparing"], start=ago(9))
    one = stage("preparing", start=ago(20))
    with pytest.raises(Refusal, match="“carried out” waits for this and began on Tue 11 Dec 2018"):
        finish_stage(one, on=ago(8))
    assert finish_stage(one, on=ago(9)).end == ago(9)


# --- the pages ---


def test_the_page_tells_only_what_holds(client, project, stage, deliberation):
    """T14: rows of before, which no gate has seen; a day to come is not told either."""
    client.cookies["django_language"] = "en"
    stage("deliberating", start=ago(9), end=ago(8))
    stage("preparing", start=ago(9), end=TODAY + 3 * DAY)
    stage("implementing", start=TODAY + DAY, requires=[])
    stage("accepted", start=ago(1), end=ago(1), requires=[])

    def told() -> dict:
        items = client.get(project.get_absolute_url()).context["stages"]
        return {item["title"]: (item["when"], item["live"], item["later"]) for item in items}

    assert told() == {
        "deliberated": ("since Tue 11 Dec", True, False),
        "prepared": ("since Tue 11 Dec", True, False),
        "carried out": ("", False, True),
        "reviewed": ("since Wed 19 Dec", True, False),
    }
    deliberation(8)
    assert told()["deliberated"] == ("11–12 Dec", False, False)


def test_staff_read_which_entries_do_not_hold(project, stage):
    """T0: rows of before are named, and not altered."""
    one = stage("deliberating", start=ago(9), end=ago(8))
    desk = client_of(staff_user("committee_admin", project.neighbourhood))
    page = desk.get(reverse("admin:projects_project_change", args=[project.pk])).content.decode()
    assert "“deliberated” is entered as over, but everybody reads that it runs on. No deliberation with a" in page
    one.refresh_from_db()
    assert one.end == ago(8)


def test_the_table_does_not_go_around_the_gates(project, stage):
    """T14: days, and which stage a row is, are no fields of the form; what a begun stage waits for stands."""
    one = stage("implementing", start=ago(3), requires=["preparing"])
    two = stage("accepted", requires=["implementing"])
    desk = client_of(staff_user("committee_admin", project.neighbourhood))
    url = reverse("admin:projects_project_change", args=[project.pk])
    save_page(
        desk, url,
        **{
            "stages-0-end": TODAY.isoformat(), "stages-0-start": "2018-01-01", "stages-0-stage": "accepted",
            "stages-0-requires": [], "stages-0-note": "开工", "stages-1-skipped": "on", "stages-1-requires": ["preparing"],
        },
    )  # fmt: skip
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.stage, one.start, one.end, one.requires, one.note) == (
        "implementing", ago(3), None, ["preparing"], "开工",
    )  # fmt: skip
    assert (two.skipped, two.requires) == (False, ["preparing"])

    response = save_page(desk, url, **{"stages-1-requires": ["accepted"]})
    assert "“reviewed” would wait for itself and could never begin" in response.content.decode()


def test_staff_record_and_take_back_on_the_page(project, stage):
    """T14."""
    one = stage("preparing")
    desk = client_of(staff_user("editor", project.neighbourhood))

    def act(name: str, **data):
        url = reverse("admin:projects_project_act", args=[name])
        return said(desk.post(url, {"ids": project.pk, "stage": one.pk, **data}, follow=True))

    assert act("record-stage", start=ago(9), end=ago(5)) == ["“prepared” is written down with its days."]
    page = desk.get(reverse("admin:projects_project_act", args=["take-back-stage"]), {"ids": project.pk})
    assert "“prepared”: that it ended on Sat 15 Dec 2018" in page.content.decode()
    assert act("take-back-stage", reason="日期有误") == ["Taken back: “prepared”. Its page tells the reason."]
    one.refresh_from_db()
    assert (one.start, one.end) == (ago(9), None)
