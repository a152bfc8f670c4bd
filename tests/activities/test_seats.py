"""The promise on seats (DESIGN "Seats", docs/rules/seats.md): seats, the queue behind them and offers, at their operations."""

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from activities.models import Booking, SignUp, SignUpStatus
from activities.operations import lifecycle, offers, queue, sign_ups
from people.models import Message, Occasion
from portal import clock
from portal.refusals import Refusal
from tests.activities.booking import book, statuses
from tests.conftest import NOW, SHANGHAI

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_asking_twice_returns_the_same_booking_and_sends_nothing_more(activity, person):
    first = book(activity, person)
    assert book(activity, person) == first
    assert Message.objects.count() == 1


def test_seats_go_until_the_last_and_then_the_queue_begins(make_activity, people):
    activity = make_activity(capacity=2)
    for person in people:
        book(activity, person)
    assert statuses(activity) == ["confirmed", "confirmed", "waiting", "waiting"]
    assert [booking.sequence for booking in activity.bookings.all()] == [1, 2, 3, 4]


def test_a_family_is_one_booking_all_or_none_and_nobody_passes_it(make_activity, people, make_child):
    activity = make_activity(capacity=3)
    book(activity, people[0])
    book(activity, people[1])
    child = make_child(people[2])
    book(activity, people[2], child, guardian_consents=True)  # two people, one seat left
    book(activity, people[3])  # would fit, but the free seat belongs to the head of the queue
    assert statuses(activity) == ["confirmed", "confirmed", "waiting", "waiting", "waiting"]


def test_a_freed_seat_goes_to_the_head_of_the_queue(make_activity, people):
    activity = make_activity(capacity=1, starts_at=NOW + timedelta(days=5))
    rows = [book(activity, person).sign_ups.get() for person in people[:3]]
    sign_ups.withdraw([rows[0]], at=NOW, by=people[0])
    assert statuses(activity) == ["cancelled", "confirmed", "waiting"]
    assert Occasion.objects.filter(kind="sign_up_promoted", subject_person=people[1]).count() == 1


def test_withdrawing_a_promoted_booking_frees_the_seat_again(make_activity, people):
    activity = make_activity(capacity=1, starts_at=NOW + timedelta(days=5))
    rows = [book(activity, person).sign_ups.get() for person in people[:3]]
    sign_ups.withdraw([rows[0]], at=NOW, by=people[0])
    sign_ups.withdraw([rows[1]], at=NOW, by=people[1])
    assert statuses(activity) == ["cancelled", "cancelled", "confirmed"]


def test_near_the_start_a_seat_is_offered_for_twelve_hours(make_activity, people):
    activity = make_activity(capacity=1, starts_at=NOW + timedelta(hours=23), signup_until=NOW + timedelta(hours=20))
    rows = [book(activity, person).sign_ups.get() for person in people[:3]]
    sign_ups.withdraw([rows[0]], at=NOW, by=people[0])
    assert statuses(activity) == ["cancelled", "offered", "waiting"]
    booking = Booking.objects.get(sign_ups=rows[1])
    assert booking.offer_until == NOW + timedelta(hours=12)

    offers.accept(booking, at=NOW + timedelta(hours=1), by=people[1])
    assert statuses(activity) == ["cancelled", "confirmed", "waiting"]


def test_an_unanswered_offer_lapses_and_the_next_is_asked(make_activity, people):
    activity = make_activity(capacity=1, promotion="offer", starts_at=NOW + timedelta(days=5))
    rows = [book(activity, person).sign_ups.get() for person in people[:3]]
    sign_ups.withdraw([rows[0]], at=NOW, by=people[0])
    later = NOW + timedelta(hours=23)  # 08:00 the next morning
    with clock.frozen(later):
        assert offers.lapse_due(later) == 1
    assert statuses(activity) == ["cancelled", "lapsed", "offered"]
    with pytest.raises(Refusal, match="no longer|ended|answer"):
        offers.accept(Booking.objects.get(sign_ups=rows[2]), at=later + timedelta(hours=12), by=people[2])


def test_a_declined_offer_goes_to_the_next(make_activity, people):
    activity = make_activity(capacity=1, promotion="offer", starts_at=NOW + timedelta(days=5))
    rows = [book(activity, person).sign_ups.get() for person in people[:3]]
    sign_ups.withdraw([rows[0]], at=NOW, by=people[0])
    offers.decline(Booking.objects.get(sign_ups=rows[1]), at=NOW, by=people[1])
    assert statuses(activity) == ["cancelled", "declined", "offered"]


