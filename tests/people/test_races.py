"""Two at once: what the locks and constraints of people/ promise. On SQLite the writers simply queue."""

import pytest

from people.models import Consent, Guardianship, Person, Photo, User
from people.operations import accounts, consents, family, photos
from people.operations.family import Child
from portal.files import Picture
from portal.refusals import Refusal
from tests.parallel import at_once
from tests.people.test_files import picture_bytes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("round_", range(3))
def test_one_address_proven_in_four_windows_makes_one_account(neighbourhood, resident_text, round_):
    users = at_once(*[lambda: accounts.welcome("new@example.org", neighbourhood, name="王小明", adult=True)] * 4)

    assert [type(user) for user in users] == [User] * 4, users
    assert User.objects.count() == 1
    assert Person.objects.count() == 1
    assert Consent.objects.count() == 1


def test_one_record_is_taken_over_once(neighbourhood, make_person, resident_text):
    record = make_person(email="known@example.org")
    at_once(*[lambda: accounts.welcome("known@example.org", neighbourhood, name="x", adult=True)] * 3)
    record.refresh_from_db()
    assert record.user == User.objects.get()
    assert Person.objects.count() == 1


def test_two_taps_add_one_child(person, guardian_text):
    from datetime import date

    child = Child("小满", "", date(2010, 5, 31), "母亲", frozenset({"data", "photo"}))
    results = at_once(*[lambda: family.add_child(person, child)] * 4)
    assert sorted(type(result) for result in results if not isinstance(result, Refusal)) == [Person]
    assert Guardianship.objects.count() == 1
    assert Consent.objects.count() == 2


def test_two_taps_give_one_consent(person, resident_text):
    at_once(*[lambda: consents.give(person, "photo", given_by=person)] * 4)
    assert Consent.objects.count() == 1


@pytest.mark.parametrize("round_", range(5))
def test_no_picture_stays_published_after_its_consent_is_gone(
    person, resident_text, neighbourhood, photo_folders, round_
):
    """V5: revoking hides at once, also while somebody publishes."""
    consents.give(person, "photo", given_by=person)
    picture = Picture(picture_bytes(), "a.jpg", "image/jpeg", "jpg", 400, 300)
    shown = [photos.add_photo(picture, neighbourhood=neighbourhood, alt="x", people=[person]) for _ in range(2)]
    at_once(
        lambda: photos.publish(shown[0]),
        lambda: consents.revoke(person, "photo", revoked_by=person),
        lambda: photos.publish(shown[1]),
    )
    assert not Consent.objects.in_force().exists()
    assert not Photo.objects.published().exists()
