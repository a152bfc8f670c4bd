"""A letter to everyone: keys ``circular:<id>``, one mail a reader, who may read it for several children."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.emails.wording import Words
from activities.models import Circular
from people import outbox
from people.models import Message, Occasion, Person
from people.outbox import About, Email, Letter, MessageKind, absolute, word
from people.outbox.quiet_hours import quiet_due
from portal import by_id


class CircularMessage(MessageKind):
    """Not optional: it is about what the reader promised to come to, or a team they belong to."""

    def load(self, occasions: list[Occasion]) -> dict[int, Circular]:
        ids = {int(one.key.partition(":")[2]) for one in occasions}
        rows = by_id.read(Circular.objects, ids, "activity__location", "activity__neighbourhood", "team")
        found = {one.pk: rows.get(int(one.key.partition(":")[2])) for one in occasions}
        return {pk: row for pk, row in found.items() if row is not None and not gone(row)}

    def render(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> Email:
        row: Circular = subjects[0][1]
        people = [occasion.subject_person for occasion, _row in subjects]
        paragraphs = [line for line in row.text.splitlines() if line.strip()]
        if row.team is not None and people != [message.recipient]:
            paragraphs.insert(0, _("For %(names)s") % {"names": names(people)})
        words = Words(
            subject=row.subject,
            heading=row.subject,
            paragraphs=paragraphs,
            actions=[(_("See the details"), absolute(row.activity.get_absolute_url()))] if row.activity else [],
            why=_("You get this mail because you or your family are signed up.")
            if row.activity
            else _("You get this mail because you or your family belong to “%(team)s”.") % {"team": row.team},
        )
        groups = [{"activity": row.activity, "people": names(people), "lines": []}] if row.activity else []
        context = {"words": words, "groups": groups, "why": words.why, "tone": "leaf"}
        return word("activities/email/notice", message, words.subject, context)

    def spoken(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> str:
        row: Circular = subjects[0][1]
        about = row.activity.title if row.activity else row.team
        people = names([occasion.subject_person for occasion, _row in subjects])
        return _("“%(about)s” (%(people)s): %(text)s") % {"about": about, "people": people, "text": row.text}


def gone(row: Circular) -> bool:
    """What was said about an activity that is cancelled meanwhile would only confuse."""
    return row.activity is not None and row.activity.is_cancelled


def names(people: list[Person]) -> str:
    return _(", ").join(dict.fromkeys(person.name for person in people))


CIRCULAR = CircularMessage("circular", gettext_lazy("Letter to everyone"))


def circular(row: Circular, readers: dict[Person, list[Person]], *, at: datetime) -> int:
    """Before its start a letter about an activity is of no use after it; quiet hours hold unless it is near."""
    starts = row.activity.starts_at if row.activity is not None and row.activity.starts_at > at else None
    due = quiet_due(at, starts)
    key = f"circular:{row.pk}"
    letters = [
        Letter(reader, [About(key, person) for person in people], due, starts) for reader, people in readers.items()
    ]
    return outbox.queue_many(CIRCULAR, letters, at=at)
