"""A child with a seat keeps a guardian who answers for it (V4)."""

from datetime import timedelta

import pytest
from django.utils import translation
from model_bakery import baker

from activities.models import Booking, SignUp, SignUpStatus
from people.models import Guardianship
from people.operations.family import remove_child
from portal import clock
from portal.refusals import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(activity, person, make_child):
    kid = make_child(person)
    booking = baker.make(Booking, activity=activity, made_by=person)
    return baker.make(SignUp, booking=booking, activity=activity, person=kid, status=SignUpStatus.CONFIRMED)


def test_a_child_with_a_seat_to_come_is_not_taken_off_the_page(seat, person):
    with translation.override("en"), pytest.raises(Refusal, match="Please withdraw there first"):
        remove_child(person, seat.person)
    assert Guardianship.objects.get().ended_at is None


def test_another_guardian_is_enough(seat, person, make_person):
    baker.make(Guardianship, guardian=make_person(), child=seat.person, declared_at=clock.now())
    remove_child(person, seat.person)
    assert Guardianship.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize("change", ["withdrawn", "over"])
def test_a_seat_given_up_or_past_is_no_reason(seat, person, change):
    if change == "withdrawn":
        SignUp.objects.update(status=SignUpStatus.CANCELLED)
        remove_child(person, seat.person)
    else:
        with clock.frozen(seat.activity.ends_at + timedelta(hours=1)):
            remove_child(person, seat.person)
    assert not Guardianship.objects.filter(ended_at=None).exists()
