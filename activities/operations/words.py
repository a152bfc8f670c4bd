"""What people are told beyond time and place was written anew: those who come hear of it, once (docs/rules/messages.md)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from activities import emails
from activities.models import SEAT_KEPT, Activity, Status, WordsChange
from activities.operations import locks
from activities.rules import expected
from people import outbox
from people.models import User
from portal import by_id

#: A change of these is told; of the text, calendars only get the new one.
TOLD = ("title", "location_note", "bring")
IN_CALENDARS = (*TOLD, "text")
TOGETHER = timedelta(minutes=10)  # saves within this make one mail


def tell_changed_words(activity: Activity, old: Mapping[str, str], *, at: datetime, by: User, tell: bool = True) -> int:
    """After a save: of ``old``, {field: words before}, what differs now; returns how many people will be told.

    Time and place as records, consents and reminders stay as they are (``revision``); calendars get a higher number.
    tell=False: staff say that it was a slip of the pen.  Nothing follows for what is no longer to come.
    """
    with transaction.atomic():
        base = locks.lock(activity.pk)
        changed = {name: words for name, words in old.items() if name in IN_CALENDARS and getattr(base, name) != words}
        if not changed or base.status != Status.PUBLISHED or base.is_past(at=at):
            return 0
        base.told_changes += 1
        Activity.objects.filter(pk=base.pk).update(told_changes=base.told_changes)
        activity.told_changes = base.told_changes
        is_told = tell and bool(changed.keys() & set(TOLD))
        row = WordsChange(activity=base, number=base.told_changes, changed_at=at, changed_by=by, old=changed)
        if is_told:
            before = base.words_changes.filter(told_at__gt=at).last()
            row.told_with = before.told_with if before else row.number
            row.told_at = before.told_at if before else due(base, at)
        row.save()
        if row.told_at is None or row.told_with is None:
            return 0
        rows = by_id.with_related(base.sign_ups.filter(status__in=SEAT_KEPT).in_queue(), "person", "booking__made_by")
        others = [one for one in expected.pairs([base.pk]) if not one.key.startswith("sign_up:")]
        emails.words_changed(base, rows, others, at=at, number=row.told_with, due_at=row.told_at)
    return len(rows) + len(others)


def due(activity: Activity, at: datetime) -> datetime:
    """When those who come are told: after a while for the next save, by day; at once where it begins soon."""
    if activity.starts_at - at <= 3 * TOGETHER:
        return at
    return outbox.quiet_due(at + TOGETHER, activity.starts_at)
