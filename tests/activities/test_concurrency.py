"""Seats under parallel requests: on PostgreSQL by row locks, on SQLite by immediate transactions; with a negative control."""

import time
from collections import Counter

import pytest
from django.db import connection
from model_bakery import baker

from activities.models import Activity, SignUp
from activities.operations import locks, offers, queue, sign_ups
from people.models import Person
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def sign_up_call(activity, people, **options):
    return lambda: sign_ups.sign_up(activity, people, made_by=people[0], at=NOW, **options)


def test_parallel_sign_ups_never_pass_the_capacity(make_activity, make_person):
    activity = make_activity(capacity=5)
    people = [make_person() for _ in range(20)]
    results = at_once(*(sign_up_call(activity, [person]) for person in people))
    assert [result for result in results if isinstance(result, Exception)] == []
    assert Counter(activity.sign_ups.values_list("status", flat=True)) == {"confirmed": 5, "waiting": 15}
    order = list(activity.sign_ups.order_by("booking__sequence").values_list("status", flat=True))
    assert order == ["confirmed"] * 5 + ["waiting"] * 15


def test_the_negative_control_fails_without_the_lock(make_activity, make_person, monkeypatch):
    """The same storm with the lock taken out must not come out right, or the test above proves nothing."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no row locks to take out: there the transaction itself is the lock.")

    def unlocked(activity_id, person_ids=()):
        activity = Activity.objects.select_related("neighbourhood").get(pk=activity_id)
        return activity

    counted = queue.must_wait

    def slow(*args, **options):
        answer = counted(*args, **options)
        time.sleep(0.05)  # widens the gap between reading and writing that the lock closes
        return answer

    monkeypatch.setattr(locks, "lock", unlocked)
    monkeypatch.setattr(queue, "must_wait", slow)
    activity = make_activity(capacity=5)
    results = at_once(*(sign_up_call(activity, [make_person()]) for _ in range(20)))
    errors = [result for result in results if isinstance(result, Exception)]
    counts = Counter(activity.sign_ups.values_list("status", flat=True))
    assert errors or counts["confirmed"] > 5


def test_families_among_them_never_pass_it_and_nobody_overtakes(make_activity, make_person, make_child):
    activity = make_activity(capacity=7)
    calls = []
    for number in range(12):
        adult = make_person()
        family = [adult, make_child(adult), make_child(adult)] if number % 3 == 0 else [adult]
        calls.append(sign_up_call(activity, family, guardian_consents=True))
    results = at_once(*calls)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert activity.sign_ups.holding_seats().count() <= 7
    free, blocked = 7, False
    for booking in activity.bookings.order_by("sequence"):
        rows = list(booking.sign_ups.all())
        states = {row.status for row in rows}
        assert len(states) == 1  # all or none
        fits = not blocked and len(rows) <= free
        assert states == ({"confirmed"} if fits else {"waiting"})
        free -= len(rows) if fits else 0
        blocked = blocked or not fits


def test_the_same_person_twice_at_once_gets_one_seat(make_activity, make_person):
    activity, person = make_activity(capacity=5), make_person()
    results = at_once(*(sign_up_call(activity, [person]) for _ in range(6)))
    assert len({result.pk for result in results}) == 1
    assert SignUp.objects.live().count() == 1


def test_two_clashing_activities_at_once_take_one_seat(make_activity, make_person):
    """The person's lock: checked in both, free in both, confirmed in one."""
    first, second, person = make_activity(), make_activity(), make_person()
    results = at_once(sign_up_call(first, [person]), sign_up_call(second, [person]))
    assert sorted(isinstance(result, Refusal) for result in results) == [False, True]


def test_withdrawing_and_joining_at_once_leave_no_ghost_seat(make_activity, make_person):
    activity = make_activity(capacity=3, starts_at=NOW.replace(day=28))
    seated = [sign_ups.sign_up(activity, [p := make_person()], made_by=p, at=NOW).sign_ups.get() for _ in range(3)]
    waiting = [make_person() for _ in range(6)]
    results = at_once(
        *(lambda row=row: sign_ups.withdraw([row], at=NOW, by=row.person) for row in seated),
        *(sign_up_call(activity, [person]) for person in waiting),
    )
    assert [result for result in results if isinstance(result, Exception)] == []
    assert Counter(activity.sign_ups.live().values_list("status", flat=True)) == {"confirmed": 3, "waiting": 3}


def test_families_crossing_in_two_activities_do_not_deadlock(make_activity, make_person):
    """Locks are taken by ascending id, whatever the order in which people are named."""
    first, second = make_activity(), make_activity(starts_at=NOW.replace(day=27))
    crowd = [make_person() for _ in range(4)]
    calls = []
    for turn in range(6):
        people = crowd if turn % 2 else crowd[::-1]
        calls.append(sign_up_call(first if turn % 3 else second, people))
    results = at_once(*calls)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert SignUp.objects.live().count() == 8


def test_two_sweeps_at_once_lapse_and_offer_once(make_activity, make_person):
    activity = make_activity(capacity=1, promotion="offer", starts_at=NOW.replace(day=28))
    rows = [sign_ups.sign_up(activity, [p := make_person()], made_by=p, at=NOW).sign_ups.get() for _ in range(3)]
    sign_ups.withdraw([rows[0]], at=NOW, by=rows[0].person)
    later = NOW.replace(day=21)
    results = at_once(*([lambda: offers.lapse_due(later)] * 3))
    assert sorted(results) == [0, 0, 1]
    assert list(activity.sign_ups.order_by("pk").values_list("status", flat=True)) == ["cancelled", "lapsed", "offered"]


def test_staff_entry_beside_the_web_takes_no_seat_twice(make_activity, make_person):
    activity = make_activity(capacity=1)
    by = baker.make("people.User", email="s@example.org")
    calls = [sign_up_call(activity, [make_person()]) for _ in range(4)]
    calls += [sign_up_call(activity, [make_person()], channel="phone", entered_by=by) for _ in range(4)]
    at_once(*calls)
    assert Counter(activity.sign_ups.values_list("status", flat=True)) == {"confirmed": 1, "waiting": 7}
    assert Person.objects.count() == 8
