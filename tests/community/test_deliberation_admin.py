"""Staff pages of deliberations: in the order of the work, refused with a sentence, read-only once public."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from activities.models import Status
from community.models import Deliberation, FollowUp, Meeting, Opinion, Option
from people.models import PartyOrg, opened
from people.pages.staff_jobs import jobs_for
from tests.community.conftest import HELD
from tests.conftest import NOW
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db
PREFIXES = ("participants", "sides", "opinions", "options", "follow_ups")


@pytest.fixture
def staff(neighbourhood):
    return client_of(staff_user("committee_admin", neighbourhood))


def change(deliberation) -> str:
    return reverse("admin:community_deliberation_change", args=[deliberation.pk])


def act(client, name: str, deliberation, **data):
    url = reverse("admin:community_deliberation_act", args=[name])
    return client.post(url, {"ids": deliberation.pk, **data})


def form(deliberation, **rows: list[dict]) -> dict:
    """The page as it stands, with ``rows`` added below it."""
    data = {
        "title": deliberation.title,
        "should_attend": deliberation.should_attend or "",
        "attended": deliberation.attended or "",
        "voters": deliberation.voters or "",
        "decision": deliberation.decision,
    }
    for prefix in PREFIXES:
        new = rows.get(prefix, [])
        data |= {f"{prefix}-TOTAL_FORMS": len(new), f"{prefix}-INITIAL_FORMS": 0}
        for number, row in enumerate(new):
            data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
            data[f"{prefix}-{number}-deliberation"] = deliberation.pk
    return data


def test_it_is_drafted_with_its_notice_and_published(staff, neighbourhood, location, committee):
    response = staff.post(
        reverse("admin:community_deliberation_add"),
        {
            "type": "hearing",
            "title": "听证会",
            "starts_at_0": "2018-12-26",
            "starts_at_1": "14:00",
            "ends_at_0": "2018-12-26",
            "ends_at_1": "16:00",
            "location": location.pk,
            "convener": committee.pk,
            "items": "要不要画\n谁来画",
            "materials": "草图",
            "notice_channels": ["board", "wechat_group"],
            "minors": "no",
            "promotion": "auto",
            "participants-TOTAL_FORMS": 0,
            "participants-INITIAL_FORMS": 0,
        },
    )
    deliberation = Deliberation.objects.get()
    assert response.status_code == 302
    assert (deliberation.kind, deliberation.status, deliberation.visibility) == ("deliberation", "draft", "public")
    assert (deliberation.items, deliberation.notice_channels) == (["要不要画", "谁来画"], ["board", "wechat_group"])

    act(staff, "publish", deliberation)
    deliberation.refresh_from_db()
    assert (deliberation.status, deliberation.notice_on) == ("published", NOW.date())


def test_votes_that_do_not_add_up_are_refused_beside_the_row(staff, make_deliberation):
    """D2: in the room, and by group in lines as staff write them."""
    held = make_deliberation(should_attend=5, attended=4, voters=4)
    option = {"text": "先画一条路", "votes_for": 3, "votes_against": 1, "abstained": 0, "by_group": "residents 3 1 0"}

    wrong = staff.post(change(held), form(held, options=[option | {"votes_against": 2}]))
    groups = staff.post(change(held), form(held, options=[option | {"by_group": "residents 2 1 0"}]))
    unread = staff.post(change(held), form(held, options=[option | {"by_group": "residents many"}]))
    saved = staff.post(change(held), form(held, options=[option]))

    assert "5 votes of 4 voters" in wrong.content.decode()
    assert "the groups have 2 votes" in groups.content.decode()
    assert "like this: residents 5 0 1" in unread.content.decode()
    assert saved.status_code == 302
    assert Option.objects.get().by_group == {"residents": [3, 1, 0]}


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (
            {"should_attend": 4, "attended": 5},
            "More cannot attend than should, and 4 should. Please correct one of the two numbers.",
        ),
        (
            {"should_attend": 9, "attended": 5, "voters": 6},
            "More cannot vote than attended, and 5 attended. Please correct one of the two numbers.",
        ),
    ],
)
def test_counts_that_cannot_be_are_refused(staff, make_deliberation, counts, sentence):
    held = make_deliberation()
    assert sentence in staff.post(change(held), form(held) | counts).content.decode()


def test_what_is_missing_stands_on_the_page_and_in_the_refusal(staff, held):
    baker.make(Opinion, deliberation=held, stance="oppose", text="不如修下水道")
    sentence = "1 concern or opposition has no reply yet. Please answer each with a reason."

    shown = staff.get(change(held)).content.decode()
    refused = act(staff, "publish-result", held)

    assert sentence in shown
    assert said(refused) == [sentence]
    Opinion.objects.update(reply="另列维修资金")
    act(staff, "publish-result", held)
    assert Deliberation.objects.get().is_public_result


def test_a_public_result_is_read_only_but_for_ticking_off(staff, held):
    follow_up = baker.make(FollowUp, deliberation=held, task="划线", due_on=date(2018, 12, 19))
    Deliberation.objects.update(notice_channels=["board"], items=["画哪条路"])
    act(staff, "publish-result", held)
    shown = staff.get(change(held)).content.decode()
    assert "画哪条路" in shown
    assert "notice board" in shown
    assert "&quot;board&quot;" not in shown  # lists are told in words, not as they are stored

    data = form(held) | {"decision": "另一个", "attended": 1}
    data |= {
        "follow_ups-TOTAL_FORMS": 1,
        "follow_ups-INITIAL_FORMS": 1,
        "follow_ups-0-id": follow_up.pk,
        "follow_ups-0-deliberation": held.pk,
        "follow_ups-0-task": "别的",
        "follow_ups-0-done_on": "2018-12-20",
    }
    assert staff.post(change(held), data).status_code == 302

    held.refresh_from_db()
    follow_up.refresh_from_db()
    assert (held.decision, held.attended) == ("先画一条路", 4)
    assert (follow_up.task, follow_up.done_on) == ("划线", NOW.date())


def test_a_result_is_taken_back_only_with_a_reason(staff, held):
    act(staff, "publish-result", held)
    assert act(staff, "correct-result", held, reason="").status_code == 200
    assert Deliberation.objects.get().is_public_result
    act(staff, "correct-result", held, reason="票数抄错")
    assert Deliberation.objects.get().correction == "票数抄错"


def test_branch_meetings_are_chosen_by_branch_and_day_without_their_subject(
    staff, held, make_activity, neighbourhood, elsewhere
):
    """D1: staff who may not read a branch's records still name which branches discussed it."""
    branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", name="第一党支部")
    there = baker.make(PartyOrg, neighbourhood=elsewhere, kind="branch", name="别处支部")
    meeting = {
        "model": Meeting, "kind": "meeting", "type": "branch_general_meeting", "title": "发展对象", "open_to": [],
        "visibility": "organisation", "starts_at": HELD - timedelta(days=9), "record_state": "signed", "status": "done",
    }  # fmt: skip
    make_activity(**meeting, organisation=branch)
    unsigned = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", name="没签字支部")
    make_activity(**{**meeting, "record_state": "draft"}, organisation=unsigned)  # T12
    make_activity(**meeting, organisation=there, neighbourhood=elsewhere, location=None)
    Deliberation.objects.update(status=Status.DRAFT)

    shown = staff.get(change(held)).content.decode()

    assert "第一党支部, Thu 6 Dec 2018" in shown
    assert "发展对象" not in shown
    assert "别处支部" not in shown
    assert "没签字支部, Thu" not in shown


