"""T16: a guardian's yes is to the words that were read; what changed between the form and the lock is read first."""

import pytest

from activities.models import Activity, ActivityConsent
from activities.operations import consents, sign_ups
from activities.rules.guardian_consent import terms_hash
from portal.refusals import Refusal
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_children(make_activity):
    return make_activity(minors="with_guardian", risks="地滑", safeguards="有人扶")


def test_signing_up_with_words_that_no_longer_stand_is_refused(with_children, person, make_child):
    child, read = make_child(person), terms_hash(with_children)
    Activity.objects.filter(pk=with_children.pk).update(risks="结冰")

    with pytest.raises(Refusal, match="请再看一遍") as no:
        sign_ups.sign_up(
            with_children, [person, child], made_by=person, at=NOW, guardian_consents=True, terms_read=read
        )

    assert no.value.about == "consent"
    assert not ActivityConsent.objects.exists()
    with_children.refresh_from_db()
    read = terms_hash(with_children)
    sign_ups.sign_up(with_children, [person, child], made_by=person, at=NOW, guardian_consents=True, terms_read=read)
    assert ActivityConsent.objects.get().terms_sha256 == read


def test_a_later_yes_to_words_that_no_longer_stand_is_refused(with_children, person, make_child):
    child, read = make_child(person), terms_hash(with_children)
    booking = sign_ups.sign_up(with_children, [person, child], made_by=person, at=NOW, guardian_consents=True)
    rows = list(booking.sign_ups.filter(person=child))
    Activity.objects.filter(pk=with_children.pk).update(risks="结冰")

    with pytest.raises(Refusal, match="请再看一遍"):
        consents.give_consents(rows, person, at=NOW, terms_read=read)

    assert [one.terms_sha256 for one in ActivityConsent.objects.all()] == [
        read
    ]  # the first yes alone, to the old words
