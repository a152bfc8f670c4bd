"""A record in lines: what amendments hold side by side, and what is to be signed as text.

{column or relation: lines}. Of a deliberation only what its page tells, so nobody's name (V6).
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from activities.models import Activity
from community.models import Deliberation, Meeting, Option
from portal import clock
from portal.columns import column
from portal.dates import hm

Lines = dict[str, list[str]]

OF_MEETING = ("title", "text", "starts_at", "ends_at", "location", "location_note", "agenda", "resolutions")
NAMES_OF_MEETING = ("chair", "recorder")
OF_DELIBERATION = (
    "title", "text", "starts_at", "ends_at", "location", "location_note", "convener", "led_by", "topic_note", "items",
    "materials", "notice_on", "short_notice_reason", "should_attend", "attended", "voters", "decision", "not_adopted",
    "agreement", "trial_until", "review_on", *Deliberation.RATINGS, *Deliberation.COMMITTEE_RATINGS,
)  # fmt: skip


def in_the_records_language(read: Callable[[Any], Lines]) -> Callable[[Any], Lines]:
    """Whoever presses the button: what is kept is the same text."""

    @wraps(read)
    def found(record: Any) -> Lines:
        with translation.override(settings.LANGUAGE_CODE):
            return read(record)

    return found


@in_the_records_language
def lines_of_meeting(meeting: Meeting) -> Lines:
    """``absences`` and the names are for those who may read the record in the staff pages."""
    found = {name: lines(getattr(meeting, name)) for name in (*OF_MEETING, *NAMES_OF_MEETING)}
    absences = meeting.absences.select_related("person").order_by("person__name", "pk")
    return found | {"absences": [f"{row.person}: {row.get_reason_display()}" for row in absences]}


@in_the_records_language
def lines_of_deliberation(deliberation: Deliberation) -> Lines:
    found = {name: lines(getattr(deliberation, name)) for name in OF_DELIBERATION}
    votes = column_words("votes_for", "votes_against", "abstained")
    return found | {
        "options": [
            f"{one.text}: " + _(", ").join(f"{word} {n}" for word, n in zip(votes, one.votes, strict=True))
            for one in by_pk(deliberation.options)
        ],
        "opinions": [said(one) for one in by_pk(deliberation.opinions)],
        "follow_ups": [
            f"{one.task} · {one.owner_as} · {one.due_on.isoformat()}" for one in by_pk(deliberation.follow_ups)
        ],
        "sides": [f"{one.name}: {_('has signed') if one.has_signed else '–'}" for one in by_pk(deliberation.sides)],
    }


def by_pk(rows: Any) -> QuerySet[Any]:
    return rows.order_by("pk")


def said(opinion: Any) -> str:
    who = opinion.said_as or opinion.get_group_display()
    words = f"{opinion.get_stance_display()} · {who}: {opinion.text}"
    return f"{words} → {opinion.reply}" if opinion.reply else words


def column_words(*names: str) -> list[str]:
    return [str(column(Option, name).verbose_name) for name in names]


def lines(value: Any) -> list[str]:
    if value in (None, "", []):
        return []
    if isinstance(value, list):
        return [str(one) for one in value]
    if hasattr(value, "hour"):
        return [f"{clock.local_date(value).isoformat()} {hm(value)}"]
    return [value.isoformat()] if hasattr(value, "year") else str(value).splitlines()


def changed(before: Lines, after: Lines) -> list[str]:
    """Keys whose lines are not the same, in the order of the record."""
    return [name for name in after if before.get(name, []) != after[name]]


def label(activity: Activity, name: str) -> str:
    """What the lines are headed by, in the reader's language."""
    field: Any = activity._meta.get_field(name)
    words = field.verbose_name if field.concrete else field.related_model._meta.verbose_name_plural
    return str(words)


def only(found: Lines, names: Iterable[str]) -> Lines:
    return {name: found.get(name, []) for name in names}