def test_no_offer_is_made_at_night(make_activity, people):
    activity = make_activity(capacity=1, promotion="offer", starts_at=NOW + timedelta(days=5))
    rows = [book(activity, person).sign_ups.get() for person in people[:2]]
    night = datetime(2018, 12, 20, 20, 0, tzinfo=SHANGHAI)
    sign_ups.withdraw([rows[0]], at=night, by=people[0])
    assert statuses(activity) == ["cancelled", "waiting"]
    newcomer = book(activity, people[2], at=night)
    assert newcomer.sign_ups.get().status == "waiting"  # the seat is the head's until it can be asked
    morning = datetime(2018, 12, 21, 8, 0, tzinfo=SHANGHAI)
    offers.lapse_due(morning)
    assert statuses(activity) == ["cancelled", "offered", "waiting"]


def test_an_offer_never_outlives_the_sign_up_end(make_activity, people):
    activity = make_activity(
        capacity=1, promotion="offer", starts_at=NOW + timedelta(hours=10), signup_until=NOW + timedelta(hours=6)
    )
    rows = [book(activity, person).sign_ups.get() for person in people[:2]]
    sign_ups.withdraw([rows[0]], at=NOW, by=people[0])
    assert Booking.objects.get(sign_ups=rows[1]).offer_until == NOW + timedelta(hours=6)


def test_a_head_that_does_not_fit_is_asked_once_to_come_with_fewer(make_activity, people, make_child):
    activity = make_activity(capacity=2, starts_at=NOW + timedelta(days=5))
    first = book(activity, people[0]).sign_ups.get()
    book(activity, people[1])
    family = [people[2], make_child(people[2]), make_child(people[2])]
    booking = book(activity, *family, guardian_consents=True)
    sign_ups.withdraw([first], at=NOW, by=people[0])
    booking.refresh_from_db()
    assert booking.asked_fewer_at == NOW
    assert Occasion.objects.filter(kind="come_with_fewer").values("message").distinct().count() == 1
    queue.fill_seats(activity.pk, NOW + timedelta(hours=1))
    assert Occasion.objects.filter(kind="come_with_fewer").values("message").distinct().count() == 1

    with pytest.raises(Refusal, match="1 free seats"):
        offers.accept(booking, at=NOW, by=people[2], people=family[:2])
    offers.accept(booking, at=NOW, by=people[2], people=[people[2]])
    assert statuses(activity) == ["cancelled", "confirmed", "confirmed", "declined", "declined"]


def test_in_the_last_day_of_sign_up_the_first_booking_that_fits_goes_first(make_activity, people, make_child):
    start = NOW + timedelta(days=4)
    activity = make_activity(capacity=2, starts_at=start, signup_until=NOW + timedelta(days=2))
    first = book(activity, people[0]).sign_ups.get()
    book(activity, people[1])
    book(activity, people[2], make_child(people[2]), guardian_consents=True)
    book(activity, people[3])
    late = NOW + timedelta(days=1, hours=1)
    sign_ups.withdraw([first], at=late, by=people[0])
    assert statuses(activity) == ["cancelled", "confirmed", "waiting", "waiting", "confirmed"]


def test_more_seats_go_to_those_who_wait_and_fewer_than_taken_are_refused(make_activity, people):
    activity = make_activity(capacity=1, starts_at=NOW + timedelta(days=5))
    for person in people[:3]:
        book(activity, person)
    lifecycle.change_capacity(activity, 2, at=NOW, by=None)
    assert statuses(activity) == ["confirmed", "confirmed", "waiting"]
    with pytest.raises(Refusal, match="2 seats are taken"):
        lifecycle.change_capacity(activity, 1, at=NOW, by=None)


def test_one_live_sign_up_a_person_stands_in_the_database_too(activity, person):
    booking = book(activity, person)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignUp.objects.create(booking=booking, activity=activity, person=person, status="waiting")


def test_a_cancelled_row_is_never_revived(activity, person):
    old = book(activity, person).sign_ups.get()
    sign_ups.withdraw([old], at=NOW, by=person)
    new = book(activity, person).sign_ups.get()
    old.refresh_from_db()
    assert (old.status, new.status, old.pk != new.pk) == ("cancelled", "confirmed", True)


# What staff do


def test_coach_seats_are_counted(make_activity, people):
    activity = make_activity(coach_seats=1)
    book(activity, people[0], coach=[people[0].pk])
    with pytest.raises(Refusal, match="coach has 0"):
        book(activity, people[1], coach=[people[1].pk])
    book(activity, people[1])


def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_statuses_that_hold_seats_are_those_of_the_brief():
    from activities.models import SEAT_HOLDING

    assert set(SEAT_HOLDING) == set(SignUpStatus) - {"waiting", "excused", "cancelled", "lapsed", "declined"}
