"""To those who come: the title, where exactly, or what to bring was written anew."""

from dataclasses import dataclass, fields

from django.utils.translation import gettext as _

from activities.emails.wording import (
    ActivityMessage,
    Attendee,
    Words,
    because_signed_up,
    bookings,
    see_line,
    withdraw_line,
)
from activities.models import Activity, Status
from people.models import Message, Occasion
from portal import clock
from portal.columns import column
from portal.dates import day


@dataclass(frozen=True)
class Knowing(Attendee):
    """``since``: the number of the first change that they have not been told of."""

    since: int = 0


class WordsChanged(ActivityMessage):
    attaches_calendar = True
    tells_facts = True
    tone = "brick"
    prefetch = ("activity__words_changes",)
    counts_asks = True  # the occasion's revision is a change's number

    def load(self, occasions: list[Occasion]) -> dict[int, Attendee]:
        since = {occasion.pk: occasion.revision for occasion in occasions}
        return {
            pk: Knowing(**{one.name: getattr(attendee, one.name) for one in fields(Attendee)}, since=since[pk])
            for pk, attendee in super().load(occasions).items()
        }

    def wanted(self, attendee: Attendee, occasion: Occasion) -> bool:
        activity = attendee.activity
        live = attendee.sign_up is None or attendee.sign_up.is_live
        to_come = activity.status == Status.PUBLISHED and not activity.has_started(at=clock.now())
        return live and to_come and bool(changed_since(activity, occasion.revision))

    def words(self, message: Message, attendees: list[Attendee]) -> Words:
        activity = attendees[0].activity
        since = min((attendee.since for attendee in attendees if isinstance(attendee, Knowing)), default=0)
        return Words(
            subject=_("Please note: %(title)s, %(day)s") % {"title": activity.title, "day": day(activity.starts_at)},
            heading=_("Something to know has changed"),
            paragraphs=[*changed_since(activity, since), _("Day and time stay as they are.")],
            actions=[see_line(attendees), *withdraw_line(attendees, message.recipient)],
            why=because_signed_up() if bookings(attendees) else _("You get this mail because you are expected there."),
        )


def changed_since(activity: Activity, number: int) -> list[str]:
    """A sentence for each of the words that differ now from what they were before change ``number``."""
    before: dict[str, str] = {}
    for change in sorted(activity.words_changes.all(), key=lambda change: change.number):
        if change.number >= number:
            before = {**change.old, **before}
    said = []
    for name in ("title", "location_note", "bring"):
        old, new = before.get(name), getattr(activity, name)
        if old is None or old == new:
            continue
        label = str(column(Activity, name).verbose_name)
        if not new:
            said.append(_("%(label)s: “%(old)s” does not hold any more.") % {"label": label, "old": old})
        elif old:
            said.append(_("%(label)s: %(new)s (before: %(old)s)") % {"label": label, "new": new, "old": old})
        else:
            said.append(_("%(label)s: %(new)s") % {"label": label, "new": new})
    return said
