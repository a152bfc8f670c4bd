"""M7, M8: what a direct sign-up asks, a promotion asks; and whoever can never fit holds nobody up."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from activities.models import SignUp, SignUpStatus
from activities.operations import offers, queue, sign_ups
from activities.pages.own_bookings import own_bookings, rows_of
from people import outbox
from people.models import Message
from portal import clock
from portal.refusals import caught
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def full(make_activity, make_person):
    """Makes an activity whose seats are all taken, and a way to free one."""

    def make(capacity=1, **fields):
        activity = make_activity(capacity=capacity, **fields)
        others = [make_person() for _ in range(capacity)]
        first = sign_ups.sign_up(activity, others, made_by=others[0], at=NOW)

        def free():
            row = first.sign_ups.live().first()
            sign_ups.withdraw([row], at=LATER, by=others[0])

        return activity, free

    return make


def wait(activity, *people):
    booking = sign_ups.sign_up(activity, list(people), made_by=people[0], at=NOW)
    assert set(booking.sign_ups.values_list("status", flat=True)) == {SignUpStatus.WAITING}
    return booking


def states(booking) -> list[str]:
    return list(booking.sign_ups.order_by("pk").values_list("status", flat=True))


def test_a_seat_at_the_same_time_is_named_in_an_offer(full, make_activity, person):
    """M7: days before the start it is not simply given."""
    person.language = "en"
    person.save()
    activity, free = full()
    booking = wait(activity, person)
    other = make_activity(title="数井盖", starts_at=activity.starts_at + timedelta(hours=1))
    sign_ups.sign_up(other, [person], made_by=person, at=NOW)
    with clock.frozen(LATER):
        free()
        assert states(booking) == ["offered"]
        outbox.dispatch()
        (letter,) = [one for one in mail.outbox if "/accept/" in one.body]
        link = next(word for word in letter.body.split() if "/accept/" in word)
        assert f"{person.name} is signed up for “数井盖” at that time." in letter.body
        assert "数井盖" in Client().get(link).content.decode()
        booking.refresh_from_db()
        offers.accept(booking, at=LATER, by=person)  # knowing of it
    assert states(booking) == ["confirmed"]


def test_without_another_seat_it_is_given_at_once(full, person):
    activity, free = full()
    booking = wait(activity, person)
    free()
    assert states(booking) == ["confirmed"]


def test_who_turned_out_too_old_is_passed_over(full, make_person):
    """M7: the birth date was corrected while they waited."""
    activity, free = full(max_age=40)
    old, next_one = make_person(40), make_person(30)
    first, second = wait(activity, old), wait(activity, next_one)
    old.birth_date = old.birth_date.replace(year=old.birth_date.year - 20)
    old.save()
    free()
    assert (states(first), states(second)) == (["waiting"], ["confirmed"])


def test_who_is_no_longer_of_the_group_is_passed_over(full, make_person):
    activity, free = full()
    stranger, resident = make_person(), make_person()
    first = wait(activity, stranger)
    wait(activity, resident)
    type(activity).objects.update(open_to=["partner_units"])
    free()
    assert states(first) == ["waiting"]


def test_a_family_that_never_fits_is_told_and_blocks_nobody(full, make_person):
    """M8: two seats in all, a family of three."""
    activity, free = full(2)
    family, single = [make_person() for _ in range(3)], make_person()
    booking, behind = wait(activity, *family), wait(activity, single)
    reader = family[0]
    (own,) = own_bookings(rows_of(reader, activity, at=NOW), reader, NOW)
    assert own.sentences == [
        "There are only 2 seats in all, so there will never be seats for all 3 of you. Take somebody off the list: the others"
        " keep their place in it."
    ]
    with clock.frozen(LATER):
        free()
    assert (states(booking), states(behind)) == (["waiting"] * 3, ["confirmed"])
    assert Message.objects.filter(kind="come_with_fewer", recipient=reader).count() == 1
    with clock.frozen(LATER + timedelta(minutes=5)):
        queue.fill_seats(activity.pk, clock.now())
    assert Message.objects.filter(kind="come_with_fewer", recipient=reader).count() == 1  # once


def test_a_newcomer_does_not_wait_behind_them(full, make_person):
    """M8"""
    activity, free = full(2)
    wait(activity, *[make_person() for _ in range(3)])
    free()
    newcomer = make_person()
    booking = sign_ups.sign_up(activity, [newcomer], made_by=newcomer, at=LATER)
    assert states(booking) == ["confirmed"]


def test_they_may_come_with_fewer_while_there_is_room(full, make_person):
    """M8"""
    activity, free = full(2)
    family = [make_person() for _ in range(3)]
    booking = wait(activity, *family)
    with clock.frozen(LATER):
        free()
        booking.refresh_from_db()
        with caught() as no:
            offers.accept(booking, at=LATER, by=family[0], people=family[:2])
        assert "There are 1 free seats now" in no.sentence
        offers.accept(booking, at=LATER, by=family[0], people=family[:1])
    assert states(booking) == ["confirmed", "declined", "declined"]


def test_who_takes_somebody_off_the_list_keeps_the_place(full, make_person):
    """M8"""
    activity, free = full(2)
    family, behind = [make_person() for _ in range(3)], make_person()
    booking, other = wait(activity, *family), wait(activity, behind)
    sign_ups.withdraw(booking.sign_ups.filter(person__in=family[1:]), at=NOW, by=family[0])
    free()
    assert (states(booking)[0], states(other)) == ("confirmed", ["waiting"])


def test_today_shows_a_minor_where_only_adults_may_be(desk, make_activity, make_person, coordinator):
    """M7: by a corrected birth date; such activities were left out altogether."""
    activity = make_activity(minors="no")
    young = make_person(19, name="小年轻")
    sign_ups.sign_up(activity, [young], made_by=young, at=NOW)
    fine = "Everybody is of the age asked for."
    assert fine in desk.get("/admin/").content.decode()
    young.birth_date = young.birth_date.replace(year=young.birth_date.year + 3)
    young.save()
    assert SignUp.objects.get().is_live
    assert fine not in desk.get("/admin/").content.decode()
