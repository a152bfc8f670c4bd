"""M5: every link of every kind of mail about a seat answers with a page and a sentence: at once, after its deadline, after the
act was done, twice, and long after. Nothing breaks, and no page is a dead end."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation
from model_bakery import baker

from activities.emails.kinds import SEAT_KINDS
from activities.models import Activity, SignUp
from activities.operations import cannot_come, consents, lifecycle, offers, reminders, sign_ups, words
from community.models import Meeting
from people import outbox
from people.models import Message, User
from portal import clock
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
ACTS = reverse("activities:mail-action", args=["withdraw", "x"]).partition("withdraw")[0]
ANSWERS = reverse("activities:cannot-come", args=["x"]).removesuffix("x/")


@pytest.fixture
def scenes(make_activity, make_person, make_child, neighbourhood, location):
    """{kind: how it comes to a mail of that kind}, each from the start."""
    clerk = User.objects.create_user("clerk@example.org")
    mother, other = make_person(user=True), make_person()
    seats = {"starts_at": NOW + timedelta(days=3), "cancel_until": NOW + timedelta(days=1), "capacity": 2}
    team = baker.make("people.Team", neighbourhood=neighbourhood, leader=make_person())

    def booked(*people, by=mother, **fields):
        return sign_ups.sign_up(make_activity(**seats | fields), people or [mother], made_by=by, at=NOW,
                                guardian_consents=True)  # fmt: skip

    def full(size=1, **fields):
        """A booking of all seats, and ``size`` people who wait for one."""
        first = booked(other, make_person(), by=other, **fields)
        waiting = sign_ups.sign_up(
            first.activity, [mother, *(make_person() for _ in range(size - 1))], made_by=mother, at=NOW
        )
        return first, waiting

    def freed(size=1, **fields):
        first, waiting = full(size, **fields)
        sign_ups.withdraw(first.sign_ups.all()[:1], at=NOW, by=other)
        waiting.refresh_from_db()
        return waiting

    def child_alone():
        child = make_child(mother, 15)
        return booked(child, by=child, minors="14_and_over")

    def lapsed():
        waiting = freed(promotion="offer")
        with clock.frozen(waiting.offer_until + timedelta(minutes=1)):
            offers.lapse_due(clock.now())

    def late():
        booking = booked(cancel_until=NOW, team=team)
        sign_ups.withdraw(booking.sign_ups.all(), at=NOW + timedelta(hours=1), by=mother)

    def moved():
        activity = booked().activity
        lifecycle.move(activity, at=NOW, by=clerk, starts_at=activity.starts_at + timedelta(hours=1),
                       ends_at=activity.ends_at + timedelta(hours=1), location=location)  # fmt: skip

    def invited():
        org = baker.make("people.PartyOrg", neighbourhood=neighbourhood, kind="group")
        meeting = make_activity(model=Meeting, kind="meeting", type="party_group_meeting", visibility="organisation",
                                organisation=org, open_to=[], status="draft")  # fmt: skip
        baker.make("activities.Invitation", activity=meeting, person=mother, part="participant")
        return lifecycle.publish(meeting, at=NOW, by=clerk)

    def new_words():
        activity = booked().activity
        type(activity).objects.update(location_note="北门")
        words.tell_changed_words(activity, {"location_note": "南门"}, at=NOW, by=clerk)

    def consent_again():
        child = make_child(mother, 15)
        activity = booked(child, minors="14_and_over").activity
        activity.risks = "路滑"
        activity.save()
        consents.terms_changed(activity, at=NOW)

    def consent_missing():
        row = child_alone().sign_ups.get()
        consents.remind_missing(row.consent_until - timedelta(hours=1))

    def remind(**fields):
        activity = booked(**fields).activity
        for moment in (timedelta(days=2, hours=9, minutes=30), timedelta(days=2, hours=22)):
            reminders.queue_due(NOW + moment)
        return activity

    return {
        "sign_up_confirmed": booked,
        "sign_up_promoted": freed,
        "consent_received": lambda: consents.give_consent(child_alone().sign_ups.get(), mother, at=NOW),
        "sign_up_waiting": full,
        "seat_offered": lambda: freed(promotion="offer"),
        "come_with_fewer": lambda: freed(2),
        "consent_wanted": child_alone,
        "consent_again": consent_again,
        "consent_missing": consent_missing,
        "sign_up_lapsed": lapsed,
        "sign_up_withdrawn": lambda: sign_ups.withdraw(booked().sign_ups.all(), at=NOW, by=mother),
        "sign_up_withdrawn_late": late,
        "seat_declined": lambda: offers.decline(freed(promotion="offer"), at=NOW, by=mother),
        "activity_moved": moved,
        "activity_words": new_words,
        "activity_cancelled": lambda: lifecycle.cancel(booked().activity, at=NOW, by=clerk, reason="寒潮"),
        "invited": invited,
        "cannot_come": lambda: cannot_come.say(invited(), mother, by=mother, at=NOW),
        "reminder": remind,
        "reminder_hours": lambda: remind(extra_reminder_hours=2),
    }


def test_there_is_a_scene_for_every_kind(scenes):
    assert set(scenes) == {kind.code for kind in SEAT_KINDS}


def links_of(kind: str) -> list[str]:
    """The addresses in the newest mail of the kind that was really sent, but for the frame's own."""
    due = Message.objects.filter(kind=kind).latest("pk").due_at
    mail.outbox.clear()
    Message.objects.exclude(kind=kind).delete()
    with clock.frozen(max(due, NOW)):
        outbox.dispatch()
    assert mail.outbox, f"no mail of kind {kind}"
    found = re.findall(r"https?://\S+", mail.outbox[-1].body)
    return [url.removeprefix(settings.SITE_URL.rstrip("/")) for url in dict.fromkeys(found)]


