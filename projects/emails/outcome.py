"""One mail that says what became of everything a person said: the answers, and the version that took it in."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from people import outbox
from people.models import Message, Occasion, Person
from people.outbox import About, Email, MessageKind
from portal import by_id, clock
from projects.emails.recipients import recipients
from projects.models import Feedback

LONGEST = 120  # of a reader's own words in the mail; the page has them all


class Outcome(MessageKind):
    def load(self, occasions: list[Occasion]) -> dict[int, Feedback]:
        """Still wanted: this very answer stands, and its project is public."""
        keys = {occasion.pk: int(occasion.key.partition(":")[2]) for occasion in occasions}
        rows = by_id.read(Feedback.objects, keys.values(), "draft__project__neighbourhood", "in_version")
        found = {}
        for occasion in occasions:
            row = rows.get(keys[occasion.pk])
            if row is None or not row.draft.project.is_published:
                continue
            if row.is_answered and row.revision == occasion.revision:
                found[occasion.pk] = row
        return found

    def render(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> Email:
        items = [item for _occasion, item in subjects]
        projects = by_project(items)
        first = projects[0][0]
        taken_in = any(item.in_version_id for item in items)
        subject = (
            _("A new version with what you said: %(title)s") % {"title": first.title}
            if taken_in
            else _("What became of your feedback: %(title)s") % {"title": first.title}
        )
        context = {
            "heading": _("You said, we did") if taken_in else _("Your feedback has been answered"),
            "paragraphs": [
                ngettext(
                    "Thank you. This is what became of what you told us.",
                    "Thank you. This is what became of the %(count)d things you told us.",
                    len(items),
                )
                % {"count": len(items)}
            ],
            "groups": [group(project, rows) for project, rows in projects],
            "action": (_("See the version"), outbox.absolute(newest(items).get_absolute_url())),
            "why": why(message, subjects),
        }
        return outbox.word("projects/email/items", message, subject, context)

    def spoken(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> str:
        return " ".join(
            _("“%(text)s”: %(answer)s. %(reply)s")
            % {"text": short(item.text), "answer": item.get_disposition_display(), "reply": item.reply}
            for _occasion, item in subjects
        )


def by_project(items: Iterable[Feedback]) -> list[tuple[Any, list[Feedback]]]:
    groups: dict[int, list[Feedback]] = defaultdict(list)
    for item in items:
        groups[item.draft.project_id].append(item)
    return [
        (rows[0].draft.project, sorted(rows, key=lambda row: (row.draft.version, row.number)))
        for rows in groups.values()
    ]


def group(project: Any, rows: list[Feedback]) -> dict[str, Any]:
    return {
        "title": project.title,
        "lines": [
            {
                "lead": _("Version %(version)d, no. %(number)d: “%(text)s”")
                % {"version": row.draft.version, "number": row.number, "text": short(row.text)},
                "text": _("%(answer)s: %(reply)s") % {"answer": row.get_disposition_display(), "reply": row.reply},
                "more": _("It stands in version %(number)d.") % {"number": row.in_version.version}
                if row.in_version is not None
                else "",
            }
            for row in rows
        ],
    }


def newest(items: list[Feedback]) -> Any:
    """The version to look at: the newest that took something in, else the one spoken about."""
    drafts = []
    for item in items:
        draft = item.in_version or item.draft
        draft.project = item.draft.project
        drafts.append(draft)
    return max(drafts, key=lambda draft: (draft.project_id, draft.version))


def why(message: Message, subjects: list[tuple[Occasion, Any]]) -> str:
    if any(occasion.subject_person_id != message.recipient_id for occasion, _item in subjects):
        return _("You get this mail because you answer for a child who gave feedback on a design.")
    return _("You get this mail because you gave feedback on a design.")


def short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


OUTCOME = Outcome("feedback_outcome", gettext_lazy("What became of my feedback"), optional=True)


def tell_outcomes(which: Q, *, at: datetime) -> int:
    """Write to everybody who gave one of ``which``: all they have not been told of yet, in one mail each.

    Returns how many mails. Quiet hours hold; whoever has no address finds the answer on the page.
    """
    waiting = Feedback.objects.filter(told_revision__lt=F("revision"))
    people = set(waiting.filter(which, person__isnull=False).order_by().values_list("person_id", flat=True))
    items = list(waiting.filter(Q(person__in=people) | (which & Q(person=None))).order_by("pk"))
    givers = by_id.read(Person.objects, people, "user")
    readers = recipients(givers.values(), clock.local_date(at))
    letters: dict[int, list[About]] = defaultdict(list)
    for item in items:
        reader = readers.get(item.person_id or 0)
        if reader is not None:
            letters[reader.pk].append(About(f"feedback:{item.pk}", givers[item.person_id or 0], item.revision))
    by_pk = {reader.pk: reader for reader in readers.values()}
    count = 0
    for pk, abouts in letters.items():
        due = outbox.quiet_due(at, None)
        count += outbox.queue(OUTCOME, by_pk[pk], abouts, at=at, due_at=due) is not None
    _mark_told(items)
    return count


def _mark_told(items: list[Feedback]) -> None:
    """Up to the revision that was read: an answer given since is told of later."""
    by_revision: dict[int, list[int]] = defaultdict(list)
    for item in items:
        by_revision[item.revision].append(item.pk)
    for revision, ids in by_revision.items():
        Feedback.objects.filter(pk__in=ids, told_revision__lt=revision).update(told_revision=revision)