def test_today_names_results_that_are_due_and_follow_ups_that_are_late(rf, neighbourhood, make_deliberation, elsewhere):
    """D3; what is not public, done or of another area is nobody's job here."""
    user = staff_user("committee_admin", neighbourhood)
    request = rf.get("/admin/")
    request.user = user
    make_deliberation(title="等结果")
    public = make_deliberation(result_state="published", result_at=NOW)
    away = make_deliberation(
        neighbourhood=elsewhere, location=None, convener=None, result_state="published", result_at=NOW
    )
    for deliberation, task, done in ((public, "逾期", None), (public, "办了", NOW.date()), (away, "别处", None)):
        with opened():
            baker.make(FollowUp, deliberation=deliberation, task=task, due_on=date(2018, 12, 1), done_on=done)

    jobs = {str(job.title): job for job in jobs_for(request)}

    def lines(name):
        return [line.title for line in jobs[name].lines]

    assert lines("Results of deliberations to publish") == ["等结果"]
    assert lines("Follow-ups overdue in public") == ["逾期"]
    request.user = staff_user("editor", neighbourhood)
    assert not {"Results of deliberations to publish", "Follow-ups overdue in public"} & {
        str(job.title) for job in jobs_for(request)
    }


@pytest.mark.parametrize("length", [1, 40])
def test_the_list_costs_the_same_at_any_length(staff, make_deliberation, length, django_assert_max_num_queries):
    for _number in range(length):
        make_deliberation()
    staff.get(reverse("admin:community_deliberation_changelist"))
    with django_assert_max_num_queries(15):
        shown = staff.get(reverse("admin:community_deliberation_changelist"), {"result": "due"})
    assert shown.content.decode().count("due on") >= length


def test_a_hearing_of_last_spring_is_offered_the_branch_meetings_before_it(
    staff, make_deliberation, make_activity, neighbourhood
):
    """T1: the latest of today lie after it."""
    branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", code="br1", name="第一党支部")
    fields = {
        "model": Meeting, "kind": "meeting", "type": "branch_general_meeting", "organisation": branch,
        "status": "done", "record_state": "signed",
    }  # fmt: skip
    before = make_activity(**fields, starts_at=HELD - timedelta(days=200))
    for number in range(45):
        make_activity(**fields, starts_at=HELD - timedelta(days=number + 1))
    hearing = make_deliberation(starts_at=HELD - timedelta(days=190), status=Status.DRAFT)

    offered = staff.get(change(hearing)).context["adminform"].form.fields["discussed_by"].queryset

    assert list(offered) == [before]
