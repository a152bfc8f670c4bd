"""Writing down what has begun or is over (补录), or that it was not held, and taking either back: nobody is told of any of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Activity, SignUpStatus, Status
from activities.operations import locks
from activities.operations.lifecycle import save
from activities.rules import publication, resting
from people.models import User
from portal.columns import column
from portal.refusals import Refusal


def record_past(activity: Activity, *, at: datetime, by: User, known: Mapping[str, Any] | None = None) -> Activity:
    """Make a draft whose start has passed the record of what took place: done, or published while it still runs.

    Nobody is told, reminded or signed up, and it is no news; ``entered_at`` stays and is shown. What its kind asks for is
    asked as of that day. known: fields of the kind that only those who were there can say, such as the day of a notice.
    """
    with transaction.atomic():
        fresh: Any = locks.lock(activity.pk).most_derived()
        if fresh.status != Status.DRAFT:
            raise Refusal(_("“%(title)s” is published already.") % {"title": fresh.title})
        if not fresh.has_started(at=at):
            raise Refusal(
                _("“%(title)s” has not begun yet. Please publish it, so that people hear of it.")
                % {"title": fresh.title}
            )
        if not fresh.is_closed(at=at):
            raise Refusal(
                _("“%(title)s” still takes sign-ups. Please publish it, so that people hear of it.")
                % {"title": fresh.title}
            )
        for name, value in (known or {}).items():
            setattr(fresh, name, value)
        if missing := missing_in_record(fresh):
            raise Refusal(
                _("“%(title)s” cannot be recorded yet; please fill in: %(fields)s.")
                % {"title": fresh.title, "fields": _(", ").join(missing)}
            )
        publication.ask(fresh, fresh.starts_at)
        try:
            fresh.full_clean()
        except ValidationError as error:
            raise Refusal(" ".join(error.messages)) from error
        fresh.status = Status.DONE if fresh.is_past(at=at) else Status.PUBLISHED
        fresh.entered_at = at
        save(fresh, by)
    return fresh


def missing_in_record(activity: Activity) -> list[str]:
    """Nobody is recruited any more, so what recruitment has to say (V1) is not asked; where it was held is."""
    return [] if activity.location_id else [str(column(Activity, "location").verbose_name)]


def take_back(activity: Activity, *, by: User, reason: str) -> Activity:
    """Make a wrong record a draft again, which staff correct or delete; refused once something rests on it.

    reason: kept in the history, for staff.
    """
    with transaction.atomic():
        if not reason.strip():
            raise Refusal(_("Please say why; that is kept in the history."), about="reason")
        fresh = locks.lock(activity.pk).most_derived()
        if fresh.entered_at is None or fresh.status not in {Status.PUBLISHED, Status.DONE}:
            raise Refusal(
                _("“%(title)s” was not entered afterwards, so there is no record to take back.")
                % {"title": fresh.title}
            )
        if sentence := resting.why_it_stands(fresh):
            raise Refusal(sentence)
        if others := resting.resting_on(fresh):
            raise Refusal(
                _("“%(title)s” cannot be taken back, because these name it: %(what)s.")
                % {"title": fresh.title, "what": _(", ").join(others)}
            )
        fresh.status, fresh.entered_at = Status.DRAFT, None
        fresh._change_reason = reason.strip()[:100]
        save(fresh, by)
    return fresh


def record_not_held(activity: Activity, *, at: datetime, by: User, reason: str) -> Activity:
    """Say afterwards of what was announced that it did not take place: cancelled, with the reason on its page.

    It is over, so nobody is told, and sign-ups stay as they were. Refused where somebody is known to have been there.
    """
    with transaction.atomic():
        if not reason.strip():
            raise Refusal(_("Please say why; it stands on its page."), about="reason")
        fresh = locks.lock(activity.pk).most_derived()
        if fresh.status not in {Status.PUBLISHED, Status.DONE} or not fresh.is_past(at=at):
            raise Refusal(_("Only of what was announced and is over can be said that it did not take place."))
        if sentence := why_it_was_held(fresh):
            raise Refusal(sentence)
        fresh.status, fresh.cancelled_at, fresh.cancel_reason = Status.CANCELLED, at, reason.strip()[:120]
        save(fresh, by)
    return fresh


def why_it_was_held(activity: Activity) -> str:
    """By what is known that this most derived row took place, as a sentence; "" where nothing says so."""
    if sentence := resting.why_it_stands(activity):
        return sentence
    came = activity.sign_ups.filter(status=SignUpStatus.ATTENDED).exists()
    if came or resting.is_proved(activity):
        return _("Somebody was at “%(title)s”, by the attendance or the service time. Please correct that first.") % {
            "title": activity.title
        }
    if activity.parts.filter(status__in=[Status.PUBLISHED, Status.DONE]).exists():
        return _("“%(title)s” has parts. Please say it of each of them first.") % {"title": activity.title}
    return ""


def was_not_held(activity: Activity) -> bool:
    """Whether it was said to be cancelled only after its end (:func:`record_not_held`)."""
    at = activity.cancelled_at
    return activity.status == Status.CANCELLED and at is not None and activity.is_past(at=at)


def record_held_after_all(activity: Activity, *, by: User) -> Activity:
    """Take :func:`record_not_held` back. What was cancelled in time stays so: people were told."""
    with transaction.atomic():
        fresh = locks.lock(activity.pk).most_derived()
        if not was_not_held(fresh):
            raise Refusal(
                _("“%(title)s” was not said to have failed after its end, so there is nothing to take back.")
                % {"title": fresh.title}
            )
        fresh.status, fresh.cancelled_at, fresh.cancel_reason = Status.DONE, None, ""
        save(fresh, by)
    return fresh
