"""From draft to done: publishing, moving, cancelling, more seats, invitations, and what follows from each."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities import emails
from activities.models import (
    Activity,
    ActivityMove,
    EndCode,
    Invitation,
    Mover,
    ReminderRun,
    SignUp,
    SignUpStatus,
    Status,
)
from activities.operations import cannot_come, consents, locks, queue
from activities.operations.sign_ups import may_act_for
from activities.rules import expected, publication, reminder_times
from people.models import Location, Person, User
from portal import by_id
from portal.columns import column
from portal.refusals import Refusal


def publish(activity: Activity, *, at: datetime, by: User) -> Activity:
    """Make a draft public; refused while something is missing that the law wants told (V1)."""
    with transaction.atomic():
        fresh = locks.lock(activity.pk).most_derived()
        if fresh.status != Status.DRAFT:
            raise Refusal(_("“%(title)s” is published already.") % {"title": fresh.title})
        if fresh.is_closed(at=at):
            raise Refusal(
                _(
                    "“%(title)s” has begun already, so nobody can be asked to come any more. "
                    "If it took place, please use “Record what took place”; if not, correct the time first."
                )
                % {"title": fresh.title}
            )
        missing = missing_for_publication(fresh)
        if missing:
            raise Refusal(
                _("“%(title)s” cannot be published yet; please fill in: %(fields)s.")
                % {"title": fresh.title, "fields": _(", ").join(missing)}
            )
        publication.ask(fresh, at)
        try:
            fresh.full_clean()
        except ValidationError as error:
            raise Refusal(" ".join(error.messages)) from error
        fresh.status = Status.PUBLISHED
        save(fresh, by)
        cannot_come.tell_invited(fresh, at=at)
    return fresh


def missing_for_publication(activity: Activity) -> list[str]:
    """V1: recruitment states time, place, content, risks and safeguards."""
    wanted = ["location"] if not activity.needs_sign_up else ["location", "text", "risks", "safeguards"]
    return [str(column(Activity, name).verbose_name) for name in wanted if not getattr(activity, name)]


def cancel(activity: Activity, *, at: datetime, by: User, reason: str) -> Activity:
    """Call it off with its parts, end every sign-up and tell everyone expected or waiting."""
    with transaction.atomic():
        if not reason.strip():
            raise Refusal(_("Please say why; everyone who signed up will read it."))
        base = locks.lock(activity.pk)
        if base.status == Status.CANCELLED:
            raise Refusal(_("“%(title)s” is cancelled already.") % {"title": base.title})
        if base.status != Status.PUBLISHED or base.is_past(at=at):
            raise Refusal(_("Only a published activity that is not over can be cancelled."))
        rows = by_id.with_related(base.sign_ups.live().in_queue(), "person", "booking__made_by")
        others = [one for one in expected.pairs([base.pk]) if not one.key.startswith("sign_up:")]
        fresh = base.most_derived()
        fresh.status = Status.CANCELLED
        fresh.cancelled_at = at
        fresh.cancel_reason = reason.strip()[:120]
        save(fresh, by)
        for part in base.parts.filter(status=Status.PUBLISHED):
            derived = part.most_derived()
            derived.status, derived.cancelled_at, derived.cancel_reason = Status.CANCELLED, at, fresh.cancel_reason
            save(derived, by)
        for row in rows:
            queue.end(row, SignUpStatus.CANCELLED, at=at, by=Mover.STAFF, code=EndCode.ACTIVITY_CANCELLED)
        emails.cancelled(fresh, rows, others, at=at)
    return fresh


def move(
    activity: Activity,
    *,
    at: datetime,
    by: User,
    starts_at: datetime,
    ends_at: datetime,
    location: Location | None,
    reason: str = "",
) -> Activity:
    """Change time or place: a new revision, the old one kept, everyone expected or waiting told.

    Guardians agreed to the old time and place: their children's seats wait until they agree again (V4).
    Sign-up and withdrawal ends that would lie after the new start move to the start. When the new start is so near that
    its reminder would be due already, this message is that reminder.
    """
    with transaction.atomic():
        base = locks.lock(activity.pk)
        if base.status != Status.PUBLISHED or base.has_started(at=at):
            raise Refusal(_("Only a published activity that has not begun can be moved."))
        if (base.starts_at, base.ends_at, base.location_id) == (starts_at, ends_at, location.pk if location else None):
            raise Refusal(_("Nothing would change: time and place are the same."))
        if starts_at <= at:
            raise Refusal(_("The new time lies in the past."))
        fresh = base.most_derived()
        ActivityMove.objects.create(
            activity=base,
            revision=base.revision + 1,
            moved_at=at,
            moved_by=by,
            reason=reason.strip()[:120],
            old_starts_at=base.starts_at,
            old_ends_at=base.ends_at,
            old_location=base.location,
        )
        fresh.starts_at, fresh.ends_at, fresh.location = starts_at, ends_at, location
        fresh.revision = base.revision + 1
        for name in ("signup_until", "cancel_until"):
            value = getattr(fresh, name)
            goes_on = name == "signup_until" and fresh.runs_for_days
            latest = ends_at if goes_on and base.signup_ends_at > base.starts_at else starts_at
            if value is not None and value > latest:
                setattr(fresh, name, latest)
        publication.ask(fresh, at)
        try:
            fresh.full_clean()
        except ValidationError as error:
            raise Refusal(" ".join(error.messages)) from error
        save(fresh, by)
        ask = consents.ask_again(fresh, at=at)
        rows = by_id.with_related(base.sign_ups.live().in_queue(), "person", "booking__made_by")
        others = [one for one in expected.pairs([base.pk]) if not one.key.startswith("sign_up:")]
        passed = [lead for lead, moment in reminder_times.leads(fresh) if moment <= at]
        ReminderRun.objects.bulk_create(
            [ReminderRun(activity=base, revision=fresh.revision, lead=lead) for lead in passed]
        )
        emails.moved(fresh, rows, others, at=at, stands_for_reminder=bool(passed), ask=ask)
    return fresh


def save(activity: Activity, by: User | None) -> None:
    """Save the most derived row with its history, under the name of whoever did it."""
    activity._history_user = by
    activity.save()


def change_capacity(activity: Activity, capacity: int | None, *, at: datetime, by: User) -> Activity:
    """More seats go to those who wait; fewer than are taken is refused."""
    with transaction.atomic():
        base = locks.lock(activity.pk)
        taken = base.sign_ups.holding_seats().count()
        if capacity is not None and capacity < taken:
            raise Refusal(_("%(taken)d seats are taken; the limit cannot be lower than that.") % {"taken": taken})
        fresh = base.most_derived()
        fresh.capacity = capacity
        save(fresh, by)
        base.capacity = capacity
        queue.fill(base, at=at)
    return fresh


def finish_past(at: datetime, *, most: int = 200) -> int:
    """Set published activities that are over to done; the sweep's work. Returns how many."""
    over = list(Activity.objects.filter(status=Status.PUBLISHED, ends_at__lte=at).order_by("ends_at")[:most])
    for activity in over:
        with transaction.atomic():
            base = locks.lock(activity.pk)
            if base.status != Status.PUBLISHED or base.ends_at > at:
                continue
            fresh = base.most_derived()
            fresh.status = Status.DONE
            save(fresh, None)
    return len(over)


