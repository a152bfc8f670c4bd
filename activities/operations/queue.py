"""The queue of an activity: a booking's way in, and who moves up when seats become free (docs/rules/seats.md).

Every function here is called with the activity locked, but for :func:`fill_seats`, which takes the lock itself.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max
from django.utils.timezone import localtime

from activities import emails
from activities.models import Activity, Booking, EndCode, Mover, Promotion, SignUp, SignUpStatus, Status
from activities.operations import locks
from activities.rules import ages, eligibility, guardian_consent
from people.models import Person
from portal import by_id
from portal.refusals import CLASH


def join(
    booking: Booking,
    people: Collection[Person],
    *,
    waits: bool,
    companion: Person | None = None,
    coach: Collection[int] = (),
) -> list[SignUp]:
    """Put a new ``booking`` of ``people`` at the end of the queue: the one way in. They wait, or have their seats at once.

    companion: the adult who stays with the minors.  coach: ids of those who take the coach.
    """
    activity = booking.activity
    booking.sequence = next_sequence(activity)
    booking.save()
    minors = ages.minors_among(activity, people)
    rows = []
    for person in people:
        row = SignUp(booking=booking, activity=activity, person=person, seen_revision=activity.revision)
        row.takes_coach = person.pk in coach
        row.companion = companion if person in minors else None
        if waits:
            row.move_to(SignUpStatus.WAITING, by=Mover.BOOKER)
        else:
            settle(row, activity, is_minor=person in minors, at=booking.made_at, by=Mover.BOOKER)
        row.save()
        rows.append(row)
    return rows


def next_sequence(activity: Activity) -> int:
    """The place of a new booking, behind all there are."""
    return (activity.bookings.aggregate(last=Max("sequence"))["last"] or 0) + 1


def must_wait(activity: Activity, size: int, *, at: datetime) -> bool:
    """Whether a newcomer booking of ``size`` people waits: no room, or free seats belong to an earlier booking.

    In the last hours before the sign-up end (setting) only an earlier booking that fits goes before.
    """
    free = free_seats(activity)
    if free is None:
        return False
    if size > free:
        return True
    sizes = activity.sign_ups.waiting().order_by().values("booking").annotate(people=Count("pk"))
    # A booking for which there are not enough seats in all holds nobody up.
    return sizes.filter(people__lte=free if in_first_fit_hours(activity, at) else activity.capacity).exists()


def free_seats(activity: Activity) -> int | None:
    """Read under the lock; None without a limit."""
    if activity.capacity is None:
        return None
    return max(activity.capacity - activity.sign_ups.holding_seats().count(), 0)


def waiting_bookings(activity: Activity) -> list[list[SignUp]]:
    """The waiting list: the waiting rows of each booking, in the order of the queue."""
    queue: dict[int, list[SignUp]] = {}
    rows = by_id.with_related(activity.sign_ups.waiting().order_by("pk"), "booking", "person")
    for row in sorted(rows, key=lambda row: row.booking.sequence):
        queue.setdefault(row.booking_id, []).append(row)
    return list(queue.values())


def in_first_fit_hours(activity: Activity, at: datetime) -> bool:
    """Whether sign-up ends so soon that the first booking that fits gets a seat, and not the first alone."""
    return at >= activity.signup_ends_at - timedelta(hours=settings.FIRST_FIT_HOURS)


def in_offering_hours(at: datetime) -> bool:
    """Whether it is an hour of the day at which people may be asked."""
    return settings.OFFER_FROM <= localtime(at).strftime("%H:%M") < settings.OFFER_UNTIL


def settle(row: SignUp, activity: Activity, *, is_minor: bool, at: datetime, by: Mover) -> None:
    """Give ``row`` a seat: confirmed, or for a minor without the consent V4 asks, pending for 48 h from now at most."""
    row.settled_at = at
    if is_minor and not guardian_consent.consented(activity, row.person):
        await_consent(row, activity, at=at, until=activity.signup_ends_at, by=by)
    else:
        row.move_to(SignUpStatus.CONFIRMED, by=by)
        row.consent_until = None


def await_consent(row: SignUp, activity: Activity, *, at: datetime, until: datetime, by: Mover) -> None:
    """Keep the seat for a minor without the consent V4 asks: 48 h, never past ``until``, and never past now or the start.

    Where that is so soon that the reminder would be due already, the question itself stands for it.
    """
    row.move_to(SignUpStatus.CONSENT_PENDING, by=by)
    row.consent_until = max(min(at + timedelta(hours=settings.CONSENT_HOURS), until), at)
    soon = row.consent_until - at <= timedelta(hours=settings.CONSENT_REMINDER_HOURS)
    row.consent_reminded_at = at if soon else None


def end(row: SignUp, status: str, *, at: datetime, by: Mover, code: EndCode | None = None, reason: str = "") -> None:
    """End the sign-up, for the reason that ``code`` names or in staff's own words."""
    row.move_to(status, by=by)
    row.end_code = code or ""
    row.ended_at = at
    row.end_reason = reason[:120]
    row.consent_until = None
    row.save()


