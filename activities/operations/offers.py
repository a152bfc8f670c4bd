"""Offers: accepting, declining, coming with fewer, and what lapses by the clock (docs/rules/seats.md)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from activities import emails
from activities.models import Activity, Booking, Mover, SignUp, SignUpStatus, Status
from activities.operations import locks, queue, sign_ups
from activities.rules import ages, eligibility
from people.models import Person, User
from portal import by_id
from portal.refusals import Refusal


def accept(
    booking: Booking,
    *,
    at: datetime,
    by: Person | None = None,
    by_staff: User | None = None,
    people: Collection[Person] | None = None,
) -> None:
    """Take the offered seats, for all or only for ``people``; or, when asked to come with fewer, for ``people``.

    The page and the mail name a seat elsewhere at that time, so taking this one is knowing of it.
    Raises Refusal when the offer is over, taken already, or more people are named than there are seats.
    """
    with transaction.atomic():
        activity, booking, rows = locked_rows(booking)
        check_may_answer(booking, rows, by, by_staff)
        chosen = {person.pk for person in people} if people is not None else {row.person_id for row in rows}
        coming = [row for row in rows if row.person_id in chosen]
        if not coming:
            raise Refusal(_("Please choose who is coming."))
        if activity.status != Status.PUBLISHED or at >= activity.signup_ends_at:
            raise Refusal(_("Sign-up has ended, so this seat can no longer be taken."))
        offered = [row for row in rows if row.status == SignUpStatus.OFFERED]
        if offered:
            if booking.offer_until is None or at >= booking.offer_until:
                raise Refusal(_("This offer has ended; the seat went to the next neighbour."))
        elif any(row.status == SignUpStatus.WAITING for row in rows):
            check_fewer(activity, booking, len(coming), at)
        else:
            return  # answered already: pressing twice does no harm
        keep = {row.person_id for row in coming}
        for row in coming:
            if (
                row.companion_id
                and row.companion_id not in keep
                and not eligibility.has_confirmed_seat(activity, row.companion)  # type: ignore[arg-type]
            ):
                raise Refusal(_("%(name)s needs an adult who comes along.") % {"name": row.person.name}, row.person)
        asked = [row for row in rows if row.status in {SignUpStatus.OFFERED, SignUpStatus.WAITING}]
        for row in asked:
            if row.person_id not in chosen:
                queue.end(row, SignUpStatus.DECLINED, at=at, by=Mover.BOOKER)
        eligibility.admit(activity, [row.person for row in coming], booking, waited=True, accept_clash=True)
        minors = set(ages.minors_among(activity, [row.person for row in coming]))
        for row in (row for row in asked if row.person_id in chosen):
            queue.settle(row, activity, is_minor=row.person in minors, at=at, by=Mover.BOOKER)
            row.save()
        booking.answered_at = at
        booking.save(update_fields=["answered_at"])
        emails.booked(booking, at=at, again=True)
        queue.fill(activity, at=at)


def check_fewer(activity: Activity, booking: Booking, size: int, at: datetime) -> None:
    """Refuse unless the booking was asked to come with fewer, is still the first that waits, and ``size`` people fit."""
    free = queue.free_seats(activity)
    waiting = (
        rows[0].booking_id
        for rows in queue.waiting_bookings(activity)
        if eligibility.fits_ever(activity, len(rows)) or rows[0].booking_id == booking.pk
    )
    first = next(waiting, None)
    if booking.asked_fewer_at is None or first != booking.pk:
        raise Refusal(_("There is no free seat for you yet. We will write as soon as there is one."))
    if free is not None and size > free:
        raise Refusal(_("There are %(free)d free seats now. Please choose no more than that.") % {"free": free})


def decline(booking: Booking, *, at: datetime, by: Person | None = None, by_staff: User | None = None) -> None:
    """Give the offered seats back; the next booking is asked. Declining to come with fewer keeps the place in the queue."""
    with transaction.atomic():
        activity, booking, rows = locked_rows(booking)
        check_may_answer(booking, rows, by, by_staff)
        booking.answered_at = at
        booking.save(update_fields=["answered_at"])
        offered = [row for row in rows if row.status == SignUpStatus.OFFERED]
        for row in offered:
            queue.end(row, SignUpStatus.DECLINED, at=at, by=Mover.BOOKER)
        emails.declined(offered, at=at)
        queue.fill(activity, at=at)


def locked_rows(booking: Booking) -> tuple[Activity, Booking, list[SignUp]]:
    """The activity, the booking and its live rows as they are now, held until the transaction ends."""
    people = list(booking.sign_ups.live().values_list("person", flat=True))
    activity = locks.lock(booking.activity_id, people)
    fresh = Booking.objects.select_related("made_by").get(pk=booking.pk)
    rows = list(fresh.sign_ups.live().select_related("person", "companion", "booking__made_by").order_by("pk"))
    return activity, fresh, rows


def check_may_answer(booking: Booking, rows: list[SignUp], by: Person | None, by_staff: User | None) -> None:
    """Refuse whoever may not answer for the booking; staff may."""
    if by_staff is not None:
        return
    if by is None or not (by.pk == booking.made_by_id or any(sign_ups.may_act_for(by, row) for row in rows)):
        raise Refusal(_("Only the person, their guardian or whoever signed them up can do this."))


def lapse_due(at: datetime) -> int:
    """End offers and consents whose time is over and pass the seats on; returns how many rows lapsed. The sweep's work.

    Also fills seats that became fillable by the clock alone: the morning after a night, the first-fit hours.
    """
    lapsed = 0
    activity_ids = set(
        SignUp.objects.filter(
            Q(status=SignUpStatus.OFFERED, booking__offer_until__lte=at)
            | Q(status=SignUpStatus.CONSENT_PENDING, consent_until__lte=at)
        ).values_list("activity", flat=True)
    )
    fillable = (
        Activity.objects.filter(Q(starts_at__gt=at) | Q(signup_until__gt=at), status=Status.PUBLISHED)
        .with_seats_left()
        .filter(waiting__gt=0)
        .filter(Q(capacity=None) | Q(seats_left__gt=0))
        .order_by()
        .values_list("pk", flat=True)
    )
    for activity_id in sorted(activity_ids | set(fillable)):
        with transaction.atomic():
            activity = locks.lock(activity_id)
            lapsed += lapse(activity, at=at)
            queue.fill(activity, at=at)
    return lapsed


def lapse(activity: Activity, *, at: datetime) -> int:
    """End this activity's offers and consents whose time is over and tell those concerned; returns how many rows."""
    rows = activity.sign_ups.filter(
        Q(status=SignUpStatus.OFFERED, booking__offer_until__lte=at)
        | Q(status=SignUpStatus.CONSENT_PENDING, consent_until__lte=at)
    )
    over = by_id.with_related(rows.annotate(was=F("status")), "person", "booking__made_by")
    for row in over:
        queue.end(row, SignUpStatus.LAPSED, at=at, by=Mover.CLOCK)
    emails.lapsed(over, at=at)
    return len(over)