def look(client: Client, url: str, when: str) -> str:
    response = client.get(url, follow=True)
    assert response.status_code == 200, (url, when, response.status_code)
    text = response.content.decode()
    assert re.search(r"<h1[^>]*>\s*\S", text), (url, when)
    assert re.search(r'<a [^>]*href="/|<button', text.split("<main", 1)[1].split("</main", 1)[0]), (
        url,
        when,
        "a dead end",
    )
    return text


def press(client: Client, url: str, when: str) -> None:
    text = look(client, url, when)
    fields = {"who": re.findall(r'name="who" value="(\d+)"', text), "action": "agree", "answer": "yes"}
    response = client.post(url, fields, follow=True)
    assert response.status_code == 200, (url, when, response.status_code)


@pytest.mark.parametrize("kind", [kind.code for kind in SEAT_KINDS])
@pytest.mark.parametrize("moment", ["at once", "after the deadline", "an hour before", "after the start"])
def test_every_link_answers(scenes, kind, moment):
    with translation.override("zh-hans"):
        scenes[kind]()
        links = links_of(kind)
    assert links
    starts = Activity.objects.latest("pk").starts_at
    then = {
        "at once": NOW + timedelta(hours=2),
        "after the deadline": NOW + timedelta(days=1, hours=2),
        "an hour before": starts - timedelta(hours=1),
        "after the start": starts + timedelta(days=2),
    }[moment]
    client = Client()
    with clock.frozen(then):
        for url in links:
            look(client, url, moment)
        for url in links:
            if url.startswith((ACTS, ANSWERS)):
                press(client, url, moment)
                press(client, url, f"{moment}, twice")
            look(client, url, f"{moment}, afterwards")


@pytest.mark.parametrize("kind", ["sign_up_confirmed", "reminder", "activity_moved", "sign_up_promoted"])
def test_a_reminder_is_no_dead_letter(scenes, kind):
    """M5: the deadline lies before the mail; until the start the link in it still frees the seat."""
    scenes[kind]()
    (url, *_more) = [url for url in links_of(kind) if "withdraw" in url]
    row = SignUp.objects.filter(status="confirmed").latest("pk")
    with clock.frozen(row.activity.starts_at - timedelta(hours=1)):
        text = look(Client(), url, "late")
        assert "<button" in text
        Client().post(url, {"who": re.findall(r'name="who" value="(\d+)"', text)})
    row.refresh_from_db()
    assert (row.status, row.end_code) == ("cancelled", "said_late")
