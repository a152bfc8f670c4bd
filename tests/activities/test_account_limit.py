"""S5: one account takes at most six places of an activity, over all its bookings and however its address is written."""

import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation
from model_bakery import baker

from activities.models import Activity
from activities.operations import locks, queue, sign_ups
from activities.rules import account_limit, eligibility
from people.models import RoleGrant, User
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.parallel import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def book(activity, made_by, people, **options):
    return sign_ups.sign_up(activity, people, made_by=made_by, at=NOW, **options)


@pytest.fixture
def crowd(make_person):
    return [make_person() for _ in range(7)]


def test_the_seventh_place_is_refused_with_the_number_to_call(make_activity, make_person, crowd):
    """S5: over all live bookings, invented adults included; what was given up does not count."""
    activity, booker = make_activity(capacity=20), make_person(user=True)
    first = book(activity, booker, crowd[:4])
    book(activity, booker, crowd[4:6])
    with pytest.raises(Refusal, match="at most 6 places here, and you have 6 already.*10000000001"):
        book(activity, booker, [crowd[6]])
    assert activity.sign_ups.count() == 6
    sign_ups.withdraw([first.sign_ups.first()], at=NOW, by=booker)
    assert book(activity, booker, [crowd[6]])


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("same+1@example.org", True),
        ("SAME@Example.org", True),
        ("s.ame@example.org", False),
        ("other@example.org", False),
    ],
)
def test_variants_of_a_mailbox_are_one_for_this_limit(make_activity, make_person, crowd, address, same):
    """S5: same+0@ … same+3@ took four times as many."""
    activity = make_activity(seats_per_account=2)
    one = make_person(email="same@example.org")
    other = make_person(email=address)
    book(activity, one, crowd[:2])
    if same:
        with pytest.raises(Refusal, match="at most 2"):
            book(activity, other, [crowd[2]])
    else:
        assert book(activity, other, [crowd[2]])


def test_only_gmail_reads_no_dots():
    assert account_limit.mailbox("A.b+x@googlemail.com") == account_limit.mailbox("ab@gmail.com")
    assert account_limit.mailbox("a.b@qq.com") != account_limit.mailbox("ab@qq.com")


@pytest.mark.parametrize("who", ["staff enters", "building leader", "partner unit", "the activity says more"])
def test_who_may_book_more(make_activity, make_person, crowd, neighbourhood, who):
    """S5."""
    booker, options, activity = make_person(user=True), {}, make_activity()
    match who:
        case "staff enters":
            options = {"entered_by": User.objects.create_user("clerk@example.org"), "channel": "phone"}
        case "building leader":
            baker.make(RoleGrant, user=booker.user, neighbourhood=neighbourhood, role="building_leader", given_at=NOW)
        case "partner unit":
            booker.unit = baker.make("people.PartnerUnit", neighbourhood=neighbourhood)
            booker.save()
        case "the activity says more":
            activity = make_activity(seats_per_account=7)
    assert book(activity, booker, crowd, **options).sign_ups.count() == 7


def test_whoever_waits_does_not_move_up_beyond_the_limit(make_activity, make_person, crowd):
    """S5: asked again when the turn comes; the limit was lowered meanwhile."""
    activity, booker = make_activity(capacity=2), make_person(user=True)
    book(activity, booker, crowd[:2])
    waiting = book(activity, booker, crowd[2:4])
    Activity.objects.filter(pk=activity.pk).update(seats_per_account=2, capacity=9)
    queue.fill_seats(activity.pk, NOW)
    assert set(waiting.sign_ups.values_list("status", flat=True)) == {"waiting"}


def test_staff_see_who_has_as_many_as_may_be(make_activity, make_person, crowd, desk):
    """S5: whether it is a large family or somebody who empties the list is for staff to know."""
    activity = make_activity(seats_per_account=3)
    book(activity, make_person(user=True, email="many@example.org"), crowd[:3])
    page = desk.get(reverse("admin:index"), headers={"accept-language": "en"}).content.decode()
    assert "many@example.org" in page


def both_at_once(make_activity, make_person, crowd):
    activity = make_activity(seats_per_account=2)
    one, other = make_person(email="same@example.org"), make_person(email="same+1@example.org")
    results = at_once(lambda: book(activity, one, crowd[:2]), lambda: book(activity, other, crowd[2:4]))
    return activity.sign_ups.live().count(), results


@pytest.mark.django_db(transaction=True)
def test_two_addresses_of_one_box_at_once_take_what_one_may(make_activity, make_person, crowd):
    """S5: counted behind the activity's lock."""
    seats, results = both_at_once(make_activity, make_person, crowd)
    assert seats == 2
    assert sum(isinstance(result, Refusal) for result in results) == 1


@pytest.mark.django_db(transaction=True)
def test_the_negative_control_takes_twice_as_many_without_the_lock(make_activity, make_person, crowd, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no row locks to take out: there the transaction itself is the lock.")
    both_counted, look = threading.Barrier(2), account_limit.check_limit

    def look_together(*args):
        look(*args)
        both_counted.wait(timeout=20)

    numbers = iter([1, 2])
    monkeypatch.setattr(eligibility.account_limit, "check_limit", look_together)
    monkeypatch.setattr(locks, "lock", lambda pk, people=(): Activity.objects.get(pk=pk))
    monkeypatch.setattr(queue, "next_sequence", lambda activity: next(numbers))
    assert both_at_once(make_activity, make_person, crowd)[0] == 4
