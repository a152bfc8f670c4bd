"""What the portal writes to those who come: one class a kind, one pair of templates for all (docs/rules/messages.md).

Messages are about sign-ups (``sign_up:<id>``), or about members and invited people (``meeting:<id>``,
``invitation:<id>``) who are expected without one. A family reads one mail that names everyone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities import ics
from activities.models import COMING, Activity, Booking, SignUp, SignUpStatus, Status
from people import clock, outbox, tokens
from people.models import Guardianship, Message, Occasion, Person
from people.outbox import About, Email, Letter, MessageKind
from people.outbox.envelope import absolute, word
from people.templatetags.portal import day, moment, span


@dataclass(frozen=True)
class Place:
    """What an occasion is about: ``person`` at ``activity``, by ``sign_up`` or without one."""

    activity: Activity
    person: Person
    sign_up: SignUp | None = None


def action_url(purpose: str, booking: Booking, reader: Person) -> str:
    """A page with one button; it acts for ``reader``, whoever opens it, until the token's age is over."""
    token = tokens.make(f"booking-{purpose}", booking=booking.pk, reader=reader.pk)
    return absolute(reverse("activities:mail-action", args=[purpose, token]))


class ActivityMessage(MessageKind):
    """Base of the kinds below. ``wanted(place)``: is the message still true just before it is sent?"""

    attaches_calendar = False
    tone = "leaf"
    prefetch: tuple[str, ...] = ()

    def load(self, occasions: list[Occasion]) -> dict[int, Place]:
        keys: dict[str, list[int]] = defaultdict(list)
        for occasion in occasions:
            name, _colon, pk = occasion.key.partition(":")
            keys[name].append(int(pk))
        sign_ups = (
            SignUp.objects.filter(pk__in=keys.pop("sign_up", []))
            .select_related("activity__location", "activity__neighbourhood", "person", "booking__made_by", "companion")
            .prefetch_related(*self.prefetch)
            .in_bulk()
        )
        others = load_activities(keys)
        found = {}
        for occasion in occasions:
            name, _colon, pk = occasion.key.partition(":")
            if name == "sign_up":
                row = sign_ups.get(int(pk))
                place = Place(row.activity, row.person, row) if row else None
            else:
                activity = others.get(occasion.key)
                place = Place(activity, occasion.subject_person) if activity else None
            if place is not None and occasion.revision <= place.activity.revision and self.wanted(place, occasion):
                found[occasion.pk] = place
        return found

    def wanted(self, place: Place, occasion: Occasion) -> bool:
        raise NotImplementedError

    def words(self, message: Message, places: list[Place]) -> "Words":
        raise NotImplementedError

    def render(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> Email:
        places = [place for _occasion, place in subjects]
        words = self.words(message, places)
        groups = by_activity(places)
        context = {
            "words": words,
            "groups": [
                {
                    "activity": activity,
                    "people": names(people),
                    "lines": [activity.location_note] if activity.location_note else [],
                }
                for activity, people in groups
            ],
            "why": words.why,
            "tone": self.tone,
        }
        attachments = []
        if self.attaches_calendar:
            attachments = [
                (f"activity-{activity.pk}.ics", ics.attachment(activity, places=people), "text/calendar")
                for activity, people in groups
            ]
        return word("activities/email/notice", message, words.subject, context, attachments)

    def spoken(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> str:
        places = [place for _occasion, place in subjects]
        return "; ".join(
            _("%(label)s: “%(title)s”, %(when)s, %(where)s (%(people)s)")
            % {
                "label": self.label,
                "title": activity.title,
                "when": f"{day(activity.starts_at)} {span(activity)}",
                "where": activity.location or "–",
                "people": names(people),
            }
            for activity, people in by_activity(places)
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


def load_activities(keys: dict[str, list[int]]) -> dict[str, Activity]:
    """{key: activity} of the ``meeting:<activity id>`` and ``invitation:<id>`` keys."""
    found: dict[str, Activity] = {}
    wanted = Activity.objects.select_related("location", "neighbourhood", "part_of__location", "part_of__neighbourhood")
    if ids := keys.get("meeting"):
        for pk, activity in wanted.in_bulk(ids).items():
            found[f"meeting:{pk}"] = activity.part_of or activity
    if ids := keys.get("invitation"):
        for activity in wanted.filter(invitations__in=ids).prefetch_related("invitations"):
            for invitation in activity.invitations.all():
                found[f"invitation:{invitation.pk}"] = activity.part_of or activity
    return found


def by_activity(places: Iterable[Place]) -> list[tuple[Activity, list[Place]]]:
    groups: dict[int, list[Place]] = defaultdict(list)
    for place in places:
        groups[place.activity.pk].append(place)
    ordered = sorted(groups.values(), key=lambda group: (group[0].activity.starts_at, group[0].activity.pk))
    return [(group[0].activity, group) for group in ordered]


def names(places: Iterable[Place]) -> str:
    """Everyone named once, in the order of the booking."""
    return _(", ").join(dict.fromkeys(place.person.name for place in places))


def titles(places: list[Place]) -> str:
    groups = by_activity(places)
    first = groups[0][0].title
    more = len(groups) - 1
    if not more:
        return first
    return ngettext("%(title)s and one more", "%(title)s and %(count)d more", more) % {"title": first, "count": more}


def bookings(places: list[Place]) -> list[Booking]:
    found = {place.sign_up.booking_id: place.sign_up.booking for place in places if place.sign_up}
    return list(found.values())


def withdraw_line(places: list[Place], reader: Person) -> list[tuple[str, str]]:
    """A link per booking to the page with the button 「去不了了」."""
    several = len(by_activity(places)) > 1
    links = []
    for booking in bookings(places):
        activity = next(place.activity for place in places if place.sign_up and place.sign_up.booking_id == booking.pk)
        label = (
            _("Cannot come to “%(title)s”?") % {"title": activity.title} if several else _("I cannot come after all")
        )
        links.append((label, action_url("withdraw", booking, reader)))
    return links


def see_line(places: list[Place]) -> tuple[str, str]:
    return _("See the details"), absolute(by_activity(places)[0][0].get_absolute_url())


def promise(activity: Activity, recipient: Person, at: datetime) -> str:
    """The reminder promise: when and how, or that this message is the reminder."""
    from activities.operations.reminders import remind_at  # the promise words what the sweep will do

    due = remind_at(activity)
    if due <= at:
        return _("It begins soon, so there is no further reminder.")
    if outbox.address_of(recipient):
        return _("We will remind you on %(when)s by e-mail.") % {"when": moment(due)}
    return _("We will remind you on %(when)s by phone or through your building leader.") % {"when": moment(due)}


def because_signed_up() -> str:
    return _("You get this mail because you or your family are signed up.")


class Confirmed(ActivityMessage):
    attaches_calendar = True

    def wanted(self, place: Place, occasion: Occasion) -> bool:
        return (
            place.sign_up is not None and place.sign_up.status in COMING and place.activity.status == Status.PUBLISHED
        )

    def words(self, message: Message, places: list[Place]) -> Words:
        activity = places[0].activity
        pending = [place for place in places if place.sign_up and place.sign_up.status == SignUpStatus.CONSENT_PENDING]
        words = Words(
            subject=_("Signed up: %(title)s, %(day)s") % {"title": activity.title, "day": day(activity.starts_at)},
            heading=_("You are signed up"),
            paragraphs=[promise(activity, message.recipient, message.queued_at)],
            actions=[see_line(places), *withdraw_line(places, message.recipient)],
            why=because_signed_up(),
        )
        if pending:
            words.paragraphs.insert(0, consent_sentence(pending))
        words.after.append(
            _("If you cannot come, one click until %(when)s is enough, and the seat goes to a neighbour.")
            % {"when": moment(activity.cancel_ends_at)}
        )
        return words


class Promoted(Confirmed):
    def words(self, message: Message, places: list[Place]) -> Words:
        words = super().words(message, places)
        activity = places[0].activity
        words.subject = _("A seat for you: %(title)s, %(day)s") % {
            "title": activity.title,
            "day": day(activity.starts_at),
        }
        words.heading = _("You have moved up from the waiting list")
        return words


class ConsentReceived(Confirmed):
    def words(self, message: Message, places: list[Place]) -> Words:
        words = super().words(message, places)
        words.heading = _("The consent has arrived, the seat is confirmed")
        return words


def consent_sentence(pending: list[Place]) -> str:
    until = min(place.sign_up.consent_until for place in pending if place.sign_up and place.sign_up.consent_until)
    return _("For %(names)s a guardian's consent is still missing. The seat is kept until %(when)s.") % {
        "names": names(pending),
        "when": moment(until),
    }


class Waiting(ActivityMessage):
    tone = "brick"

    def wanted(self, place: Place, occasion: Occasion) -> bool:
        return place.sign_up is not None and place.sign_up.status == SignUpStatus.WAITING

    def words(self, message: Message, places: list[Place]) -> Words:
        activity = places[0].activity
        together = [_("You wait together and will not be split up.")] if len(places) > 1 else []
        return Words(
            subject=_("On the waiting list: %(title)s, %(day)s")
            % {"title": activity.title, "day": day(activity.starts_at)},
            heading=_("You are on the waiting list"),
            paragraphs=[
                _("We write as soon as a seat is free for you. Your present place in the queue stands on the page."),
                *together,
            ],
            actions=[
                see_line(places),
                (_("Leave the waiting list"), action_url("withdraw", bookings(places)[0], message.recipient)),
            ],
            why=because_signed_up(),
        )


class Offered(ActivityMessage):
    tone = "brick"

    def wanted(self, place: Place, occasion: Occasion) -> bool:
        return place.sign_up is not None and place.sign_up.status == SignUpStatus.OFFERED

    def words(self, message: Message, places: list[Place]) -> Words:
        activity, booking = places[0].activity, bookings(places)[0]
        when = moment(booking.offer_until)
        return Words(
            subject=_("Please answer by %(when)s: a seat for %(title)s") % {"when": when, "title": activity.title},
            heading=ngettext("A seat is free for you", "%(count)d seats are free for you", len(places))
            % {"count": len(places)},
            paragraphs=[
                _("It is kept for you until %(when)s. Without an answer it then goes to the next neighbour.")
                % {"when": when}
            ],
            actions=[
                (_("Take the seat"), action_url("accept", booking, message.recipient)),
                (_("No, thank you"), action_url("decline", booking, message.recipient)),
            ],
            why=because_signed_up(),
        )


class ComeWithFewer(ActivityMessage):
    tone = "brick"

    def wanted(self, place: Place, occasion: Occasion) -> bool:
        return place.sign_up is not None and place.sign_up.status == SignUpStatus.WAITING

    def words(self, message: Message, places: list[Place]) -> Words:
        activity, booking = places[0].activity, bookings(places)[0]
        return Words(
            subject=_("Would you come with fewer? %(title)s") % {"title": activity.title},
            heading=_("There is room for some of you"),
            paragraphs=[
                _(
                    "You are first on the waiting list, but there are not yet seats for all of you. "
                    "You may come with fewer now, or keep waiting together; you lose nothing by waiting."
                ),
            ],
            actions=[(_("Choose who comes"), action_url("accept", booking, message.recipient)), see_line(places)],
            why=because_signed_up(),
        )


class ConsentWanted(ActivityMessage):
    tone = "brick"

    def wanted(self, place: Place, occasion: Occasion) -> bool:
        return place.sign_up is not None and place.sign_up.status in {
            SignUpStatus.CONSENT_PENDING,
            SignUpStatus.WAITING,
        }

    def words(self, message: Message, places: list[Place]) -> Words:
        activity = places[0].activity
        who = names(places)
        paragraphs = [
            _("%(names)s would like to take part. Minors need a guardian's consent to each activity.") % {"names": who},
        ]
        if activity.risks:
            paragraphs.append(
                _("Risks: %(risks)s. What we do about them: %(safeguards)s.")
                % {"risks": activity.risks, "safeguards": activity.safeguards or "–"}
            )
        pending = [place for place in places if place.sign_up and place.sign_up.consent_until]
        if pending:
            paragraphs.append(consent_sentence(pending))
        return Words(
            subject=_("Your consent, please: %(names)s at %(title)s") % {"names": who, "title": activity.title},
            heading=_("Do you agree to %(names)s taking part?") % {"names": who},
            paragraphs=paragraphs,
            actions=[(_("Read and decide"), action_url("consent", bookings(places)[0], message.recipient))],
            why=_("You get this mail because you are named as guardian."),
        )


class Lapsed(ActivityMessage):
    tone = "past"

    def wanted(self, place: Place, occasion: Occasion) -> bool:
        return place.sign_up is not None and place.sign_up.status == SignUpStatus.LAPSED

    def words(self, message: Message, places: list[Place]) -> Words:
        activity = places[0].activity
        return Words(
            subject=_("The seat was passed on: %(title)s") % {"title": activity.title},
            heading=_("The time to answer is over"),
            paragraphs=[
                _("The seat for %(names)s was passed on. You are welcome to sign up again while sign-up is open.")
                % {"names": names(places)}
            ],
            actions=[see_line(places)],
            why=because_signed_up(),
        )


class Withdrawn(ActivityMessage):
    tone = "past"

    def wanted(self, place: Place, occasion: Occasion) -> bool:
        return (
            place.sign_up is not None
            and place.sign_up.status == SignUpStatus.CANCELLED
            and place.activity.status == Status.PUBLISHED
        )

    def words(self, message: Message, places: list[Place]) -> Words:
        activity = places[0].activity
        return Words(
            subject=_("Withdrawn: %(title)s, %(day)s") % {"title": activity.title, "day": day(activity.starts_at)},
            heading=_("Thank you for telling us"),
            paragraphs=[
                _("%(names)s: the seat goes to whoever waits for it. See you another time.") % {"names": names(places)}
            ],
            actions=[see_line(places)],
            why=because_signed_up(),
        )


class Moved(ActivityMessage):
    attaches_calendar = True
    tone = "brick"
    prefetch = ("activity__moves__old_location",)

    def wanted(self, place: Place, occasion: Occasion) -> bool:
        live = place.sign_up is None or place.sign_up.is_live
        return live and place.activity.status == Status.PUBLISHED and occasion.revision == place.activity.revision

    def words(self, message: Message, places: list[Place]) -> Words:
        activity = places[0].activity
        before = max(activity.moves.all(), key=lambda move: move.revision, default=None)
        paragraphs = []
        if before is not None:
            paragraphs.append(
                _("Before it was: %(when)s, %(where)s.")
                % {"when": f"{day(before.old_starts_at)} {span(OldTime(before))}", "where": before.old_location or "–"}
            )
            if before.reason:
                paragraphs.append(_("Why: %(reason)s.") % {"reason": before.reason.rstrip("。.")})
        paragraphs.append(promise(activity, message.recipient, message.queued_at))
        return Words(
            subject=_("New time or place: %(title)s, %(day)s")
            % {"title": activity.title, "day": day(activity.starts_at)},
            heading=_("Time or place have changed"),
            paragraphs=paragraphs,
            actions=[(_("See the change and confirm"), see_line(places)[1]), *withdraw_line(places, message.recipient)],
            why=because_signed_up(),
        )


class OldTime:
    """What ``span`` reads, of a move."""

    def __init__(self, move) -> None:
        self.starts_at, self.ends_at = move.old_starts_at, move.old_ends_at


class Cancelled(ActivityMessage):
    attaches_calendar = True
    tone = "past"

    def wanted(self, place: Place, occasion: Occasion) -> bool:
        return place.activity.status == Status.CANCELLED

    def words(self, message: Message, places: list[Place]) -> Words:
        activity = places[0].activity
        return Words(
            subject=_("Cancelled: %(title)s, %(day)s") % {"title": activity.title, "day": day(activity.starts_at)},
            heading=_("This is cancelled"),
            paragraphs=[
                _("“%(title)s” will not take place. Why: %(reason)s.")
                % {"title": activity.title, "reason": activity.cancel_reason.rstrip("。.")},
                _("You need not do anything."),
            ],
            actions=[see_line(places)],
            why=because_signed_up(),
        )


class Reminder(ActivityMessage):
    def wanted(self, place: Place, occasion: Occasion) -> bool:
        coming = place.sign_up is None or place.sign_up.status in COMING
        if place.activity.has_started(at=clock.now()):
            return False  # one of several occasions in a mail that is late; nothing after the start
        return coming and place.activity.status == Status.PUBLISHED and occasion.revision == place.activity.revision

    def words(self, message: Message, places: list[Place]) -> Words:
        groups = by_activity(places)
        first = groups[0][0]
        return Words(
            subject=_("Reminder: %(title)s, %(day)s %(time)s")
            % {"title": titles(places), "day": day(first.starts_at), "time": span(first)},
            heading=_("See you soon"),
            paragraphs=[_("%(name)s, this is the reminder we promised.") % {"name": message.recipient.name}],
            actions=[see_line(places), *withdraw_line(places, message.recipient)],
            why=because_signed_up() if bookings(places) else _("You get this mail because you are expected there."),
        )


CONFIRMED = outbox.register(Confirmed("sign_up_confirmed", gettext_lazy("Confirmation")))
PROMOTED = outbox.register(Promoted("sign_up_promoted", gettext_lazy("Moved up from the waiting list")))
CONSENT_RECEIVED = outbox.register(ConsentReceived("consent_received", gettext_lazy("Consent received")))
WAITING = outbox.register(Waiting("sign_up_waiting", gettext_lazy("On the waiting list")))
OFFERED = outbox.register(Offered("seat_offered", gettext_lazy("Offer of a seat"), urgent_call=True))
FEWER = outbox.register(ComeWithFewer("come_with_fewer", gettext_lazy("Room for some"), urgent_call=True))
CONSENT_WANTED = outbox.register(ConsentWanted("consent_wanted", gettext_lazy("Consent asked for")))
LAPSED = outbox.register(Lapsed("sign_up_lapsed", gettext_lazy("Lapsed")))
WITHDRAWN = outbox.register(Withdrawn("sign_up_withdrawn", gettext_lazy("Withdrawal")))
MOVED = outbox.register(Moved("activity_moved", gettext_lazy("New time or place")))
CANCELLED = outbox.register(Cancelled("activity_cancelled", gettext_lazy("Cancelled")))
REMINDER = outbox.register(Reminder("reminder", gettext_lazy("Reminder of what you are signed up for"), optional=True))
REMINDER_HOURS = outbox.register(
    Reminder("reminder_hours", gettext_lazy("Second reminder, shortly before"), optional=True)
)


# Who is told


def recipients(places: Sequence[tuple[Person, Person | None, Activity]]) -> dict[int, Person]:
    """{person id: who is written to}, for (person, who booked, activity) triples; one query for all minors.

    Adults read their own mail; without any channel whoever booked for them does. For minors their guardian does,
    whoever of the guardians booked first of all.
    """
    told: dict[int, Person] = {}
    minors: dict[int, Person | None] = {}
    for person, made_by, activity in places:
        if not person.is_adult_on(activity.starts_at.date()):
            minors[person.pk] = made_by
        elif person.channel or person.user_id or made_by is None:
            told[person.pk] = person
        else:
            told[person.pk] = made_by
    guardians: dict[int, list[Person]] = defaultdict(list)
    if minors:
        bonds = (
            Guardianship.objects.filter(child__in=minors, ended_at=None).select_related("guardian__user").order_by("pk")
        )
        for bond in bonds:
            guardians[bond.child_id].append(bond.guardian)
    for person, made_by, _activity in places:
        if person.pk in minors:
            own = guardians[person.pk]
            told[person.pk] = next((guardian for guardian in own if made_by and guardian.pk == made_by.pk), None) or (
                own[0] if own else made_by or person
            )
    return told


def tell(
    kind: ActivityMessage,
    rows: Collection[SignUp],
    activity: Activity,
    *,
    at: datetime,
    others: Collection = (),
    quiet: bool = False,
    expires_at: datetime | None = None,
    also: str = "",
) -> None:
    """One message of ``kind`` to each recipient about their rows, and to ``others`` who are expected without a sign-up.

    quiet: keep quiet hours, as the portal starts it.  also: code of a kind that this message stands for as well.
    """
    people = {one.person_id: one for one in others}
    loaded = Person.objects.filter(pk__in=people).select_related("user").in_bulk() if people else {}
    triples: list[tuple[Person, Person | None, Activity]] = [
        (row.person, row.booking.made_by, activity) for row in rows
    ]
    triples += [(person, None, activity) for person in loaded.values()]
    told = recipients(triples)
    letters: dict[int, tuple[Person, list[About]]] = {}
    entries = [(row.person, f"sign_up:{row.pk}") for row in rows] + [
        (loaded[pk], one.key) for pk, one in people.items() if pk in loaded
    ]
    for person, key in entries:
        recipient = told[person.pk]
        abouts = letters.setdefault(recipient.pk, (recipient, []))[1]
        abouts.append(About(key, person, activity.revision))
        if also:
            abouts.append(About(key, person, activity.revision, kind=also))
    for recipient, abouts in letters.values():
        outbox.queue(
            kind,
            recipient,
            abouts,
            at=at,
            expires_at=expires_at or activity.starts_at,
            starts_at=activity.starts_at if quiet else None,
        )


def booked(booking: Booking, *, at: datetime, again: bool = False) -> None:
    """Confirmation or receipt for the waiting list, and the question to guardians whose consent is missing.

    again: an answered offer; the rows that have a seat now are confirmed.
    """
    rows = list(booking.sign_ups.live().select_related("person", "booking__made_by", "activity"))
    activity = rows[0].activity
    waiting = [row for row in rows if row.status == SignUpStatus.WAITING]
    if waiting:
        tell(WAITING, waiting, activity, at=at)
    seated = [row for row in rows if row.status in COMING]
    if seated:
        tell(CONFIRMED, seated, activity, at=at, also=reminder_passed(activity, at))
    if not again:
        minors = [row for row in waiting if lacks_consent(row, activity)]
        consent_wanted([row for row in seated if row.status == SignUpStatus.CONSENT_PENDING] + minors, at=at)


def lacks_consent(row: SignUp, activity: Activity) -> bool:
    if row.person.is_adult_on(activity.starts_at.date()):
        return False
    return not activity.consents.filter(child=row.person, revoked_at=None).exists()


def reminder_passed(activity: Activity, at: datetime) -> str:
    """Whoever joins after the reminder was due has the confirmation as reminder: the ledger says so."""
    from activities.operations.reminders import remind_at  # as in promise()

    return REMINDER.code if remind_at(activity) <= at else ""


def consent_wanted(rows: list[SignUp], *, at: datetime) -> None:
    if rows:
        tell(CONSENT_WANTED, rows, rows[0].activity, at=at)


def consent_received(row: SignUp, *, at: datetime) -> None:
    tell(CONSENT_RECEIVED, [row], row.activity, at=at, also=reminder_passed(row.activity, at))


def promoted(booking: Booking, *, at: datetime) -> None:
    rows = list(booking.sign_ups.coming().select_related("person", "booking__made_by", "activity"))
    tell(PROMOTED, rows, rows[0].activity, at=at, also=reminder_passed(rows[0].activity, at))
    consent_wanted([row for row in rows if row.status == SignUpStatus.CONSENT_PENDING], at=at)


def offered(booking: Booking, *, at: datetime) -> None:
    rows = list(
        booking.sign_ups.filter(status=SignUpStatus.OFFERED).select_related("person", "booking__made_by", "activity")
    )
    to_whoever_booked(OFFERED, booking, rows, at=at, expires_at=booking.offer_until)


def come_with_fewer(booking: Booking, free: int | None, *, at: datetime) -> None:
    rows = list(booking.sign_ups.waiting().select_related("person", "booking__made_by", "activity"))
    to_whoever_booked(FEWER, booking, rows, at=at, expires_at=rows[0].activity.signup_ends_at)


def to_whoever_booked(
    kind: ActivityMessage, booking: Booking, rows: list[SignUp], *, at: datetime, expires_at: datetime | None
) -> None:
    """A question about the whole booking goes to one: whoever made it, or the person when that is somebody else's helper."""
    people = {row.person_id for row in rows}
    recipient = booking.made_by
    if booking.made_by_id not in people and len(rows) == 1:
        recipient = recipients([(rows[0].person, booking.made_by, rows[0].activity)])[rows[0].person_id]
    outbox.queue(
        kind,
        recipient,
        [About(f"sign_up:{row.pk}", row.person, row.activity.revision) for row in rows],
        at=at,
        expires_at=expires_at,
    )


def lapsed(rows: Sequence[SignUp], *, at: datetime) -> None:
    if rows:
        activity = Activity.objects.get(pk=rows[0].activity_id)
        tell(LAPSED, rows, activity, at=at)


def withdrawn(rows: list[SignUp], *, at: datetime) -> None:
    tell(WITHDRAWN, rows, Activity.objects.get(pk=rows[0].activity_id), at=at)


def moved(
    activity: Activity, rows: list[SignUp], others: Collection, *, at: datetime, stands_for_reminder: bool
) -> None:
    tell(MOVED, rows, activity, at=at, others=others, quiet=True, also=REMINDER.code if stands_for_reminder else "")


def cancelled(activity: Activity, rows: list[SignUp], others: Collection, *, at: datetime) -> None:
    tell(CANCELLED, rows, activity, at=at, others=others, quiet=True)


def remind(activities: dict[int, Activity], wanted: Collection, *, lead: str, at: datetime) -> int:
    """Write the reminders for these expected people; one message per recipient. A constant number of queries a chunk."""
    kind = REMINDER if lead == "evening" else REMINDER_HOURS
    people = Person.objects.select_related("user").in_bulk({one.person_id for one in wanted})
    made_by: dict[str, Person] = {}
    sign_up_ids = [int(one.key.partition(":")[2]) for one in wanted if one.key.startswith("sign_up:")]
    for start in range(0, len(sign_up_ids), 500):
        rows = SignUp.objects.filter(pk__in=sign_up_ids[start : start + 500]).select_related("booking__made_by__user")
        made_by |= {f"sign_up:{row.pk}": row.booking.made_by for row in rows}
    letters: dict[int, tuple[Person, list[About], datetime]] = {}
    by_moment: dict[int, list] = defaultdict(list)
    for one in wanted:
        by_moment[one.activity_id].append(one)
    for activity_id, group in by_moment.items():
        activity = activities[activity_id]
        told = recipients(
            [(people[one.person_id], made_by.get(one.key), activity) for one in group if one.person_id in people]
        )
        for one in group:
            if one.person_id not in people:
                continue
            recipient = told[one.person_id]
            known = letters.get(recipient.pk)
            abouts = known[1] if known else []
            abouts.append(About(one.key, people[one.person_id], activity.revision))
            ends = max(known[2], activity.starts_at) if known else activity.starts_at
            letters[recipient.pk] = (recipient, abouts, ends)
    return outbox.queue_many(
        kind, [Letter(recipient, abouts, at, ends) for recipient, abouts, ends in letters.values()], at=at
    )
