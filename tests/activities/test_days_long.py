"""M12: what runs for several days is shown on each of them, and may be joined while it runs where it says so."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from activities.models import Activity, Status
from activities.operations import lifecycle, sign_ups
from people import outbox
from portal import clock
from portal.refusals import caught
from tests.conftest import NOW  # a Thursday, 9:00

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def exhibition(make_activity):
    """From Wednesday to the Tuesday after; sign-up goes on until Sunday."""
    return make_activity(
        title="城市记忆展", starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=5), capacity=5,
        signup_until=NOW + timedelta(days=3),
    )  # fmt: skip


def days_with(client, neighbourhood, title, query="") -> list[str]:
    page = client.get(reverse("activities:calendar", args=[neighbourhood.slug]) + query)
    return [
        f"{day.date:%a}" for day in page.context["days"] if any(card.activity.title == title for card in day.entries)
    ]


def test_it_stands_on_every_day_it_runs(client, neighbourhood, exhibition):
    """M12: today too, where a phone begins to read; the days before are tucked away."""
    assert days_with(client, neighbourhood, "城市记忆展") == ["Wed", "Thu", "Fri", "Sat", "Sun"]
    assert days_with(client, neighbourhood, "城市记忆展", "?week=2018-W52") == ["Mon", "Tue"]


def test_one_that_ends_at_midnight_is_not_on_the_next_day(client, neighbourhood, make_activity):
    make_activity(title="守夜", starts_at=NOW + timedelta(hours=10), ends_at=NOW + timedelta(hours=15))
    assert days_with(client, neighbourhood, "守夜") == ["Thu"]


@pytest.mark.parametrize(
    ("start", "end", "is_shown"),
    [(-1, 5, True), (0, 2, True), (0, 1, False), (2, 2.1, True), (1, 1.2, False), (-3, 4, True), (3, 3.1, True)],
)
def test_the_weekend_shows_what_runs_over_it(client, neighbourhood, make_activity, start, end, is_shown):
    """M12"""
    make_activity(title="展", starts_at=NOW + timedelta(days=start), ends_at=NOW + timedelta(days=end))
    assert bool(days_with(client, neighbourhood, "展", "?weekend=1")) == is_shown


def test_it_can_be_joined_while_it_runs(exhibition, person):
    """M12: the confirmation is sent, and does not speak of a reminder to come."""
    assert exhibition.takes_sign_ups(at=NOW)
    assert list(Activity.objects.open_for_sign_up(NOW)) == [exhibition.activity_ptr]
    person.language = "en"
    person.save()
    booking = sign_ups.sign_up(exhibition, [person], made_by=person, at=NOW)
    outbox.dispatch()
    (letter,) = mail.outbox
    assert "It is on already, so there is no reminder." in letter.body
    sign_ups.withdraw(booking.sign_ups.all(), at=NOW, by=person)
    assert booking.sign_ups.get().status == "cancelled"


def test_after_the_end_of_sign_up_it_cannot(exhibition, make_person):
    person = make_person()
    with clock.frozen(NOW + timedelta(days=3)), caught() as no:
        sign_ups.sign_up(exhibition, [person], made_by=person, at=clock.now())
    assert no.refusal is not None
    assert not exhibition.takes_sign_ups(at=NOW + timedelta(days=3))


def test_without_a_word_about_it_sign_up_ends_with_the_start(make_activity, person):
    running = make_activity(starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=2))
    assert not running.takes_sign_ups(at=NOW)
    assert not Activity.objects.open_for_sign_up(NOW).exists()
    with caught() as no:
        sign_ups.sign_up(running, [person], made_by=person, at=NOW)
    assert no.sentence == "This activity takes no more sign-ups: it has begun or is over."


@pytest.mark.parametrize(
    ("until", "end", "words"),
    [
        (timedelta(hours=1), timedelta(hours=2), "but where it runs for several days"),
        (timedelta(days=3), timedelta(days=2), "Sign-up cannot go on after the end."),
        (timedelta(days=1), timedelta(days=2), ""),
    ],
)
def test_a_late_end_of_sign_up_is_for_several_days(make_activity, until, end, words):
    activity = make_activity(starts_at=NOW, ends_at=NOW + end, signup_until=NOW + until)
    try:
        activity.clean()
        said = ""
    except ValidationError as error:
        said = " ".join(error.message_dict.get("signup_until", []))
    assert words in said
    assert bool(words) == bool(said)


def test_called_off_while_it_runs_everyone_is_told(exhibition, person, coordinator):
    sign_ups.sign_up(exhibition, [person], made_by=person, at=NOW)
    outbox.dispatch()
    mail.outbox.clear()
    lifecycle.cancel(exhibition, at=NOW + timedelta(hours=1), by=coordinator, reason="停电")
    with clock.frozen(NOW + timedelta(hours=1)):
        outbox.dispatch()
    assert len(mail.outbox) == 1
    assert Activity.objects.get().status == Status.CANCELLED
