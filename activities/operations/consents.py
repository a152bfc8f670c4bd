"""Consent asked for again when what it was given to has changed, and the reminder of what is missing (docs/rules/children.md)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from activities import emails
from activities.models import Activity, ActivityConsent, SignUp, SignUpStatus, Status
from activities.operations import seats
from activities.rules import eligibility
from people.models import Person
from portal import clock


def ask_again(activity: Activity, *, at: datetime) -> list[SignUp]:
    """After place, time or risks changed: consents to what was become outdated, and the seats that stood on them wait.

    The activity is locked by the caller and is as it is now. Returns the rows whose guardians have to be asked: seats that
    wait now, and children in the queue who had a consent. Nobody is told yet.
    """
    old = ActivityConsent.objects.in_force().filter(activity=activity.pk)
    outdated = old.exclude(terms_sha256=eligibility.terms_hash(activity))
    children = set(outdated.values_list("child", flat=True))
    outdated.update(outdated_at=at)
    queue = [SignUpStatus.WAITING, SignUpStatus.OFFERED]
    behind = list(
        activity.sign_ups.filter(status__in=queue, person__in=children).select_related("person", "booking__made_by")
    )
    for row in behind:
        row.consent_asks += 1
        row.save(update_fields=["consent_asks"])
    return [*hold_without_consent(activity, at=at), *behind]


def hold_without_consent(activity: Activity, *, at: datetime, person: Person | None = None) -> list[SignUp]:
    """Let each confirmed minor (or only ``person``) whose consent does not count wait for one: 48 h, at most to the start.

    No seat is lost by this alone: who was confirmed keeps the seat, even past the sign-up end, while there is time to answer.
    """
    rows = activity.sign_ups.filter(status=SignUpStatus.CONFIRMED).select_related("person", "booking__made_by")
    if person is not None:
        rows = rows.filter(person=person)
    day = eligibility.day_of(activity)
    held = [
        row
        for row in rows.order_by("pk")
        if not row.person.is_adult_on(day) and not eligibility.consented(activity, row.person)
    ]
    for row in held:
        seats.await_consent(row, activity, at=at, until=activity.starts_at)
        row.consent_asks += 1
        row.save()
    return held


def terms_changed(activity: Activity, *, at: datetime) -> int:
    """After staff rewrote risks or safeguards of a published activity: ask every guardian again; returns for how many."""
    with transaction.atomic():
        base = seats.lock(activity.pk)
        if base.status != Status.PUBLISHED or base.has_started(at=at):
            return 0
        rows = ask_again(base, at=at)
        emails.consent_wanted_again(rows, at=at)
    return len(rows)


def look_again_now(person: Person) -> None:
    """As :func:`look_again`, by the clock; people.rules.consent calls it."""
    look_again(person, at=clock.now())


def look_again(person: Person, *, at: datetime) -> None:
    """After ``person``'s guardians, age or consent to the data changed: the seats to come that need another consent wait.

    The caller's transaction has locked the person.
    """
    to_come = Activity.objects.filter(
        status=Status.PUBLISHED,
        starts_at__gt=at,
        sign_ups__person=person,
        sign_ups__status=SignUpStatus.CONFIRMED,
    )
    for pk in sorted(set(to_come.values_list("pk", flat=True))):
        rows = hold_without_consent(seats.lock(pk), at=at, person=person)
        emails.consent_wanted_again(rows, at=at)


def remind_missing(at: datetime) -> int:
    """Remind, once, of consents without which a seat is soon released; returns of how many. The sweep's work."""
    due = SignUp.objects.filter(
        status=SignUpStatus.CONSENT_PENDING,
        consent_reminded_at=None,
        consent_until__gt=at,
        consent_until__lte=at + timedelta(hours=settings.CONSENT_REMINDER_HOURS),
        activity__status=Status.PUBLISHED,
    )
    reminded = 0
    for pk in sorted(set(due.order_by().values_list("activity", flat=True))):
        with transaction.atomic():
            seats.lock(pk)
            rows = list(due.filter(activity=pk).select_related("person", "booking__made_by", "activity").order_by("pk"))
            SignUp.objects.filter(pk__in=[row.pk for row in rows]).update(consent_reminded_at=at)
            emails.consent_missing(rows, at=at)
            reminded += len(rows)
    return reminded
