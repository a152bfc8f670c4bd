"""M6: who is asked to come one by one is told when the notice goes out, and one press says that they cannot."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import translation
from model_bakery import baker

from activities.models import CannotCome, Invitation
from activities.operations import cannot_come, lifecycle, reminders
from activities.rules import expected, reminder_times
from community.models import Meeting
from people import outbox
from people.models import Message, PartyOrg
from portal import clock
from portal.refusals import caught
from tests.conftest import NOW
from tests.staff import client_of, staff_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def meeting(make_activity, neighbourhood):
    org = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="group", name="一支部")
    return make_activity(model=Meeting, kind="meeting", type="party_group_meeting", title="扩大会议", visibility="organisation",
                         organisation=org, open_to=[], status="draft")  # fmt: skip


@pytest.fixture
def guest(make_person, meeting):
    guest = make_person(language="en")
    baker.make(Invitation, activity=meeting, person=guest, part="participant")
    return guest


@pytest.fixture
def published(meeting, guest, coordinator):
    lifecycle.publish(meeting, at=NOW, by=coordinator)
    meeting.refresh_from_db()
    return meeting


def letters() -> list:
    mail.outbox.clear()
    outbox.dispatch()
    return list(mail.outbox)


def link_in(letter) -> str:
    return next(url for url in re.findall(r"https?://\S+", letter.body) if "mail-answers" in url).removeprefix(
        settings.SITE_URL.rstrip("/")
    )


def is_expected(activity, person) -> bool:
    return any(one.person_id == person.pk for one in expected.pairs([activity.pk]))


def test_the_invitation_goes_out_with_the_notice_and_once(published, guest, meeting):
    (letter,) = letters()
    assert letter.subject == "You are invited: 扩大会议, Sun 23 Dec"
    assert letter.to == [guest.email]
    cannot_come.tell_invited(published, at=NOW)
    assert letters() == []


def test_a_draft_invites_nobody(meeting, guest):
    cannot_come.tell_invited(meeting, at=NOW)
    assert not Message.objects.exists()


def test_who_is_added_afterwards_is_told_too_and_who_sits_in(published, make_person):
    letters()
    watcher = make_person(language="en")
    baker.make(Invitation, activity=published, person=watcher, part="observer")
    cannot_come.tell_invited(published, at=NOW)
    assert [letter.to for letter in letters()] == [[watcher.email]]


def test_one_press_declines_with_room_to_say_why_and_one_takes_it_back(published, guest, coordinator):
    (letter,) = letters()
    url, reader = link_in(letter), Client()
    assert "I cannot come" in reader.get(url).content.decode()
    assert is_expected(published, guest)  # GET changes nothing

    for _twice in range(2):
        answer = reader.post(url, {"reason": "出差", "decline": "1"}, follow=True)
        assert "cannot come" in answer.content.decode()
    row = CannotCome.objects.get()
    assert (row.reason, row.taken_back_at, row.changes) == ("出差", None, 1)
    assert not is_expected(published, guest)
    (receipt,) = letters()
    assert "METHOD:CANCEL" in receipt.attachments[0][1]

    reader.post(url, {"come": "1"}, follow=True)
    assert is_expected(published, guest)
    (again,) = letters()
    assert "METHOD:REQUEST" in again.attachments[0][1]
    number = [int(one.attachments[0][1].split("SEQUENCE:")[1].split()[0]) for one in (letter, receipt, again)]
    assert number == sorted(set(number))


def test_who_declined_is_not_reminded(published, guest):
    cannot_come.say(published, guest, by=guest, at=NOW)
    letters()
    evening = reminder_times.remind_at(published)
    reminders.queue_due(evening)
    with clock.frozen(evening):
        assert letters() == []


def test_the_reminder_has_the_link_too_and_a_waiting_one_is_dropped(published, guest):
    letters()
    evening = reminder_times.remind_at(published)
    reminders.queue_due(evening)
    with clock.frozen(evening):
        (letter,) = letters()
        assert "mail-answers" in link_in(letter)
    Message.objects.update(state="pending")
    with clock.frozen(evening + timedelta(minutes=1)):
        cannot_come.say(published, guest, by=guest, at=clock.now())
        assert not [one for one in letters() if one.subject.startswith("Reminder")]


def test_staff_see_who_declined(published, guest, neighbourhood):
    cannot_come.say(published, guest, by=guest, at=NOW, reason="出差")
    branch = client_of(staff_user("party_admin", neighbourhood))
    shown = branch.get(f"/admin/community/meeting/{published.pk}/change/").content.decode()
    assert f"Cannot come: {guest.name}（出差）." in shown


def test_it_is_refused_after_the_start_and_by_strangers(published, guest, make_person):
    with caught() as no:
        cannot_come.say(published, guest, by=make_person(), at=NOW)
    assert no.sentence == "Only the person or their guardian can do this."
    with caught() as no:
        cannot_come.say(published, make_person(), by=guest, at=NOW)
    assert no.refusal is not None
    stranger = make_person()
    with caught() as no:
        cannot_come.say(published, stranger, by=stranger, at=NOW)
    assert no.sentence == f"{stranger.name} is not expected there."
    with caught() as no:
        cannot_come.say(published, guest, by=guest, at=published.starts_at)
    assert no.sentence == "It has begun or is over, so there is nothing to answer any more."


@pytest.mark.parametrize("when", [timedelta(), timedelta(days=3, hours=1), timedelta(days=9)])
def test_the_link_never_is_a_dead_end(published, guest, when):
    (letter,) = letters()
    with clock.frozen(NOW + when), translation.override("zh-hans"):
        for _twice in range(2):
            shown = Client().post(link_in(letter), {"decline": "1"}, follow=True)
            assert shown.status_code == 200
            assert "<h1" in shown.content.decode()
    assert Client().get("/mail-answers/x/").status_code == 404
