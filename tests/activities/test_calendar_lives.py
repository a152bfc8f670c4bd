"""M2-M4: an entry in a family's calendar through its life, as readers that are not ours understand the mails and the feed."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import vobject
from django.core import mail
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar

from activities.emails import ics
from activities.models import SignUp
from activities.operations import feeds, lifecycle, offers, sign_ups
from people import outbox
from people.models import User
from portal import clock
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def clerk(db):
    return User.objects.create_user("clerk@example.org")


@pytest.fixture
def mother(person, neighbourhood):
    neighbourhood.email = "committee@example.org"
    neighbourhood.save()
    person.language = "en"
    person.save()
    return person


class Calendars:
    """What ``reader``'s mailbox and feed say, each read by two independent libraries."""

    def __init__(self, client, reader) -> None:
        self.client, self.reader = client, reader
        self.address = reverse("activities:my-feed", args=[feeds.renew(reader, at=NOW).token])
        self.numbers: list[int] = []

    def mails(self) -> list:
        outbox.dispatch()
        mine = [one for one in mail.outbox if one.to == [self.reader.email]]
        mail.outbox.clear()
        return mine

    def last(self, status: str, *, in_feed: str | None = "same") -> dict[str, str]:
        """The entry of the newest mail, which has to be like the feed's and newer than all before."""
        found = [one for one in self.mails() if one.attachments]
        assert found, "no mail brought an entry"
        mime = message_from_bytes(found[-1].message().as_bytes(), policy=policy.default)
        parts = [part for part in mime.walk() if part.get_content_type() == "text/calendar"]
        assert len(parts) == 2  # beside the text and as a file
        assert parts[0].get_content() == parts[1].get_content()
        method = parts[0].get_param("method")
        entry = read(parts[0].get_content(), method)
        assert entry["STATUS"] == status
        assert method == ("CANCEL" if status == "CANCELLED" else "REQUEST")
        assert entry["ORGANIZER"] == "mailto:committee@example.org"
        assert entry["ATTENDEE"] == f"mailto:{self.reader.email}"
        assert not self.numbers or int(entry["SEQUENCE"]) > self.numbers[-1]
        self.numbers.append(int(entry["SEQUENCE"]))
        published = self.feed()
        assert "ATTENDEE" not in published  # RFC 5546 3.2.1
        for name in ("UID", "SEQUENCE", "SUMMARY", "STATUS", "DESCRIPTION", "ORGANIZER"):
            assert published[name] == entry[name], name
        entry["subject"], entry["text"] = found[-1].subject, found[-1].body
        return entry

    def feed(self) -> dict[str, str]:
        return read(self.client.get(self.address).content.decode(), "PUBLISH")


def read(text: str, method: str) -> dict[str, str]:
    """The one VEVENT, with what both libraries agree on; the calendar's METHOD has to be ``method``."""
    first = Calendar.from_ical(text)
    assert str(first["METHOD"]) == method
    (event,) = first.events
    second = vobject.readOne(text)
    assert second.method.value == method
    (other,) = second.vevent_list
    names = ("UID", "SEQUENCE", "SUMMARY", "STATUS", "DESCRIPTION", "ORGANIZER", "ATTENDEE", "LOCATION")
    found = {name: str(event[name]) for name in names if name in event}
    assert found == {name: other.contents[name.lower()][0].value for name in names if name.lower() in other.contents}
    assert event["DTSTART"].dt == other.dtstart.value
    if "ATTENDEE" in event:
        assert event["ATTENDEE"].params["RSVP"] == "FALSE"
        assert other.attendee.params["RSVP"] == ["FALSE"]
    return found


def test_in_out_in(client, mother, activity):
    """M3: the second sign-up wins over the withdrawal, in mails and feed."""
    read_by = Calendars(client, mother)
    for _round in range(2):
        booking = sign_ups.sign_up(activity, [mother], made_by=mother, at=NOW)
        assert read_by.last("CONFIRMED")["UID"] == ics.uid(activity)
        sign_ups.withdraw(booking.sign_ups.all(), at=NOW, by=mother)
        assert read_by.last("CANCELLED")["UID"] == ics.uid(activity)
    sign_ups.sign_up(activity, [mother], made_by=mother, at=NOW)
    read_by.last("CONFIRMED")
    assert len(set(read_by.numbers)) == 5


def test_one_child_withdrawn(client, mother, make_child, activity):
    """M2: the family's entry stays, and says who no longer comes; it is cancelled with the last one."""
    read_by = Calendars(client, mother)
    first, second = make_child(mother, name="裴小满", nickname="满满"), make_child(mother, 12, name="裴一诺")
    booking = sign_ups.sign_up(activity, [mother, first, second], made_by=mother, at=NOW, guardian_consents=True)
    assert read_by.last("CONFIRMED")["SUMMARY"] == f"{activity.title} (you and all your children)"
    sign_ups.withdraw(booking.sign_ups.filter(person=first), at=NOW, by=mother)
    entry = read_by.last("CONFIRMED")
    assert entry["SUMMARY"] == f"{activity.title} (you and 一诺)"
    assert entry["DESCRIPTION"].startswith("Not coming any more: 满满\n")
    assert entry["subject"].startswith("裴小满 will not come")
    assert f"裴小满 will not come, {mother.name}, 裴一诺 still will" in entry["text"]
    sign_ups.withdraw(booking.sign_ups.live(), at=NOW, by=mother)
    entry = read_by.last("CANCELLED")
    assert entry["subject"].startswith("Withdrawn")


