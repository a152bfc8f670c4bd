"""What one press asks for is written whole, or not at all, when a part of it is refused."""

import pytest
from django.utils.translation import override

from activities.models import ActivityConsent, SignUp
from activities.operations import consents, declared_adult, lifecycle, sign_ups
from people.models import Guardianship
from portal.refusals import Refusal
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def test_the_tick_about_ones_age_goes_with_the_sign_up(make_activity, make_person):
    person = make_person(None, user=True)
    full = make_activity(status="cancelled")
    with pytest.raises(Refusal):
        declared_adult.sign_up(full, people=[person], made_by=person, at=NOW, says_adult=True)
    person.refresh_from_db()
    assert person.declared_adult_at is None

    booked = declared_adult.sign_up(
        make_activity(minors="no"), people=[person], made_by=person, at=NOW, says_adult=True
    )

    person.refresh_from_db()
    assert (person.declared_adult_at, booked.sign_ups.get().status) == (NOW, "confirmed")


@pytest.fixture
def two_children(make_activity, make_person, make_child):
    """A mother, and the sign-ups of her two children by a helper, which wait for her word."""
    mother, helper = make_person(user=True), make_person()
    children = [make_child(mother, name=name) for name in ("大宝", "小宝")]
    booking = sign_ups.sign_up(make_activity(), [helper, *children], made_by=helper, at=NOW)
    return mother, list(booking.sign_ups.filter(person__in=children).order_by("pk"))


def test_a_consent_for_several_children_is_for_all_or_none(two_children):
    mother, rows = two_children
    Guardianship.objects.filter(child=rows[1].person).update(ended_at=NOW)
    with pytest.raises(Refusal, match="Only a guardian"):
        consents.give_consents(rows, mother, at=NOW)
    assert not ActivityConsent.objects.exists()
    assert set(SignUp.objects.filter(pk__in=[row.pk for row in rows]).values_list("status", flat=True)) == {
        "consent_pending"
    }

    Guardianship.objects.update(ended_at=None)
    consents.give_consents(rows, mother, at=NOW)

    assert ActivityConsent.objects.count() == 2


def test_a_new_time_is_seen_for_all_or_none(two_children):
    mother, rows = two_children
    activity = rows[0].activity
    activity.revision += 1
    activity.save()
    for row in rows:
        row.activity = activity
    Guardianship.objects.filter(child=rows[1].person).update(ended_at=NOW)
    with pytest.raises(Refusal):
        lifecycle.mark_all_seen(rows, by=mother)
    assert activity.revision not in set(SignUp.objects.values_list("seen_revision", flat=True))
