"""Who may sign up and until when, at the operation: each refusal is a sentence that says why."""

from datetime import timedelta

import pytest
from model_bakery import baker

from activities.models import Booking, SignUp
from activities.operations import sign_ups
from portal.refusals import CLASH, Refusal
from tests.activities.booking import book, statuses
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


# Refusals, by their words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "cancelled"}, "cancelled"),
        ({"starts_at": NOW - timedelta(hours=1)}, "begun or is over"),
        ({"open_to": []}, "Nobody needs to sign up"),
        ({"signup_from": NOW + timedelta(hours=1)}, "Sign-up begins on Thu 20 Dec, 10:00"),
        ({"signup_until": NOW}, "Sign-up has ended.*10000000001"),
    ],
)
def test_outside_the_window_sign_up_is_refused_with_a_sentence(make_activity, person, fields, words):
    with pytest.raises(Refusal, match=words):
        book(make_activity(**fields), person)


def test_staff_may_still_enter_who_rang_up_after_the_end(make_activity, person):
    from people.models import User

    by = User.objects.create_user("s@example.org")
    booking = book(make_activity(signup_until=NOW), person, channel="phone", entered_by=by)
    assert booking.sign_ups.get().status == "confirmed"


def test_a_clash_is_refused_until_accepted(make_activity, person):
    book(make_activity(title="先报的"), person)
    other = make_activity()
    with pytest.raises(Refusal, match="先报的") as refused:
        book(other, person)
    assert refused.value.code == CLASH
    assert book(other, person, accept_clash=True).sign_ups.get().status == "confirmed"


def test_people_of_another_neighbourhood_are_refused(activity, make_person, elsewhere):
    with pytest.raises(Refusal, match="another residential area"):
        book(activity, make_person(place=elsewhere))


@pytest.mark.parametrize(
    ("age", "fields", "words"),
    [
        (17, {"minors": "no"}, "adults only"),
        (None, {"minors": "no"}, "do not know whether"),
        (13, {"minors": "14_and_over"}, "must be 14"),
        (30, {"min_age": 31}, "at least 31"),
        (70, {"max_age": 65}, "at most 65"),
        (10, {}, "needs an adult"),
    ],
)
def test_ages_are_those_of_the_day_and_fail_closed(make_activity, make_person, age, fields, words):
    """V4: an unknown age counts as under 14."""
    with pytest.raises(Refusal, match=words):
        book(make_activity(**fields), make_person(age))


def test_age_is_counted_on_the_day_of_the_activity(make_activity, make_person):
    """V4: 14 on the very day is 14."""
    day = NOW + timedelta(days=3)
    person = make_person(birth_date=day.date().replace(year=day.year - 14))
    booking = book(make_activity(minors="14_and_over", starts_at=day), person)
    assert booking.sign_ups.get().status == "consent_pending"


def test_a_declared_adult_of_unknown_age_may_join(make_activity, make_person):
    assert (
        book(make_activity(minors="no"), make_person(None, declared_adult_at=NOW)).sign_ups.get().status == "confirmed"
    )


def test_families_only_needs_a_child_and_an_adult(make_activity, people, make_child):
    activity = make_activity(open_to=["families"])
    with pytest.raises(Refusal, match="for families"):
        book(activity, people[0])
    book(activity, people[0], make_child(people[0]), guardian_consents=True)
    assert statuses(activity) == ["confirmed", "confirmed"]


def test_those_who_came_before_are_invited_first(make_activity, people):
    """S25: the children of the covers before everyone else."""
    before = make_activity(title="画井盖", starts_at=NOW - timedelta(days=9), status="done")
    booking = baker.make(Booking, activity=before, sequence=1, made_by=people[0], made_at=NOW)
    baker.make(SignUp, booking=booking, activity=before, person=people[0], status="attended")
    activity = make_activity(invite_first=before.activity_ptr, opens_to_all_at=NOW + timedelta(hours=2))
    book(activity, people[0])
    with pytest.raises(Refusal, match="画井盖"):
        book(activity, people[1])
    book(activity, people[1], at=NOW + timedelta(hours=2))


def test_an_activity_that_is_not_public_is_not_named_to_those_who_wait(client, make_activity, person):
    """T12: "those who came to …" named a draft, and a meeting of a branch, to everybody."""
    hidden = make_activity(title="支部的安排", status="draft")
    activity = make_activity(invite_first=hidden.activity_ptr, opens_to_all_at=NOW + timedelta(hours=2))
    shown = client.get(activity.get_absolute_url()).content.decode()
    assert "those who were invited first sign up" in shown
    assert "支部的安排" not in shown
    with pytest.raises(Refusal) as no:
        book(activity, person)
    assert "支部的安排" not in str(no.value)
    type(hidden).objects.update(status="published")
    assert "支部的安排" in client.get(activity.get_absolute_url()).content.decode()


# Children


def test_nobody_withdraws_somebody_else(activity, people):
    row = book(activity, people[0]).sign_ups.get()
    with pytest.raises(Refusal, match="Only the person"):
        sign_ups.withdraw([row], at=NOW, by=people[1])


def test_after_the_deadline_it_is_late_and_taken(make_activity, person):
    """M5"""
    activity = make_activity(cancel_until=NOW + timedelta(hours=1))
    row = book(activity, person).sign_ups.get()
    sign_ups.withdraw([row], at=NOW + timedelta(hours=1), by=person)
    row.refresh_from_db()
    assert (row.status, row.end_code) == ("cancelled", "said_late")
