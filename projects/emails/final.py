"""To whoever gave feedback on a design: it is final, with every item answered (P2)."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people import outbox
from people.models import Message, Occasion, Person
from people.outbox import About, Email, Letter, MessageKind
from portal import by_id, clock
from projects.emails.news import final_key
from projects.emails.outcome import why
from projects.emails.recipients import recipients
from projects.models import DesignDraft, Feedback

STALE = timedelta(days=14)


class DesignFinal(MessageKind):
    def load(self, occasions: list[Occasion]) -> dict[int, DesignDraft]:
        """Still wanted: the version is final and its project public."""
        keys = {occasion.pk: int(occasion.key.partition(":")[2]) for occasion in occasions}
        rows = DesignDraft.objects.filter(pk__in=keys.values(), is_final=True, project__is_published=True)
        drafts = rows.prefetch_related("project__neighbourhood").in_bulk()
        return {pk: drafts[draft] for pk, draft in keys.items() if draft in drafts}

    def render(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> Email:
        draft: DesignDraft = subjects[0][1]
        heading = _("The design is final: %(title)s") % {"title": draft.project.title}
        words = _("Version %(number)d is what will be made. Everything that was said has its answer, yours too.")
        context = {
            "heading": heading,
            "paragraph": words % {"number": draft.version},
            "label": _("See the version"),
            "url": outbox.absolute(draft.get_absolute_url()),
            "why": why(message, subjects),
        }
        return outbox.word("email/letter", message, heading, context)

    def spoken(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> str:
        return _("The design is final: %(title)s") % {"title": subjects[0][1].project.title}


FINAL = DesignFinal("design_final", gettext_lazy("Designs I said something about are final"), optional=True)


def tell_final(draft: DesignDraft, *, at: datetime) -> int:
    """Write to everybody who said something about any version, a mail each; returns how many.

    Quiet hours hold; whoever has no address finds it on the page.
    """
    said = Feedback.objects.of_project(draft.project_id).filter(person__isnull=False).order_by()
    by_pk = by_id.read(Person.objects.filter(anonymised_at=None), said.values_list("person_id", flat=True), "user")
    letters: dict[int, tuple[Person, list[About]]] = {}
    for pk, reader in recipients(by_pk.values(), clock.local_date(at)).items():
        letters.setdefault(reader.pk, (reader, []))[1].append(About(final_key(draft), by_pk[pk]))
    due = outbox.quiet_due(at, None)
    rows = [Letter(reader, abouts, due_at=due, expires_at=at + STALE) for reader, abouts in letters.values()]
    return outbox.queue_many(FINAL, rows, at=at)
