"""M1: where exactly, what to bring, and the title of something published: those who come are told, once."""

from datetime import timedelta

import pytest
from django.core import mail

from activities.models import Activity, ActivityConsent
from activities.operations import sign_ups, words
from people import outbox
from people.models import Message
from portal import clock
from tests.activities.admin_pages import page
from tests.conftest import NOW
from tests.filling import AsItStands, forms_of
from tests.staff import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def coming(make_activity, make_person):
    activity = make_activity(location_note="南门集合", capacity=9)
    people = [make_person(language="en") for _ in range(2)]
    for person in people:
        sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    outbox.dispatch()
    mail.outbox.clear()
    return activity


@pytest.fixture
def save(desk, coming):
    """Sends the staff's form as it is shown, with some words changed."""

    def send(**changes):
        shown = desk.get(page("change", coming.pk))
        (form,) = [one for one in forms_of(shown.content.decode(), AsItStands) if "location_note" in one.fields]
        response = desk.post(page("change", coming.pk), form.fields | changes)
        assert response.status_code == 302, response.context["adminform"].form.errors
        coming.refresh_from_db()
        return response

    return send


def sent(after: timedelta) -> list:
    mail.outbox.clear()
    with clock.frozen(NOW + after):
        outbox.dispatch()
    return list(mail.outbox)


def test_the_meeting_point_changes_and_everyone_is_told_once(save, coming):
    """M1: two saves within ten minutes make one mail, with the last words and the first ones."""
    sequence, revision = coming.ics_sequence, coming.revision
    assert any("2 people who come will be told" in one for one in said(save(location_note="北门集合")))
    with clock.frozen(NOW + timedelta(minutes=5)):
        save(location_note="北门岗亭集合", bring="手套")
    assert not sent(timedelta(minutes=6))
    letters = sent(timedelta(minutes=11))
    assert len(letters) == 2
    assert "where exactly: 北门岗亭集合 (before: 南门集合)" in letters[0].body
    assert "what to bring or wear: 手套" in letters[0].body
    assert not sent(timedelta(minutes=30))
    assert coming.ics_sequence == sequence + 2
    assert coming.revision == revision  # consents and reminders stand


def test_a_later_save_is_told_again(save):
    save(location_note="北门集合")
    assert len(sent(timedelta(minutes=11))) == 2
    with clock.frozen(NOW + timedelta(hours=1)):
        save(location_note="西门集合")
    (letter, _other) = sent(timedelta(hours=1, minutes=11))
    assert "西门集合 (before: 北门集合)" in letter.body


def test_a_slip_of_the_pen_is_told_nobody(save, coming):
    sequence = coming.ics_sequence
    save(location_note="南门集合。", no_need_to_tell="on")
    assert not Message.objects.filter(kind="activity_words").exists()
    assert coming.ics_sequence == sequence + 1


def test_what_was_put_back_is_not_told(save):
    save(location_note="北门集合")
    with clock.frozen(NOW + timedelta(minutes=5)):
        save(location_note="南门集合")
    assert not sent(timedelta(minutes=11))


def test_other_fields_tell_nobody(save):
    save(extra_reminder_hours="3")
    assert not Message.objects.filter(kind="activity_words").exists()


def test_at_night_it_waits_for_the_morning(save):
    with clock.frozen(NOW + timedelta(hours=13)):  # 22:00
        save(location_note="北门集合")
    assert not sent(timedelta(hours=14))
    assert len(sent(timedelta(hours=23, minutes=1))) == 2


def test_consents_stay(save, coming, make_child, make_person):
    mother = make_person()
    child = make_child(mother)
    sign_ups.sign_up(coming, [mother, child], made_by=mother, at=NOW, guardian_consents=True)
    save(location_note="北门集合")
    assert ActivityConsent.objects.in_force().count() == 1
    assert coming.sign_ups.get(person=child).status == "confirmed"


def test_what_is_over_is_not_told(coming, coordinator):
    Activity.objects.update(status="done")
    assert words.tell_changed_words(coming, {"location_note": "别处"}, at=NOW, by=coordinator) == 0
    coming.refresh_from_db()
    assert coming.told_changes == 0