def fill_seats(activity_id: int, at: datetime) -> None:
    """Give free seats to those who wait; for capacity raised by staff and for the sweeps."""
    with transaction.atomic():
        fill(locks.lock(activity_id), at=at)


def fill(activity: Activity, *, at: datetime) -> None:
    """Give free seats to those who wait: the head booking first; in the last hours the first that fits.

    More than 24 h before the start a booking that fits is confirmed at once, unless the activity says to ask first or
    somebody has a seat elsewhere at that time; else it is offered, between 08:00 and 20:00. What a direct sign-up refuses is
    passed over. A head that does not fit is asked once to come with fewer; one that never can holds nobody up meanwhile.
    """
    if activity.status != Status.PUBLISHED or at >= activity.signup_ends_at:
        return
    free = free_seats(activity)
    first_fit = in_first_fit_hours(activity, at)
    asks = activity.promotion == Promotion.OFFER or activity.starts_at - at <= timedelta(
        hours=settings.AUTO_PROMOTION_HOURS
    )
    may_ask = in_offering_hours(at)
    for rows in waiting_bookings(activity):
        if free == 0:
            return
        if not eligibility.fits_ever(activity, len(rows)):
            ask_for_fewer(rows, free, at=at)
            continue
        against = eligibility.against_moving_up(activity, rows)
        if against is not None and against.code != CLASH:
            continue  # adults behind them may make it possible again
        if free is None or len(rows) <= free:
            asks_them = asks or against is not None
            if asks_them and not may_ask:
                return  # at night the seats stay the head's until it can be asked
            if asks_them:
                offer(activity, rows, at=at)
            else:
                promote(activity, rows, at=at)
            free = None if free is None else free - len(rows)
        elif not first_fit:
            ask_for_fewer(rows, free, at=at)
            return


def ask_for_fewer(rows: list[SignUp], free: int | None, *, at: datetime) -> None:
    """Once, and by day, whether some of the waiting booking would come without the others."""
    booking = rows[0].booking
    if booking.asked_fewer_at is None and in_offering_hours(at):
        booking.asked_fewer_at = at
        booking.save(update_fields=["asked_fewer_at"])
        emails.come_with_fewer(booking, free, at=at)


def promote(activity: Activity, rows: list[SignUp], *, at: datetime) -> None:
    """Give the waiting booking its seats and tell whoever made it."""
    minors = set(ages.minors_among(activity, [row.person for row in rows]))
    for row in rows:
        settle(row, activity, is_minor=row.person in minors, at=at, by=Mover.QUEUE)
        row.save()
    emails.promoted(rows[0].booking, at=at)


def offer(activity: Activity, rows: list[SignUp], *, at: datetime) -> None:
    """Keep seats for the waiting booking and ask whoever made it; the answer is due in some hours."""
    booking = rows[0].booking
    booking.offered_at = at
    booking.offer_until = min(at + timedelta(hours=settings.OFFER_HOURS), activity.signup_ends_at)
    booking.answered_at = None
    booking.save()
    for row in rows:
        row.move_to(SignUpStatus.OFFERED, by=Mover.QUEUE)
        row.save()
    emails.offered(booking, at=at)
