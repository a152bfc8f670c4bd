"""Acts of staff on an activity (publish, cancel, move, more seats): each first says what follows and who is told."""

from datetime import timedelta

import pytest

from activities.models import Status
from activities.operations import lifecycle, sign_ups
from people.models import Message
from tests.activities.admin_pages import act, page, when
from tests.conftest import NOW
from tests.staff import said
from volunteers.models import Shift

pytestmark = pytest.mark.django_db


def test_publishing_shows_what_follows_and_then_does_it(desk, make_activity, coordinator):
    draft = make_activity(status=Status.DRAFT)

    asked = desk.get(act("publish", draft))
    draft.refresh_from_db()
    before = draft.status
    desk.post(act("publish", draft), {"ids": draft.pk})

    draft.refresh_from_db()
    assert "Everyone can see it." in asked.content.decode()
    assert (before, draft.status) == (Status.DRAFT, Status.PUBLISHED)
    assert draft.history.first().history_user == coordinator


def test_publishing_is_refused_with_a_sentence_while_something_is_missing(desk, make_activity):
    draft = make_activity(status=Status.DRAFT, risks="")

    warned = desk.get(act("publish", draft)).content.decode()
    refused = desk.post(act("publish", draft), {"ids": draft.pk})

    draft.refresh_from_db()
    assert "Still to be filled in: risks." in warned
    assert "risks" in said(refused)[-1]
    assert draft.status == Status.DRAFT


def test_several_drafts_are_published_from_the_list_and_each_refusal_is_said(desk, make_activity):
    good, bad = make_activity(status=Status.DRAFT), make_activity(status=Status.DRAFT, location=None)

    led = desk.post(page("changelist"), {"action": "publish", "_selected_action": [good.pk, bad.pk]})
    done = desk.post(led.headers["Location"], {"ids": f"{good.pk},{bad.pk}"})

    assert led.headers["Location"].startswith(page("act", "publish"))
    assert set(Shift.objects.filter(status=Status.PUBLISHED)) == {good}
    assert any("location" in sentence for sentence in said(done))


def test_cancelling_says_how_many_are_told_and_how_and_wants_a_reason(desk, activity, make_person):
    with_mail, without_mail = make_person(), make_person(email="", phone="10000000123")
    for person in (with_mail, without_mail):
        sign_ups.sign_up(activity, [person], made_by=person, at=NOW)

    asked = desk.get(act("cancel", activity)).content.decode()
    without_reason = desk.post(act("cancel", activity), {"ids": activity.pk, "reason": ""})
    activity.refresh_from_db()
    before = activity.status
    desk.post(act("cancel", activity), {"ids": activity.pk, "reason": "下雨"})

    activity.refresh_from_db()
    told = Message.objects.filter(kind__contains="cancel").values_list("recipient", "channel")
    assert "2 people are concerned." in asked
    assert "1 person will be told by e-mail." in asked
    assert "1 person has no e-mail and will stand on the phone list." in asked
    assert "Please fill this in." in without_reason.content.decode()
    assert (before, activity.status, activity.cancel_reason) == (Status.PUBLISHED, Status.CANCELLED, "下雨")
    assert set(told) == {(with_mail.pk, "email"), (without_mail.pk, "phone")}


def moved(activity, **changes) -> dict[str, str]:
    start = activity.starts_at + timedelta(days=1)
    return {
        "ids": str(activity.pk),
        **when("starts_at", start),
        **when("ends_at", start + timedelta(hours=2)),
        "location": str(activity.location_id),
        "reason": "场地占用",
        **changes,
    }


def test_moving_first_says_what_follows_then_moves(desk, activity, person):
    sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    data = moved(activity)

    asked = desk.post(act("move", activity), data)
    activity.refresh_from_db()
    before = activity.revision
    desk.post(act("move", activity), {**data, "seen": asked.context["form"]["seen"].value()})

    activity.refresh_from_db()
    assert "1 person is concerned." in asked.content.decode()
    assert (before, activity.revision) == (1, 2)
    assert activity.starts_at == NOW + timedelta(days=4)
    assert Message.objects.filter(kind__contains="moved").count() == 1


def test_what_was_read_counts_only_for_the_same_time_and_place(desk, activity):
    asked = desk.post(act("move", activity), moved(activity))
    seen = asked.context["form"]["seen"].value()

    later = {**moved(activity), **when("ends_at", activity.starts_at + timedelta(days=1, hours=3)), "seen": seen}
    again = desk.post(act("move", activity), later)

    activity.refresh_from_db()
    assert again.status_code == 200
    assert activity.revision == 1


def test_moving_warns_of_seats_elsewhere_at_that_time(desk, activity, person, make_activity):
    other = make_activity(title="手机课", starts_at=activity.starts_at + timedelta(days=1))
    for one in (activity, other):
        sign_ups.sign_up(one, [person], made_by=person, at=NOW)

    asked = desk.post(act("move", activity), moved(activity)).content.decode()

    assert "has a seat at “手机课” at that time." in asked


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starts_at_0": "2018-12-01"}, "The new time lies in the past."),
        ({"ends_at_0": "2018-12-01"}, "The end must lie after the start."),
        ({"location": "999999"}, "not one of the available choices"),
        ({"starts_at_0": ""}, "Please fill this in."),
    ],
)
def test_a_move_that_cannot_be_gets_a_sentence(desk, activity, changes, sentence):
    response = desk.post(act("move", activity), moved(activity, **changes))

    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_more_seats_go_to_those_who_wait_and_fewer_than_taken_are_refused(desk, make_activity, people):
    activity = make_activity(capacity=1, starts_at=NOW + timedelta(days=9))
    for person in people[:2]:
        sign_ups.sign_up(activity, [person], made_by=person, at=NOW)

    desk.post(act("seats", activity), {"ids": activity.pk, "capacity": "2"})
    refused = desk.post(act("seats", activity), {"ids": activity.pk, "capacity": "1"})

    assert set(activity.sign_ups.values_list("status", flat=True)) == {"confirmed"}
    assert "2 seats are taken" in said(refused)[-1]


def test_who_was_told_of_a_move_by_phone_leaves_the_list(desk, activity, person, coordinator):
    sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    later = activity.starts_at + timedelta(days=1)
    lifecycle.move(
        activity,
        at=NOW,
        by=coordinator,
        starts_at=later,
        ends_at=later + timedelta(hours=2),
        location=activity.location,
        reason="",
    )
    row = activity.sign_ups.get()
    unseen = page("changelist", model="activities_signup") + "?seen=no"
    before = list(desk.get(unseen).context["cl"].result_list)

    desk.post(act("told", row, model="activities_signup"), {"ids": row.pk})

    assert before == [row]
    assert list(desk.get(unseen).context["cl"].result_list) == []