def test_moved_and_cancelled(client, mother, activity, clerk, location):
    read_by = Calendars(client, mother)
    sign_ups.sign_up(activity, [mother], made_by=mother, at=NOW)
    read_by.last("CONFIRMED")
    later = activity.starts_at + timedelta(days=1)
    lifecycle.move(activity, at=NOW, by=clerk, starts_at=later, ends_at=later + timedelta(hours=1), location=location)
    read_by.last("CONFIRMED")
    lifecycle.cancel(activity, at=NOW, by=clerk, reason="寒潮")
    assert read_by.last("CANCELLED")["SUMMARY"] == f"Cancelled: {activity.title}"


def test_promoted(client, mother, make_person, make_activity):
    """Waiting is no appointment: no mail of it brings an entry, and the first that does is a new one."""
    read_by = Calendars(client, mother)
    full, other = make_activity(capacity=1), make_person()
    booking = sign_ups.sign_up(full, [other], made_by=other, at=NOW)
    waiting = sign_ups.sign_up(full, [mother], made_by=mother, at=NOW)
    assert [one.attachments for one in read_by.mails()] == [[]]
    sign_ups.withdraw(waiting.sign_ups.all(), at=NOW, by=mother)
    assert [one.attachments for one in read_by.mails()] == [[]]
    sign_ups.sign_up(full, [mother], made_by=mother, at=NOW)
    sign_ups.withdraw(booking.sign_ups.all(), at=NOW, by=other)
    read_by.last("CONFIRMED")


@pytest.mark.parametrize("ends", ["declined", "lapsed"])
def test_an_offer_that_comes_to_nothing_leaves_the_calendar(client, mother, make_person, make_activity, ends):
    read_by = Calendars(client, mother)
    full, other = make_activity(capacity=1, promotion="offer"), make_person()
    booking = sign_ups.sign_up(full, [other], made_by=other, at=NOW)
    waiting = sign_ups.sign_up(full, [mother], made_by=mother, at=NOW)
    sign_ups.withdraw(booking.sign_ups.all(), at=NOW, by=other)
    read_by.last("TENTATIVE")
    if ends == "declined":
        offers.decline(waiting, at=NOW, by=mother)
        read_by.last("CANCELLED")
        return
    waiting.refresh_from_db()
    with clock.frozen(waiting.offer_until + timedelta(minutes=1)):
        offers.lapse_due(clock.now())
        read_by.last("CANCELLED")


def test_a_withdrawal_that_was_taken_back_is_not_told(client, mother, activity):
    """The mail waited, and meanwhile they signed up again: it would be false."""
    read_by = Calendars(client, mother)
    booking = sign_ups.sign_up(activity, [mother], made_by=mother, at=NOW)
    sign_ups.withdraw(booking.sign_ups.all(), at=NOW, by=mother)
    sign_ups.sign_up(activity, [mother], made_by=mother, at=NOW)
    assert not [one for one in read_by.mails() if one.subject.startswith("Withdrawn")]


def test_the_file_of_the_page_is_not_behind_the_mails(client, mother, activity):
    booking = sign_ups.sign_up(activity, [mother], made_by=mother, at=NOW)
    sign_ups.withdraw(booking.sign_ups.all(), at=NOW, by=mother)
    sign_ups.sign_up(activity, [mother], made_by=mother, at=NOW)
    client.force_login(mother.user)
    file = client.get(reverse("activities:ics", args=[activity.neighbourhood.slug, activity.pk]))
    mine = read(file.content.decode(), "PUBLISH")
    client.logout()
    assert mine["SEQUENCE"] == Calendars(client, mother).feed()["SEQUENCE"]


def test_who_is_told_through_somebody_else_stands_in_their_entry(client, mother, make_person, activity):
    """An old neighbour without any channel: the reader gets the mail, and the feed agrees with it."""
    read_by = Calendars(client, mother)
    old = make_person(80, email="")
    booking = sign_ups.sign_up(activity, [old], made_by=mother, at=NOW)
    assert read_by.last("CONFIRMED")["SUMMARY"] == f"{activity.title} (one person you signed up)"
    sign_ups.withdraw(booking.sign_ups.all(), at=NOW, by=mother)
    read_by.last("CANCELLED")


def test_the_count_of_changes_is_kept(activity, person):
    booking = sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    assert booking.sign_ups.get().changes == 1
    sign_ups.withdraw(booking.sign_ups.all(), at=NOW, by=person)
    assert SignUp.objects.get().changes == 2
