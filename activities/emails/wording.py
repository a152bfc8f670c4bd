"""What all mails about an activity share: what they are about, their words and links, and how they are rendered."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.emails import ics
from activities.emails.family import Family, entry, families
from activities.models import Activity, Booking, Invitation, SignUp, Visibility
from activities.rules.facts import Where, sentences
from activities.rules.reminder_times import remind_at
from people import outbox
from people.models import Message, Occasion, Person
from people.outbox import Email, MessageKind
from people.outbox.envelope import absolute, word
from portal import by_id, tokens
from portal.dates import day, moment, span
from portal.words import one_after_another


@dataclass(frozen=True)
class Attendee:
    """What an occasion is about: ``person`` at ``activity``, by ``sign_up`` or without one."""

    activity: Activity
    person: Person
    sign_up: SignUp | None = None
    family: Family | None = None  # of whoever reads the mail, at that activity


def action_url(purpose: str, booking: Booking, reader: Person) -> str:
    """A page with one button; it acts for ``reader``, whoever opens it, until the token's age is over."""
    token = tokens.make(f"booking-{purpose}", booking=booking.pk, reader=reader.pk)
    return absolute(reverse("activities:mail-action", args=[purpose, token]))


class ActivityMessage(MessageKind):
    """Base of the kinds below. ``wanted(place)``: is the message still true just before it is sent?"""

    attaches_calendar = False
    tells_facts = False
    tone = "leaf"
    prefetch: tuple[str, ...] = ()
    counts_asks = (
        False  # the occasion's revision tells how often the guardian was asked, not the activity's time and place
    )

    def load(self, occasions: list[Occasion]) -> dict[int, Attendee]:
        keys: dict[str, list[int]] = defaultdict(list)
        for occasion in occasions:
            name, _colon, pk = occasion.key.partition(":")
            keys[name].append(int(pk))
        related = ["activity__location", "activity__neighbourhood", "person", "booking__made_by", "companion"]
        sign_ups = by_id.read(SignUp.objects, keys.pop("sign_up", []), *related, *self.prefetch)
        others = load_activities(keys)
        attendees: dict[int, Attendee] = {}
        for occasion in occasions:
            name, _colon, pk = occasion.key.partition(":")
            if name == "sign_up":
                if row := sign_ups.get(int(pk)):
                    attendees[occasion.pk] = Attendee(row.activity, row.person, row)
            elif activity := others.get(occasion.key):
                attendees[occasion.pk] = Attendee(activity, occasion.subject_person)
        if self.attaches_calendar:
            attendees = with_families(occasions, attendees)
        return {
            occasion.pk: attendee
            for occasion in occasions
            if (attendee := attendees.get(occasion.pk)) is not None
            and (self.counts_asks or occasion.revision <= attendee.activity.revision)
            and self.wanted(attendee, occasion)
        }

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        raise NotImplementedError

    def words(self, message: Message, attendees: list[Attendee]) -> "Words":
        raise NotImplementedError

    def render(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> Email:
        attendees = [attendee for _occasion, attendee in subjects]
        words = self.words(message, attendees)
        groups = by_activity(attendees)
        context = {
            "words": words,
            "groups": [
                {
                    "activity": activity,
                    "people": names(people),
                    "lines": self.lines(activity),
                }
                for activity, people in groups
            ],
            "why": words.why,
            "tone": self.tone,
        }
        files = self.calendar_files(message, attendees) if self.attaches_calendar else []
        return word("activities/email/notice", message, words.subject, context, files)

    def calendar_files(self, message: Message, attendees: list[Attendee]) -> list[tuple[str, bytes, str]]:
        """For each activity the entry as it stands in the recipient's calendar now; none where it never stood there."""
        reader = ics.Reader(message.recipient.name, message.address)
        files = []
        for activity, people in by_activity(attendees):
            one = entry(activity, people[0].family or Family(message.recipient_id), to=reader)
            if one is not None:
                files.append((f"activity-{activity.pk}.ics", *ics.request(one)))
        return files

    def lines(self, activity: Activity) -> list[str]:
        """What stands below the time and place."""
        found = [activity.location_note] if activity.location_note else []
        return found + self.facts(activity)

    def facts(self, activity: Activity) -> list[str]:
        return sentences(activity, Where.MAIL) if self.tells_facts else []

    def spoken(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> str:
        attendees = [attendee for _occasion, attendee in subjects]
        return "; ".join(
            one_after_another(
                _("%(label)s: “%(title)s”, %(when)s, %(where)s (%(people)s)")
                % {
                    "label": self.label,
                    "title": activity.title,
                    "when": f"{day(activity.starts_at)} {span(activity)}",
                    "where": activity.location or "–",
                    "people": names(people),
                },
                *self.facts(activity),
            )
            for activity, people in by_activity(attendees)
        )


@dataclass
class Words:
    """The words of one mail. ``actions``: (label, address), the first as a button."""

    subject: str
    heading: str
    paragraphs: list[str] = field(default_factory=list)
    actions: list[tuple[str, str]] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    why: str = ""


def with_families(occasions: list[Occasion], attendees: dict[int, Attendee]) -> dict[int, Attendee]:
    """The same ``attendees`` by occasion, each with the family of whoever reads about them."""
    activities = {attendee.activity.pk for attendee in attendees.values()}
    readers = {occasion.recipient_id for occasion in occasions}
    found = families(readers, activity__in=activities)
    return {
        occasion.pk: replace(attendee, family=found.get((occasion.recipient_id, attendee.activity.pk)))
        for occasion in occasions
        if (attendee := attendees.get(occasion.pk)) is not None
    }


def load_activities(keys: dict[str, list[int]]) -> dict[str, Activity]:
    """{key: activity} of the ``meeting:<activity id>`` and ``invitation:<id>`` keys."""
    found: dict[str, Activity] = {}
    related = ["location", "neighbourhood", "part_of__location", "part_of__neighbourhood"]
    for pk, activity in by_id.read(Activity.objects, keys.get("meeting", []), *related).items():
        found[f"meeting:{pk}"] = activity.part_of or activity
    invitations = by_id.read(Invitation.objects, keys.get("invitation", []), *(f"activity__{name}" for name in related))
    for pk, invitation in invitations.items():
        found[f"invitation:{pk}"] = invitation.activity.part_of or invitation.activity
    return found


def by_activity(attendees: Iterable[Attendee]) -> list[tuple[Activity, list[Attendee]]]:
    groups: dict[int, list[Attendee]] = defaultdict(list)
    for attendee in attendees:
        groups[attendee.activity.pk].append(attendee)
    ordered = sorted(groups.values(), key=lambda group: (group[0].activity.starts_at, group[0].activity.pk))
    return [(group[0].activity, group) for group in ordered]


def names(attendees: Iterable[Attendee]) -> str:
    """Everyone named once, in the order of the booking."""
    return _(", ").join(dict.fromkeys(attendee.person.name for attendee in attendees))


def titles(attendees: list[Attendee]) -> str:
    groups = by_activity(attendees)
    first = groups[0][0].title
    more = len(groups) - 1
    if not more:
        return first
    return ngettext("%(title)s and one more", "%(title)s and %(count)d more", more) % {"title": first, "count": more}


def bookings(attendees: list[Attendee]) -> list[Booking]:
    found = {attendee.sign_up.booking_id: attendee.sign_up.booking for attendee in attendees if attendee.sign_up}
    return list(found.values())


def withdraw_line(attendees: list[Attendee], reader: Person) -> list[tuple[str, str]]:
    """A link per booking to the page with the button 「去不了了」."""
    several = len(by_activity(attendees)) > 1
    found = bookings(attendees)
    links = []
    for booking in found:
        own = [attendee for attendee in attendees if attendee.sign_up and attendee.sign_up.booking_id == booking.pk]
        if several:
            label = _("Cannot come to “%(title)s”?") % {"title": own[0].activity.title}
        elif len(found) > 1:
            label = _("%(names)s cannot come after all") % {"names": names(own)}
        else:
            label = _("I cannot come after all")
        links.append((label, action_url("withdraw", booking, reader)))
    return links


def cannot_come_url(activity: Activity, person: Person, reader: Person) -> str:
    """A page with one button where ``reader`` says that ``person``, who is expected without a sign-up, cannot come."""
    token = tokens.make("cannot-come", activity=activity.pk, person=person.pk, reader=reader.pk)
    return absolute(reverse("activities:cannot-come", args=[token]))


def cannot_come_line(attendees: list[Attendee], reader: Person) -> list[tuple[str, str]]:
    """A link for each who is expected without a sign-up."""
    expected = [attendee for attendee in attendees if attendee.sign_up is None]
    several = len(by_activity(attendees)) > 1
    return [
        (
            _("Cannot come to “%(title)s”?") % {"title": attendee.activity.title}
            if several
            else _("I cannot come after all"),
            cannot_come_url(attendee.activity, attendee.person, reader),
        )
        for attendee in expected
    ]


def consent_lines(attendees: list[Attendee], reader: Person) -> list[tuple[str, str]]:
    """A link per booking to the page where a guardian reads and decides."""
    several = len(bookings(attendees)) > 1
    links = []
    for booking in bookings(attendees):
        who = names(
            attendee for attendee in attendees if attendee.sign_up and attendee.sign_up.booking_id == booking.pk
        )
        label = _("Read and decide for %(names)s") % {"names": who} if several else _("Read and decide")
        links.append((label, action_url("consent", booking, reader)))
    return links


def see_line(attendees: list[Attendee]) -> tuple[str, str]:
    return _("See the details"), absolute(details_path(by_activity(attendees)[0][0]))


def details_path(activity: Activity) -> str:
    """Its page; by way of the log-in where only some may see it, for a mail is often opened signed out."""
    page = activity.get_absolute_url()
    if activity.visibility == Visibility.PUBLIC:
        return page
    return f"{reverse('people:join')}?{urlencode({'next': page})}"


def promise(activity: Activity, recipient: Person, at: datetime) -> str:
    """The reminder promise: when and how, or that this message is the reminder."""
    due = remind_at(activity)
    if activity.has_started(at=at):
        return _("It is on already, so there is no reminder.")
    if due <= at:
        return _("It begins soon, so there is no further reminder.")
    if outbox.address_of(recipient):
        return _("We will remind you on %(when)s by e-mail.") % {"when": moment(due)}
    return _("We will remind you on %(when)s by phone or through your building leader.") % {"when": moment(due)}


def because_signed_up() -> str:
    return _("You get this mail because you or your family are signed up.")
