"""What the committee's records write to residents: that the result of what they came to is public (D3)."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import COMING, MARKED, Activity
from activities.rules.recipients import recipients
from community.models import Deliberation
from people import outbox
from people.models import Message, Occasion, Person
from people.outbox import About, Email, Letter, MessageKind
from portal import by_id

STALE = timedelta(days=14)


def result_key(deliberation: Deliberation) -> str:
    """Of exactly this result: one that was taken back and corrected is told anew, and the one before is not told any more."""
    edition = hashlib.sha256(deliberation.correction.encode()).hexdigest()[:8] if deliberation.correction else "1"
    return f"result:{deliberation.pk}:{edition}"


class ResultOut(MessageKind):
    def load(self, occasions: list[Occasion]) -> dict[int, Deliberation]:
        """Still wanted: just this result is public."""
        ids = {occasion.key.split(":")[1] for occasion in occasions}
        rows = Deliberation.objects.filter(pk__in=ids).prefetch_related("neighbourhood")
        public = {result_key(row): row for row in rows if row.is_public_result}
        return {occasion.pk: public[occasion.key] for occasion in occasions if occasion.key in public}

    def render(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> Email:
        deliberation: Deliberation = subjects[0][1]
        heading = self.heading(deliberation)
        words = _("What was decided, the votes, the answers to what was said and what follows stand on its page.")
        if deliberation.correction:
            words += " " + _("It was corrected: %(why)s.") % {"why": deliberation.correction.rstrip("。.")}
        context = {
            "heading": heading,
            "paragraph": words,
            "label": _("Read the result"),
            "url": outbox.absolute(deliberation.get_absolute_url()),
            "why": _("You get this mail because you or your family signed up there or were asked to take part."),
        }
        return outbox.word("email/letter", message, heading, context)

    def spoken(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> str:
        return self.heading(subjects[0][1])

    @staticmethod
    def heading(deliberation: Deliberation) -> str:
        return _("The result of “%(title)s” is public") % {"title": deliberation.title}


RESULT = ResultOut("result_out", gettext_lazy("Results of what I came to"), optional=True)
KINDS = (RESULT,)


def tell_result(deliberation: Deliberation, *, at: datetime) -> int:
    """Write to whoever signed up or was asked to take part; a child's mail goes to the guardian. Returns how many mails.

    Whoever has no address finds it on the notice board: nobody has to ring for this.
    """
    activity = Activity.objects.get(pk=deliberation.pk)
    signed_up = activity.sign_ups.filter(status__in=[*COMING, *MARKED]).in_queue()
    rows = by_id.with_related(signed_up, "person__user", "booking__made_by__user")
    attendees: list[tuple[Person, Person | None, Activity]] = [
        (row.person, row.booking.made_by, activity) for row in rows
    ]
    asked = by_id.with_related(deliberation.participants.filter(absence=""), "person__user")
    attendees += [(row.person, None, activity) for row in asked]
    readers = {reader.pk: reader for reader in recipients(attendees).values() if outbox.address_of(reader)}
    due = outbox.quiet_due(at, None)
    letters = [
        Letter(reader, [About(result_key(deliberation))], due_at=due, expires_at=at + STALE)
        for reader in readers.values()
    ]
    return outbox.queue_many(RESULT, letters, at=at)
