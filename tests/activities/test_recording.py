"""T1, M10: what has begun or is over is recorded by an act of its own (补录), which tells nobody and stays visible as late."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from model_bakery import baker

from activities.models import Activity, Invitation, Status
from activities.operations import lifecycle, recording, reminders
from activities.rules import attendance_sheet
from activities.rules.expected import expected_at
from community.models import Article, Meeting
from events.models import LearningEvent
from people.models import Message, PartyMember, PartyOrg, Team
from portal.refusals import Refusal
from projects.models import Project
from tests.activities.admin_pages import act, draft_form, page
from tests.activities.booking import book, statuses
from tests.conftest import NOW
from tests.staff import client_of, said, staff_user
from volunteers.models import ServiceRecord, Shift
from volunteers.pages import news

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture
def make_past(make_activity, neighbourhood):
    """Makes a draft of yesterday of that kind."""

    def make(kind="shift", **fields):
        values: dict = {"status": "draft", "starts_at": YESTERDAY, "kind": kind}
        if kind == "duty":
            team = baker.make(Team, neighbourhood=neighbourhood, code="flower", name="护花小队")
            values |= {"team": team, "visibility": "team"}
        if kind == "learning":
            values |= {"model": LearningEvent, "form": "film", "edu": "theory"}
        if kind == "meeting":
            branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", code="br1", name="第一党支部")
            values |= {"model": Meeting, "type": "branch_general_meeting", "organisation": branch}
            values |= {"visibility": "organisation", "open_to": []}
        return make_activity(**(values | fields))

    return make


@pytest.mark.parametrize("kind", ["shift", "duty", "learning", "meeting"])
def test_what_took_place_yesterday_is_recorded(make_past, coordinator, kind):
    """T1: publishing refuses and names the act; the act records it as done, with the day on which that happened."""
    draft = make_past(kind)

    with pytest.raises(Refusal, match="“Record what took place”"):
        lifecycle.publish(draft, at=NOW, by=coordinator)
    recorded = recording.record_past(draft, at=NOW, by=coordinator)

    recorded.refresh_from_db()
    assert (recorded.status, recorded.entered_at) == (Status.DONE, NOW)
    assert recorded.history.first().history_user == coordinator


def test_what_is_running_stands_as_published_until_its_end(make_past, coordinator):
    """T1: the same act, and the sweep finishes it as any other."""
    draft = make_past(starts_at=NOW - timedelta(minutes=30))

    running = recording.record_past(draft, at=NOW, by=coordinator)
    lifecycle.finish_past(running.ends_at)

    assert (running.status, running.entered_at) == (Status.PUBLISHED, NOW)
    assert not running.takes_sign_ups(at=NOW)
    running.refresh_from_db()
    assert (running.status, running.entered_at) == (Status.DONE, NOW)


@pytest.mark.parametrize("starts_at", [YESTERDAY, NOW - timedelta(minutes=30)])
def test_nobody_is_told(make_past, make_person, coordinator, neighbourhood, starts_at):
    """T1: no mail, no reminder, no news to who follows the project; whoever is expected is not signed up either."""
    project = baker.make(Project, neighbourhood=neighbourhood, slug="wall", title="墙绘", is_published=True)
    draft = make_past(starts_at=starts_at, project=project, extra_reminder_hours=2)
    Invitation.objects.create(activity=draft, person=make_person())

    recorded = recording.record_past(draft, at=NOW, by=coordinator)
    reminders.queue_due(NOW)

    assert not Message.objects.exists()
    assert not recorded.sign_ups.exists()
    assert list(news.shifts([project.pk], NOW - timedelta(days=7), NOW + timedelta(minutes=1))) == []


def test_who_was_expected_is_asked_as_of_that_day(make_past, make_person, coordinator):
    """T1, M3: a member who has left since was expected then, a later one was not."""
    meeting = make_past("meeting")
    branch = meeting.organisation
    then, later = make_person(), make_person()
    today = NOW.date()
    baker.make(
        PartyMember,
        person=then,
        neighbourhood=branch.neighbourhood,
        branch=branch,
        status="full",
        since=date(2018, 1, 1),
        until=today,
    )
    baker.make(
        PartyMember,
        person=later,
        neighbourhood=branch.neighbourhood,
        branch=branch,
        status="full",
        since=today,
        until=None,
    )

    recording.record_past(meeting, at=NOW, by=coordinator)

    assert expected_at([meeting.pk]) == {meeting.pk: {then.pk}}


def test_nothing_is_recruited_any_more_but_the_place_is_asked(make_past, coordinator):
    """T1: V1 asks risks and safeguards of recruitment, which this is not."""
    recording.record_past(make_past(risks="", safeguards="", text=""), at=NOW, by=coordinator)
    with pytest.raises(Refusal, match="location"):
        recording.record_past(make_past(location=None), at=NOW, by=coordinator)


def test_what_is_to_come_and_what_is_published_are_not_recorded(make_past, make_activity, coordinator):
    with pytest.raises(Refusal, match="has not begun yet"):
        recording.record_past(make_past(starts_at=NOW + timedelta(minutes=1)), at=NOW, by=coordinator)
    with pytest.raises(Refusal, match="published already"):
        recording.record_past(make_activity(starts_at=YESTERDAY), at=NOW, by=coordinator)


def test_who_came_is_entered_after_a_late_record_too(make_past, make_activity, coordinator):
    """T1: what is entered months later has its sheet open until the 10th of the month after that."""
    long_ago = NOW - timedelta(days=200)
    never_noted = make_activity(starts_at=long_ago, status="done")
    recorded = recording.record_past(make_past(starts_at=long_ago), at=NOW, by=coordinator)

    moments = [NOW, NOW + timedelta(days=21), NOW + timedelta(days=22)]  # 10 January is the last day
    asked = [attendance_sheet.is_open(recorded, moment) for moment in moments]
    picked = [list(Activity.objects.filter(attendance_sheet.with_open_sheet(moment))) for moment in moments]

    assert asked == [True, True, False]
    assert picked == [[recorded.activity_ptr], [recorded.activity_ptr], []]
    assert not attendance_sheet.is_open(never_noted, NOW)


def test_what_runs_and_still_takes_sign_ups_is_published_not_recorded(desk, make_past, coordinator):
    """T1, M12: an exhibition of a week whose draft was forgotten this morning; people can still be asked to come."""
    week = NOW + timedelta(days=7)
    draft = make_past(starts_at=NOW - timedelta(hours=1), ends_at=week, signup_until=NOW + timedelta(days=5))

    said_before = desk.get(act("publish", draft)).content.decode()
    with pytest.raises(Refusal, match="still takes sign-ups"):
        recording.record_past(draft, at=NOW, by=coordinator)
    desk.post(act("publish", draft), {"ids": draft.pk})

    draft.refresh_from_db()
    assert "Sign-up begins at once." in said_before
    assert (draft.status, draft.entered_at) == (Status.PUBLISHED, None)
    assert draft.takes_sign_ups(at=NOW)


# --- taking it back ---


def test_a_wrong_record_is_taken_back_with_a_reason(make_past, coordinator):
    """T1: a draft again, which may be corrected or deleted; the history keeps why."""
    recorded = recording.record_past(make_past(), at=NOW, by=coordinator)

    with pytest.raises(Refusal, match="say why"):
        recording.take_back(recorded, by=coordinator, reason=" ")
    recording.take_back(recorded, by=coordinator, reason="日期写错")

    recorded.refresh_from_db()
    assert (recorded.status, recorded.entered_at) == (Status.DRAFT, None)
    assert recorded.history.first().history_change_reason == "日期写错"


def test_a_record_on_which_something_rests_stays(make_past, coordinator, person, neighbourhood):
    """T1: service time, an article, a part: each is named."""
    served, told, whole = (recording.record_past(make_past(), at=NOW, by=coordinator) for _number in range(3))
    baker.make(
        ServiceRecord, neighbourhood=neighbourhood, activity=served, person=person, started_at=YESTERDAY,
        entered_at=NOW, source="sheet",
    )  # fmt: skip
    baker.make(Article, neighbourhood=neighbourhood, activity=told)
    make_past(part_of=whole)

    for record, word in [(served, "service records"), (told, "articles"), (whole, "activities")]:
        with pytest.raises(Refusal, match=word):
            recording.take_back(record, by=coordinator, reason="记错了")
        record.refresh_from_db()
        assert record.status == Status.DONE


def test_what_was_announced_in_time_is_not_taken_back(make_activity, coordinator):
    with pytest.raises(Refusal, match="not entered afterwards"):
        recording.take_back(make_activity(), by=coordinator, reason="记错了")


def test_a_signed_record_is_not_taken_back(make_past, coordinator):
    """T1, M8."""
    meeting = recording.record_past(make_past("meeting"), at=NOW, by=coordinator)
    Meeting.objects.filter(pk=meeting.pk).update(record_state="signed")
    with pytest.raises(Refusal, match="is signed"):
        recording.take_back(meeting, by=coordinator, reason="记错了")


# --- what was announced and not held ---


def test_it_can_be_said_afterwards_that_it_was_not_held(make_activity, coordinator, people):
    """T1: yesterday's shift was called off by word of mouth; nobody is told now, and it can be taken back."""
    shift = make_activity(starts_at=YESTERDAY - timedelta(days=1))
    book(shift, people[0], at=YESTERDAY - timedelta(days=3))
    Message.objects.all().delete()

    with pytest.raises(Refusal, match="say why"):
        recording.record_not_held(shift, at=NOW, by=coordinator, reason=" ")
    recording.record_not_held(shift, at=NOW, by=coordinator, reason="下雨")
    shift.refresh_from_db()
    said_then = shift.status, shift.cancelled_at, shift.cancel_reason
    recording.record_held_after_all(shift, by=coordinator)

    shift.refresh_from_db()
    assert said_then == (Status.CANCELLED, NOW, "下雨")
    assert (shift.status, shift.cancelled_at, shift.cancel_reason) == (Status.DONE, None, "")
    assert statuses(shift) == ["confirmed"]
    assert not Message.objects.exists()


