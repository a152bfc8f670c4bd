"""The kinds of mail about an activity, and when each is still true just before it is sent."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.emails.changed_words import WordsChanged
from activities.emails.gone import Declined, Lapsed, Withdrawn, WithdrawnLate
from activities.emails.invitation import Invited, SaidNo
from activities.emails.wording import (
    ActivityMessage,
    Attendee,
    Words,
    action_url,
    because_signed_up,
    bookings,
    by_activity,
    cannot_come_line,
    consent_lines,
    names,
    promise,
    see_line,
    titles,
    withdraw_line,
)
from activities.models import COMING, SignUpStatus, Status
from activities.rules import eligibility
from people.models import Message, Occasion
from portal import clock
from portal.dates import day, moment, span


class Confirmed(ActivityMessage):
    attaches_calendar = True
    tells_facts = True

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        return (
            attendee.sign_up is not None
            and attendee.sign_up.status in COMING
            and attendee.activity.status == Status.PUBLISHED
        )

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        activity = attendees[0].activity
        pending = [
            attendee
            for attendee in attendees
            if attendee.sign_up and attendee.sign_up.status == SignUpStatus.CONSENT_PENDING
        ]
        words = Words(
            subject=_("Signed up: %(title)s, %(day)s") % {"title": activity.title, "day": day(activity.starts_at)},
            heading=_("You are signed up"),
            paragraphs=[promise(activity, message.recipient, message.queued_at)],
            actions=[see_line(attendees), *withdraw_line(attendees, message.recipient)],
            why=because_signed_up(),
        )
        if pending:
            words.paragraphs.insert(0, consent_sentence(pending))
        words.after.append(
            _("If you cannot come, one click until %(when)s is enough, and the seat goes to a neighbour.")
            % {"when": moment(activity.cancel_ends_at)}
        )
        if activity.cancel_ends_at < activity.starts_at:
            words.after.append(_("After that please tell us all the same, by the same link, until it begins."))
        return words


class Promoted(Confirmed):
    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        words = super().words(message, attendees)
        activity = attendees[0].activity
        words.subject = _("A seat for you: %(title)s, %(day)s") % {
            "title": activity.title,
            "day": day(activity.starts_at),
        }
        words.heading = _("You have moved up from the waiting list")
        return words


class ConsentReceived(Confirmed):
    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        words = super().words(message, attendees)
        words.heading = _("The consent has arrived, the seat is confirmed")
        return words


def consent_sentence(pending: list[Attendee]) -> str:
    until = min(
        attendee.sign_up.consent_until for attendee in pending if attendee.sign_up and attendee.sign_up.consent_until
    )
    return _("For %(names)s a guardian's consent is still missing. The seat is kept until %(when)s.") % {
        "names": names(pending),
        "when": moment(until),
    }


class Waiting(ActivityMessage):
    tone = "brick"

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        return attendee.sign_up is not None and attendee.sign_up.status == SignUpStatus.WAITING

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        activity = attendees[0].activity
        too_many = eligibility.too_many_words(activity, len(attendees))
        together = [too_many or _("You wait together and will not be split up.")] if len(attendees) > 1 else []
        return Words(
            subject=_("On the waiting list: %(title)s, %(day)s")
            % {"title": activity.title, "day": day(activity.starts_at)},
            heading=_("You are on the waiting list"),
            paragraphs=[
                _("We write as soon as a seat is free for you. Your present place in the queue stands on the page."),
                *together,
            ],
            actions=[
                see_line(attendees),
                (_("Leave the waiting list"), action_url("withdraw", bookings(attendees)[0], message.recipient)),
            ],
            why=because_signed_up(),
        )


class Offered(ActivityMessage):
    attaches_calendar = True
    tone = "brick"

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        return attendee.sign_up is not None and attendee.sign_up.status == SignUpStatus.OFFERED

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        activity, booking = attendees[0].activity, bookings(attendees)[0]
        when = moment(booking.offer_until)
        return Words(
            subject=_("Please answer by %(when)s: a seat for %(title)s") % {"when": when, "title": activity.title},
            heading=ngettext("A seat is free for you", "%(count)d seats are free for you", len(attendees))
            % {"count": len(attendees)},
            paragraphs=[
                *filter(None, [eligibility.overlap_words(activity, [one.sign_up for one in attendees if one.sign_up])]),
                _("It is kept for you until %(when)s. Without an answer it then goes to the next neighbour.")
                % {"when": when},
            ],
            actions=[
                (_("Take the seat"), action_url("accept", booking, message.recipient)),
                (_("No, thank you"), action_url("decline", booking, message.recipient)),
            ],
            why=because_signed_up(),
        )


class ComeWithFewer(ActivityMessage):
    tone = "brick"

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        return attendee.sign_up is not None and attendee.sign_up.status == SignUpStatus.WAITING

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        activity, booking = attendees[0].activity, bookings(attendees)[0]
        return Words(
            subject=_("Would you come with fewer? %(title)s") % {"title": activity.title},
            heading=_("There is room for some of you"),
            paragraphs=[
                eligibility.too_many_words(activity, len(attendees))
                or _(
                    "You are first on the waiting list, but there are not yet seats for all of you. "
                    "You may come with fewer now, or keep waiting together; you lose nothing by waiting."
                ),
            ],
            actions=[(_("Choose who comes"), action_url("accept", booking, message.recipient)), see_line(attendees)],
            why=because_signed_up(),
        )


class ConsentWanted(ActivityMessage):
    tone = "brick"
    counts_asks = True

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        return attendee.sign_up is not None and attendee.sign_up.status in {
            SignUpStatus.CONSENT_PENDING,
            SignUpStatus.WAITING,
        }

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        activity = attendees[0].activity
        who = names(attendees)
        paragraphs = [self.asks(who)]
        if activity.risks:
            paragraphs.append(
                _("Risks: %(risks)s. What we do about them: %(safeguards)s.")
                % {
                    "risks": activity.risks.rstrip("。."),
                    "safeguards": activity.safeguards.rstrip("。.") or "–",
                }
            )
        pending = [attendee for attendee in attendees if attendee.sign_up and attendee.sign_up.consent_until]
        if pending:
            paragraphs.append(consent_sentence(pending))
        return Words(
            subject=self.subject(who, activity.title),
            heading=_("Do you agree to %(names)s taking part?") % {"names": who},
            paragraphs=paragraphs,
            actions=consent_lines(attendees, message.recipient),
            why=_("You get this mail because you are named as guardian."),
        )

    def subject(self, who: str, title: str) -> str:
        return _("Your consent, please: %(names)s at %(title)s") % {"names": who, "title": title}

    def asks(self, who: str) -> str:
        return _("%(names)s would like to take part. Minors need a guardian's consent to each activity.") % {
            "names": who
        }


class ConsentWantedAgain(ConsentWanted):
    """What was agreed to does not hold any more: place, time, risks, or who may agree."""

    def subject(self, who: str, title: str) -> str:
        return _("Please say once more: %(names)s at %(title)s") % {"names": who, "title": title}

    def asks(self, who: str) -> str:
        return _(
            "%(names)s had a consent, but something has changed since it was given. Please read how it is now, and say"
            " whether you agree. Either guardian may answer."
        ) % {"names": who}


class ConsentMissing(ConsentWanted):
    """The one reminder before the seat is released."""

    def subject(self, who: str, title: str) -> str:
        return _("Reminder, your consent is still missing: %(names)s at %(title)s") % {"names": who, "title": title}


class Moved(ActivityMessage):
    attaches_calendar = True
    tone = "brick"
    prefetch = ("activity__moves__old_location",)

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        live = attendee.sign_up is None or attendee.sign_up.is_live
        return live and attendee.activity.status == Status.PUBLISHED and occasion.revision == attendee.activity.revision

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        activity = attendees[0].activity
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
        pending = [
            attendee
            for attendee in attendees
            if attendee.sign_up and attendee.sign_up.status == SignUpStatus.CONSENT_PENDING
        ]
        asks = consent_lines(pending, message.recipient)
        if pending:
            paragraphs += [_("The consent was given to the old time and place."), consent_sentence(pending)]
        return Words(
            subject=_("New time or place: %(title)s, %(day)s")
            % {"title": activity.title, "day": day(activity.starts_at)},
            heading=_("Time or place have changed"),
            paragraphs=paragraphs,
            actions=[
                *asks,
                (_("See the change and confirm"), see_line(attendees)[1]),
                *withdraw_line(attendees, message.recipient),
            ],
            why=because_signed_up(),
        )


class OldTime:
    """What ``span`` reads, of a move."""

    def __init__(self, move) -> None:
        self.starts_at, self.ends_at = move.old_starts_at, move.old_ends_at


class Cancelled(ActivityMessage):
    attaches_calendar = True
    tone = "past"

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        return attendee.activity.status == Status.CANCELLED

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        activity = attendees[0].activity
        return Words(
            subject=_("Cancelled: %(title)s, %(day)s") % {"title": activity.title, "day": day(activity.starts_at)},
            heading=_("This is cancelled"),
            paragraphs=[
                _("“%(title)s” will not take place. Why: %(reason)s.")
                % {"title": activity.title, "reason": activity.cancel_reason.rstrip("。.")},
                _("You need not do anything."),
            ],
            actions=[see_line(attendees)],
            why=because_signed_up(),
        )


class Reminder(ActivityMessage):
    attaches_calendar = True
    tells_facts = True

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        said_no = attendee.family is not None and attendee.family.declined
        coming = not said_no if attendee.sign_up is None else attendee.sign_up.status in COMING
        if attendee.activity.has_started(at=clock.now()):
            return False  # one of several occasions in a mail that is late; nothing after the start
        return (
            coming and attendee.activity.status == Status.PUBLISHED and occasion.revision == attendee.activity.revision
        )

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        groups = by_activity(attendees)
        first = groups[0][0]
        return Words(
            subject=_("Reminder: %(title)s, %(day)s %(time)s")
            % {"title": titles(attendees), "day": day(first.starts_at), "time": span(first)},
            heading=_("See you soon"),
            paragraphs=[_("%(name)s, this is the reminder we promised.") % {"name": message.recipient.name}],
            actions=[
                see_line(attendees),
                *withdraw_line(attendees, message.recipient),
                *cannot_come_line(attendees, message.recipient),
            ],
            why=because_signed_up() if bookings(attendees) else _("You get this mail because you are expected there."),
        )


INVITED = Invited("invited", gettext_lazy("Invitation"))
SAID_NO = SaidNo("cannot_come", gettext_lazy("No to an invitation"))
CONFIRMED = Confirmed("sign_up_confirmed", gettext_lazy("Confirmation"))
PROMOTED = Promoted("sign_up_promoted", gettext_lazy("Moved up from the waiting list"))
CONSENT_RECEIVED = ConsentReceived("consent_received", gettext_lazy("Consent received"))
WAITING = Waiting("sign_up_waiting", gettext_lazy("On the waiting list"))
OFFERED = Offered("seat_offered", gettext_lazy("Offer of a seat"), urgent_call=True)
FEWER = ComeWithFewer("come_with_fewer", gettext_lazy("Room for some"), urgent_call=True)
CONSENT_WANTED = ConsentWanted("consent_wanted", gettext_lazy("Consent asked for"))
CONSENT_AGAIN = ConsentWantedAgain("consent_again", gettext_lazy("Consent asked for again"))
CONSENT_MISSING = ConsentMissing("consent_missing", gettext_lazy("Reminder of a missing consent"))
LAPSED = Lapsed("sign_up_lapsed", gettext_lazy("Lapsed"))
WITHDRAWN = Withdrawn("sign_up_withdrawn", gettext_lazy("Withdrawal"))
WITHDRAWN_LATE = WithdrawnLate(
    "sign_up_withdrawn_late", gettext_lazy("Withdrawal after the deadline"), urgent_call=True
)
DECLINED = Declined("seat_declined", gettext_lazy("No to an offered seat"))
MOVED = Moved("activity_moved", gettext_lazy("New time or place"))
WORDS_CHANGED = WordsChanged("activity_words", gettext_lazy("Something to know has changed"))
CANCELLED = Cancelled("activity_cancelled", gettext_lazy("Cancelled"))
REMINDER = Reminder("reminder", gettext_lazy("Reminder of what you are signed up for"), optional=True)
REMINDER_HOURS = Reminder("reminder_hours", gettext_lazy("Second reminder, shortly before"), optional=True)

#: In the order in which residents read them on their settings.
SEAT_KINDS = (
    CONFIRMED,
    PROMOTED,
    CONSENT_RECEIVED,
    WAITING,
    OFFERED,
    FEWER,
    CONSENT_WANTED,
    CONSENT_AGAIN,
    CONSENT_MISSING,
    LAPSED,
    WITHDRAWN,
    WITHDRAWN_LATE,
    DECLINED,
    MOVED,
    WORDS_CHANGED,
    CANCELLED,
    INVITED,
    SAID_NO,
    REMINDER,
    REMINDER_HOURS,
)
