"""Somebody got a turn in a slot that stood already, or took one over."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities import emails as activity_emails
from activities.emails.queueing import reminder_passed, tell
from activities.emails.wording import (
    ActivityMessage,
    Attendee,
    Words,
    by_activity,
    promise,
    see_line,
    withdraw_line,
)
from activities.models import COMING, Activity, SignUp, Status
from people.models import Message, Occasion
from portal.dates import day
from volunteers.emails.links import because_of_the_team


class PutDown(ActivityMessage):
    """Somebody got a turn in a slot that stood already."""

    attaches_calendar = True

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        return (
            attendee.sign_up is not None
            and attendee.sign_up.status in COMING
            and attendee.activity.status == Status.PUBLISHED
        )

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        first = by_activity(attendees)[0][0]
        return Words(
            subject=_("Your turn: %(title)s, %(day)s") % {"title": first.title, "day": day(first.starts_at)},
            heading=_("You are down for a morning"),
            paragraphs=[
                _("Hands were missing, and you said that you would help. Thank you!"),
                promise(first, message.recipient, message.queued_at),
            ],
            actions=[see_line(attendees), *withdraw_line(attendees, message.recipient)],
            after=[_("If you cannot come, tell us the evening before, so that somebody else can.")],
            why=because_of_the_team(),
        )


PUT_DOWN = PutDown("duty_put_down", gettext_lazy("A turn on the rota"))


def put_down(activity: Activity, rows: Collection[SignUp], *, at: datetime) -> None:
    tell(PUT_DOWN, rows, activity, at=at, quiet=True, also=reminder_passed(activity, at))


def took_over(row: SignUp, *, at: datetime) -> None:
    """The receipt, with the calendar entry, for whoever stands in."""
    activity_emails.booked(row.booking, at=at)
