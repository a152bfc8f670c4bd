"""Why a sign-up ended: a code where the portal ended it, read in the reader's language; staff's own words else (T18)."""

from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import translation
from model_bakery import baker

from activities.models import EndCode, SignUp
from activities.operations import lifecycle, sign_ups
from tests.conftest import NOW

old_rows = import_module("activities.migrations.0007_end_codes_of_old_rows")
pytestmark = pytest.mark.django_db


def test_the_reason_reads_in_the_readers_language(activity, person, make_person):
    sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    with translation.override("zh-hans"):
        lifecycle.cancel(activity, at=NOW, by=person.user, reason="寒潮")
    row = SignUp.objects.get()
    assert (row.end_code, row.end_reason) == ("activity_cancelled", "")
    with translation.override("en"):
        assert row.end_words == "the activity was cancelled"
    with translation.override("zh-hans"):
        assert row.end_words == "活动取消"


def test_staff_s_own_words_stay_as_they_were_written(activity, person):
    sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    sign_ups.withdraw(SignUp.objects.all(), at=NOW, by_staff=person.user, reason="要补课")
    row = SignUp.objects.get()
    assert (row.end_code, row.end_words) == ("", "要补课")


def test_every_sentence_that_may_be_stored_gets_its_code(activity, make_person):
    """Every code, in every language of the portal, as ``str()`` of it was stored."""
    since_then = {EndCode.SAID_LATE}  # came after the last sentence was stored
    for code in set(EndCode) - since_then:
        for language, _name in settings.LANGUAGES:
            if code in {EndCode.ROTA_CHANGED, EndCode.SWAPPED} and language == "en":
                continue  # written in Chinese whatever the language of the request
            with translation.override(language):
                assert str(code.label) in old_rows.STORED[code]
    assert set(old_rows.STORED) == set(EndCode.values) - since_then


@pytest.mark.parametrize("step", [2, 2000])
def test_old_rows_get_their_code_a_step_at_a_time_and_may_be_gone_through_again(
    activity, make_person, monkeypatch, step
):
    monkeypatch.setattr(old_rows, "STEP", step)
    sentences = [sentence for known in old_rows.STORED.values() for sentence in known] + ["要补课", ""]
    for number, sentence in enumerate(sentences):
        booking = baker.make("activities.Booking", activity=activity, sequence=number, made_by=make_person())
        baker.make(
            SignUp, booking=booking, activity=activity, person=booking.made_by, status="cancelled", end_reason=sentence
        )
    for _turn in range(2):
        old_rows.name_the_ends(apps, None)
        found = list(SignUp.objects.order_by("pk").values_list("end_reason", "end_code"))
        codes = {sentence: code for code, known in old_rows.STORED.items() for sentence in known}
        assert found == [(sentence, codes.get(sentence, "")) for sentence in sentences]


def test_the_release_before_may_still_write_rows(activity, person):
    """It names no ``end_code``: the database fills it in."""
    booking = baker.make("activities.Booking", activity=activity, sequence=1, made_by=person)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO activities_signup (booking_id, activity_id, person_id, status, takes_coach, consent_asks,"
            " seen_revision, end_reason) VALUES (%s, %s, %s, 'confirmed', false, 0, 1, '')",
            [booking.pk, activity.pk, person.pk],
        )
    assert SignUp.objects.get().end_code == ""
