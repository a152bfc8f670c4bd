"""Sign-ups that staff enter, withdraw and answer for people who ring up, with consents on paper."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from model_bakery import baker

from activities.models import ActivityConsent
from activities.operations import sign_ups
from people.models import PrivateFile
from tests.activities.admin_pages import enter, page, sheet
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


# --- at the desk ---


def test_several_people_are_entered_together_as_they_rang_up(desk, coordinator, activity, people):
    response = enter(desk, activity, people=[people[0].pk, people[1].pk], note="坐轮椅")

    booking = activity.bookings.get()
    assert response.status_code == 302
    assert (booking.channel, booking.entered_by, booking.note) == ("phone", coordinator, "坐轮椅")
    assert set(booking.sign_ups.values_list("person", "status")) == {
        (people[0].pk, "confirmed"),
        (people[1].pk, "confirmed"),
    }


def test_a_refusal_stands_above_the_form_and_the_rest_is_kept(desk, make_activity, make_person):
    activity = make_activity(minors="no")
    child = make_person(10, email="")

    response = enter(desk, activity, people=[child.pk], note="带水")

    assert f"{child.name} cannot join: this is for adults only." in response.content.decode()
    assert "带水" in response.content.decode()
    assert not activity.bookings.exists()


def test_a_clash_is_asked_about_and_may_be_accepted(desk, activity, make_activity, person):
    other = make_activity(title="手机课", starts_at=activity.starts_at)
    sign_ups.sign_up(other, [person], made_by=person, at=NOW)

    asked = enter(desk, activity, people=[person.pk])
    enter(desk, activity, people=[person.pk], accept_clash="on")

    assert "is signed up for “手机课” at that time." in asked.content.decode()
    assert activity.sign_ups.get().status == "confirmed"


def test_a_child_with_a_signed_sheet_has_the_seat_at_once(
    desk, coordinator, activity, person, make_child, settings, tmp_path
):
    """V4: the guardian's consent on paper, kept privately, with who entered it."""
    child = make_child(person)

    enter(
        desk,
        activity,
        people=[person.pk, child.pk],
        channel="paper",
        consented="on",
        sheet=sheet(),
        sheet_number="2018-37",
    )

    consent = ActivityConsent.objects.get()
    assert set(activity.sign_ups.values_list("status", flat=True)) == {"confirmed"}
    assert (consent.child, consent.guardian, consent.channel) == (child, person, "paper")
    assert (consent.entered_by, consent.sheet_number) == (coordinator, "2018-37")
    assert consent.sheet.purpose == PrivateFile.Purpose.CONSENT_SHEET


def test_a_child_without_a_consent_waits_for_it(desk, activity, person, make_child):
    child = make_child(person)

    enter(desk, activity, people=[person.pk, child.pk])

    assert dict(activity.sign_ups.values_list("person", "status")) == {
        person.pk: "confirmed",
        child.pk: "consent_pending",
    }


@pytest.mark.parametrize("content", [b"hello", b"", b"%PDX-1.4", b"\xff\xd8\xff broken"])
def test_a_sheet_that_is_no_picture_is_refused_and_nothing_is_entered(desk, activity, person, make_child, content):
    child = make_child(person)
    upload = SimpleUploadedFile("sheet.jpg", content, "image/jpeg")

    response = enter(desk, activity, people=[person.pk, child.pk], consented="on", sheet=upload)

    assert response.status_code == 200
    assert not activity.bookings.exists()
    assert not PrivateFile.objects.exists()


def test_the_sheet_goes_when_the_sign_up_is_refused(desk, make_activity, person, make_child):
    activity = make_activity(minors="no")

    enter(desk, activity, people=[person.pk, make_child(person).pk], consented="on", sheet=sheet())

    assert not PrivateFile.objects.exists()
    assert not ActivityConsent.objects.exists()


def test_a_waiting_consent_is_recorded_from_paper(desk, activity, person, make_child):
    child = make_child(person)
    enter(desk, activity, people=[person.pk, child.pk])
    row = activity.sign_ups.get(person=child)

    desk.post(
        page("consent", activity.pk, row.pk),
        {"what": "agree", "guardian": person.pk, "channel": "paper", "sheet": sheet(), "sheet_number": ""},
    )

    row.refresh_from_db()
    assert row.status == "confirmed"


def test_a_consent_is_taken_back_as_easily(desk, activity, person, make_child):
    """V5: the seat then waits for another consent."""
    child = make_child(person)
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    row = activity.sign_ups.get(person=child)
    data = {"what": "take_back", "guardian": person.pk, "channel": "phone", "sheet_number": ""}

    desk.post(page("consent", activity.pk, row.pk), data)
    again = desk.post(page("consent", activity.pk, row.pk), data)

    row.refresh_from_db()
    assert row.status == "consent_pending"
    assert "Nobody has agreed to this" in again.content.decode()


def test_staff_withdraw_one_of_a_family_and_the_next_follows(desk, make_activity, people):
    activity = make_activity(capacity=2, starts_at=NOW + timedelta(days=9))
    booking = sign_ups.sign_up(activity, people[:2], made_by=people[0], at=NOW)
    sign_ups.sign_up(activity, [people[2]], made_by=people[2], at=NOW)
    first = booking.sign_ups.get(person=people[0])

    desk.post(page("withdraw", activity.pk, first.pk), {"who": [first.pk], "reason": "来电取消"})

    assert dict(activity.sign_ups.values_list("person", "status")) == {
        people[0].pk: "cancelled",
        people[1].pk: "confirmed",
        people[2].pk: "confirmed",
    }


@pytest.mark.parametrize(("answer", "status"), [("accept", "confirmed"), ("decline", "declined")])
def test_staff_note_the_answer_to_an_offer(desk, make_activity, people, answer, status):
    activity = make_activity(capacity=1, promotion="offer")
    sign_ups.sign_up(activity, [people[0]], made_by=people[0], at=NOW)
    waiting = sign_ups.sign_up(activity, [people[1]], made_by=people[1], at=NOW)
    sign_ups.withdraw(list(activity.sign_ups.filter(person=people[0])), at=NOW, by=people[0])
    offered = waiting.sign_ups.get()

    desk.post(page("answer", activity.pk, offered.pk), {"answer": answer, "who": [offered.pk]})

    offered.refresh_from_db()
    assert offered.status == status


def test_the_list_of_bookings_keeps_the_order_of_the_queue(desk, make_activity, people):
    activity = make_activity(capacity=1)
    for person in people[:3]:
        sign_ups.sign_up(activity, [person], made_by=person, at=NOW)

    groups = desk.get(page("change", activity.pk)).context["bookings"]

    assert [(group["booking"].sequence, group.get("position")) for group in groups] == [(1, None), (2, 1), (3, 2)]


# --- how many queries ---


@pytest.mark.parametrize("length", [1, 50])
def test_the_list_of_sign_ups_costs_the_same_at_any_length(
    desk, activity, make_person, length, django_assert_max_num_queries
):
    for _n in range(length):
        person = make_person()
        booking = baker.make("activities.Booking", activity_id=activity.pk, sequence=_n, made_by=person, made_at=NOW)
        baker.make("activities.SignUp", activity_id=activity.pk, booking=booking, person=person, status="waiting")

    with django_assert_max_num_queries(15):
        response = desk.get(page("changelist", model="activities_signup"))
    with django_assert_max_num_queries(25):
        desk.get(page("change", activity.pk))

    assert len(response.context["cl"].result_list) == length