def test_what_somebody_was_at_was_held(make_activity, coordinator, people, neighbourhood, location):
    """T1: by attendance, by service time, by a note of the morning, by a signature."""
    attended, served, noted = (make_activity(starts_at=YESTERDAY) for _number in range(3))
    book(attended, people[0], at=YESTERDAY - timedelta(days=3))
    attended.sign_ups.update(status="attended")
    baker.make(
        ServiceRecord, neighbourhood=neighbourhood, activity=served, person=people[0], started_at=YESTERDAY,
        entered_at=NOW, source="sheet",
    )  # fmt: skip
    Shift.objects.filter(pk=noted.pk).update(kind="duty", outcome="done")
    noted.refresh_from_db()

    for shift, words in [(attended, "Somebody was at"), (served, "Somebody was at"), (noted, "how it went")]:
        with pytest.raises(Refusal, match=words):
            recording.record_not_held(shift, at=NOW, by=coordinator, reason="下雨")


def test_only_of_what_is_over_and_never_of_what_was_cancelled_in_time(make_activity, coordinator):
    coming = make_activity()
    with pytest.raises(Refusal, match="announced and is over"):
        recording.record_not_held(coming, at=NOW, by=coordinator, reason="下雨")
    lifecycle.cancel(coming, at=NOW, by=coordinator, reason="下雨")
    with pytest.raises(Refusal, match="nothing to take back"):
        recording.record_held_after_all(coming, by=coordinator)


