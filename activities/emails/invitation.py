"""To those who are asked to come one by one: when the notice goes out, and when they said that they cannot."""

from django.utils.translation import gettext as _

from activities.emails.wording import ActivityMessage, Attendee, Words, cannot_come_line, cannot_come_url, see_line
from activities.models import Status
from people.models import Message, Occasion
from portal import clock
from portal.dates import day


class Invited(ActivityMessage):
    attaches_calendar = True
    tells_facts = True
    counts_asks = True  # the occasion's revision counts their answers

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        activity = attendee.activity
        to_come = activity.status == Status.PUBLISHED and not activity.has_started(at=clock.now())
        return to_come and not (attendee.family is not None and attendee.family.declined)

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        activity = attendees[0].activity
        return Words(
            subject=_("You are invited: %(title)s, %(day)s")
            % {"title": activity.title, "day": day(activity.starts_at)},
            heading=_("You are invited"),
            paragraphs=[
                *([activity.text] if activity.text else []),
                _("If you cannot come, please say so by the link below; you need not say why."),
            ],
            actions=[see_line(attendees), *cannot_come_line(attendees, message.recipient)],
            why=_("You get this mail because you were asked to come."),
        )


class SaidNo(ActivityMessage):
    """The receipt; it takes the entry out of the calendar."""

    attaches_calendar = True
    counts_asks = True
    tone = "past"

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        return attendee.activity.status == Status.PUBLISHED and bool(attendee.family and attendee.family.declined)

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        activity = attendees[0].activity
        return Words(
            subject=_("You cannot come: %(title)s, %(day)s")
            % {"title": activity.title, "day": day(activity.starts_at)},
            heading=_("Thank you for telling us"),
            paragraphs=[_("You are not expected any more, and get no reminder.")],
            actions=[
                (_("I will come after all"), cannot_come_url(activity, attendees[0].person, message.recipient)),
                see_line(attendees),
            ],
            why=_("You get this mail because you were asked to come."),
        )
