"""Children and their guardians at sign-up, promotion and withdrawal: the consent gate (V4, V5), at its operations."""

from datetime import timedelta

import pytest
from model_bakery import baker

from activities.models import ActivityConsent, SignUp
from activities.operations import consents, offers, sign_ups
from people.models import Consent, Guardianship, Message, Occasion
from portal.refusals import Refusal
from tests.activities.booking import book, statuses
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


# Children


def test_a_guardian_signs_up_two_children_in_one_booking(activity, person, make_child):
    children = [make_child(person), make_child(person, 15)]
    booking = book(activity, person, *children, guardian_consents=True)
    assert statuses(activity) == ["confirmed"] * 3
    assert ActivityConsent.objects.filter(guardian=person, relation="母亲", channel="web").count() == 2
    assert set(booking.sign_ups.exclude(companion=None).values_list("companion", flat=True)) == {person.pk}
    assert Message.objects.count() == 1  # one mail that names all


def test_a_guardian_without_the_tick_is_refused(activity, person, make_child):
    """V4."""
    child = make_child(person, name="小满")
    with pytest.raises(Refusal, match="Please tick.*小满") as refusal:
        book(activity, person, child)
    assert refusal.value.person == child
    assert not SignUp.objects.exists()


def test_without_the_consent_to_the_data_no_child_is_signed_up(activity, person, make_child):
    """V4: data and activity."""
    with pytest.raises(Refusal, match="keep their data"):
        book(activity, person, make_child(person, data=False), guardian_consents=True)


def test_a_helpers_booking_waits_for_the_guardian_for_48_hours(make_activity, people, make_child):
    activity = make_activity(starts_at=NOW + timedelta(days=9))
    child = make_child(people[1])
    booking = book(activity, people[0], child)
    row = booking.sign_ups.get(person=child)
    assert (row.status, row.consent_until) == ("consent_pending", NOW + timedelta(hours=48))
    assert Occasion.objects.get(kind="consent_wanted").recipient == people[1]

    consents.give_consent(row, people[1], at=NOW)
    row.refresh_from_db()
    assert row.status == "confirmed"


def test_a_pending_consent_lapses_and_the_others_keep_their_seats(make_activity, people, make_child):
    activity = make_activity(starts_at=NOW + timedelta(days=9))
    book(activity, people[0], make_child(people[1]))
    offers.lapse_due(NOW + timedelta(hours=48))
    assert sorted(statuses(activity)) == ["confirmed", "lapsed"]


def test_promotion_never_confirms_a_minor_without_consent(make_activity, people, make_child):
    """V4: no path does; here the waiting list."""
    activity = make_activity(capacity=2, starts_at=NOW + timedelta(days=9))
    first = book(activity, people[0]).sign_ups.get()
    second = book(activity, people[3]).sign_ups.get()
    child = make_child(people[1])
    book(activity, people[2], child)
    assert statuses(activity)[2:] == ["waiting", "waiting"]
    sign_ups.withdraw([first], at=NOW, by=people[0])
    sign_ups.withdraw([second], at=NOW + timedelta(minutes=1), by=people[3])
    assert activity.sign_ups.get(person=child).status == "consent_pending"


def test_only_a_guardian_gives_consent(make_activity, people, make_child):
    row = book(make_activity(), people[0], make_child(people[1])).sign_ups.get(status="consent_pending")
    with pytest.raises(Refusal, match="Only a guardian"):
        consents.give_consent(row, people[0], at=NOW)


def test_where_demanded_a_declared_guardian_is_not_enough(make_activity, people, make_child):
    activity = make_activity(confirmed_guardians_only=True, starts_at=NOW + timedelta(days=9))
    child = make_child(people[0])
    book(activity, people[0], child, guardian_consents=True)
    assert activity.sign_ups.get(person=child).status == "consent_pending"
    Guardianship.objects.update(state="confirmed")
    consents.give_consent(activity.sign_ups.get(person=child), people[0], at=NOW)
    assert activity.sign_ups.get(person=child).status == "confirmed"


def test_a_revoked_consent_takes_the_confirmation_back(make_activity, person, make_child):
    """V5: as easily as given."""
    activity = make_activity(starts_at=NOW + timedelta(days=9))
    child = make_child(person)
    book(activity, person, child, guardian_consents=True)
    consents.revoke_consent(ActivityConsent.objects.get(), at=NOW)
    assert activity.sign_ups.get(person=child).status == "consent_pending"


def test_the_last_companion_leaves_only_with_the_child_or_a_replacement(activity, people, make_child):
    """V5: companion required."""
    child = make_child(people[0], name="小满")
    booking = book(activity, people[0], child, guardian_consents=True)
    own = booking.sign_ups.get(person=people[0])
    with pytest.raises(Refusal, match="小满 was to come with you"):
        sign_ups.withdraw([own], at=NOW, by=people[0])
    with pytest.raises(Refusal, match="not an adult with a confirmed seat"):
        sign_ups.withdraw([own], at=NOW, by=people[0], new_companion=people[1])
    book(activity, people[1])
    sign_ups.withdraw([own], at=NOW, by=people[0], new_companion=people[1])
    assert activity.sign_ups.get(person=child).companion == people[1]


def test_one_member_of_a_family_may_withdraw(activity, person, make_child):
    child = make_child(person)
    booking = book(activity, person, child, guardian_consents=True)
    sign_ups.withdraw([booking.sign_ups.get(person=child)], at=NOW, by=person)
    assert statuses(activity) == ["confirmed", "cancelled"]


# What staff do


def test_own_data_consent_from_14(activity, person, make_child):
    """V4: at 14 the guardian's consent to the data no longer counts."""
    child = make_child(person, 15, data=False)
    baker.make(
        Consent, person=child, purpose="data", text=baker.make("people.ConsentText"), given_by=person, given_at=NOW
    )
    with pytest.raises(Refusal, match="keep their data"):
        book(activity, person, child, guardian_consents=True)


def test_a_consent_counts_only_while_its_giver_is_a_guardian(make_activity, people, make_child):
    """V4: neither to the activity nor to the data."""
    activity = make_activity(starts_at=NOW + timedelta(days=9), capacity=2)
    first = book(activity, people[0]).sign_ups.get()
    child = make_child(people[1])
    book(activity, people[1], child, guardian_consents=True)
    Guardianship.objects.update(ended_at=NOW)
    sign_ups.withdraw([first], at=NOW, by=people[0])
    assert activity.sign_ups.get(person=child).status == "consent_pending"