def test_the_page_says_that_it_was_not_held(desk, client, make_activity):
    """T1: the reason is public, as with whatever is cancelled."""
    shift = make_activity(starts_at=YESTERDAY, status="done")

    before = desk.get(act("not-held", shift)).content.decode()
    desk.post(act("not-held", shift), {"ids": shift.pk, "reason": "雨太大"})

    assert "so nobody is told" in before
    assert "雨太大" in client.get(shift.get_absolute_url()).content.decode()
    assert act("held-after-all", shift) in desk.get(page("change", shift.pk)).content.decode()


# --- the pages ---


def test_drafts_whose_day_has_passed_stand_on_the_first_page(desk, make_past, make_activity):
    """T0, T1: until they are recorded or deleted."""
    draft = make_past()
    make_activity(status="draft")

    job = lambda: next(  # noqa: E731
        one for one in desk.get(reverse("admin:index")).context["jobs"] if one.title == "Drafts whose day has passed"
    )
    before = job()
    listed = [row.pk for row in desk.get(before.url).context["cl"].result_list]
    desk.post(act("record", draft), {"ids": draft.pk})

    assert [line.url for line in before.lines] == [page("change", draft.pk)]
    assert before.count == 1
    assert listed == [draft.pk]
    assert job().count == 0


def test_the_page_says_what_will_and_what_will_not_happen(desk, make_past):
    """T1: said before the press; then it is done."""
    draft = make_past()

    said_before = desk.get(act("record", draft)).content.decode()
    desk.post(act("record", draft), {"ids": draft.pk})

    draft.refresh_from_db()
    assert "It will stand as done." in said_before
    assert "Nobody is told: no mail, no phone list, no reminder, no news to those who follow." in said_before
    assert "entered afterwards, on Thu 20 Dec 2018" in said_before
    assert draft.status == Status.DONE