def mark_all_seen(sign_ups: Collection[SignUp], *, by: Person) -> None:
    """``by`` knows of the latest time and place, for each of these sign-ups of one activity that did not yet."""
    with transaction.atomic():
        behind = [row for row in sign_ups if row.seen_revision < row.activity.revision]
        if behind:
            locks.lock(behind[0].activity_id, [row.person_id for row in behind])
        for row in behind:
            mark_seen(row, by=by)


def mark_seen(sign_up: SignUp, *, by: Person) -> None:
    """Note that the person knows of the latest time and place."""
    with transaction.atomic():
        activity = locks.lock(sign_up.activity_id, [sign_up.person_id])
        row = activity.sign_ups.live().filter(pk=sign_up.pk).select_related("booking", "person").first()
        if row is None or not may_act_for(by, row):
            raise Refusal(_("Only the person, their guardian or whoever signed them up can do this."))
        row.seen_revision = activity.revision
        row.save(update_fields=["seen_revision"])


@transaction.atomic
def invite(activity: Activity, person: Person, part: str) -> Invitation:
    """Let ``person`` see and, as a participant, be expected at an activity of a circle they are not in."""
    if person.neighbourhood_id != activity.neighbourhood_id:
        raise Refusal(_("This belongs to another residential area."))
    invitation, _made = Invitation.objects.update_or_create(activity=activity, person=person, defaults={"part": part})
    return invitation