def test_the_buttons_are_those_of_its_day(desk, make_past, make_activity):
    """T1: a draft of yesterday is recorded, one of tomorrow published, and a late record can be taken back."""
    names = lambda row: {  # noqa: E731
        name for name in ("publish", "record", "take-back") if act(name, row) in desk.get(page("change", row.pk)).content.decode()
    }  # fmt: skip

    past, coming = make_past(), make_activity(status="draft")
    late = make_past(status="done", entered_at=NOW)

    assert [names(row) for row in (past, coming, late)] == [{"record"}, {"publish"}, {"take-back"}]


def test_yesterdays_shift_is_added_and_the_page_says_what_to_do_next(desk, location):
    """T1: the add form keeps a draft, says so plainly, and names the act."""
    answer = desk.post(page("add"), draft_form(starts_at=YESTERDAY, location=str(location.pk)), follow=True)

    draft = Shift.objects.get()
    assert draft.status == Status.DRAFT
    assert any("press “Record what took place”" in sentence for sentence in said(answer))
    assert "press “Record what took place”" in desk.get(page("change", draft.pk)).content.decode()


def test_everybody_reads_that_it_was_entered_afterwards(client, make_past, make_activity, coordinator):
    """T1: the day is public for what is public, and stands on nothing else."""
    recorded = recording.record_past(make_past(), at=NOW, by=coordinator)

    assert "Entered afterwards, on Thu 20 Dec 2018." in client.get(recorded.get_absolute_url()).content.decode()
    assert "Entered afterwards" not in client.get(make_activity().get_absolute_url()).content.decode()


def test_in_chinese(desk, make_past):
    draft = make_past()
    desk.cookies["django_language"] = "zh-hans"
    with translation.override("zh-hans"):
        shown = desk.get(act("record", draft)).content.decode()
    assert "补录" in shown
    assert "不会通知任何人" in shown


def test_a_branch_secretary_records_the_own_branchs_meeting(make_past, neighbourhood):
    """T1: whoever may change a record may enter a late one; others may not."""
    meeting = make_past("meeting")
    other = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", code="br2", name="第二党支部")
    own = client_of(staff_user("branch_secretary", neighbourhood, org=meeting.organisation))
    strange = client_of(staff_user("branch_secretary", neighbourhood, "x@example.org", org=other))

    strange.post(act("record", meeting, model="community_meeting"), {"ids": meeting.pk})
    meeting.refresh_from_db()
    before = meeting.status
    own.post(act("record", meeting, model="community_meeting"), {"ids": meeting.pk})

    meeting.refresh_from_db()
    assert (before, meeting.status) == (Status.DRAFT, Status.DONE)


# --- M10: publishing promises what its day allows ---


def test_publishing_promises_no_reminder_and_no_sign_up_that_cannot_be(desk, make_activity, make_person):
    """M10: this evening's, whose reminder would have gone out yesterday and whose sign-up has ended."""
    near = make_activity(
        status="draft", starts_at=NOW + timedelta(hours=4), signup_until=NOW - timedelta(hours=1), open_to=["residents"]
    )
    Invitation.objects.create(activity=near, person=make_person())

    shown = desk.get(act("publish", near)).content.decode()

    assert "Sign-up has ended on" in shown
    assert "It is too late to remind them by mail" in shown
    assert "Sign-up begins at once." not in shown
    assert "will be reminded" not in shown


def test_publishing_says_who_is_told_at_once(desk, make_activity, make_person):
    """M10: it went without a word, and that many mails with it."""
    draft = make_activity(status="draft", open_to=[])
    for part in Invitation.Part.values:
        Invitation.objects.create(activity=draft, person=make_person(), part=part)

    before = desk.get(act("publish", draft)).content.decode()
    desk.post(act("publish", draft), {"ids": draft.pk})

    assert "2 people were asked to come one by one and are told now." in before
    assert Message.objects.count() == 2


def test_publishing_what_is_over_promises_nothing(desk, make_past):
    """M10."""
    shown = desk.get(act("publish", make_past())).content.decode()
    assert "Record what took place" in shown
    assert "Sign-up begins" not in shown
