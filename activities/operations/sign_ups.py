"""Signing up and withdrawing (docs/rules/seats.md)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from activities import emails
from activities.models import MARKED, Activity, Booking, EndCode, Minors, Mover, SignUp, SignUpStatus
from activities.operations import consents, locks, queue
from activities.rules import ages, eligibility, guardian_consent
from people.models import Channel, Guardianship, Person, User
from people.operations import duplicates
from portal import clock
from portal.refusals import Refusal


def sign_up(
    activity: Activity,
    people: Collection[Person],
    *,
    made_by: Person,
    at: datetime,
    channel: str = Channel.WEB,
    entered_by: User | None = None,
    guardian_consents: bool = False,
    terms_read: str = "",
    companion: Person | None = None,
    coach: Collection[int] = (),
    accept_clash: bool = False,
    note: str = "",
) -> Booking:
    """Book ``people`` together: all get seats, or all wait in one place of the queue. Queues the confirmation.

    guardian_consents: ``made_by`` ticked, as guardian, the consent V4 asks for the minors among ``people``.
    terms_read: the hash of what that consent was given to, as its page had it; "" where nobody read a page.
    companion: the adult who stays with the minors; found among ``people`` when not named.
    coach: ids of those who want a coach seat.  note: up to 200 characters, read by whoever leads the activity.
    Asking again for people who are all signed up already returns their booking and sends nothing more.
    Raises Refusal with the sentence to show; its code is CLASH when someone has a seat elsewhere at that time.
    """
    with transaction.atomic():
        if not people:
            raise Refusal(_("Please choose who is coming."))
        activity = locks.lock(activity.pk, [person.pk for person in people])
        people = list(Person.objects.filter(pk__in=[person.pk for person in people]).order_by("pk"))
        if booking := booked_already(activity, people):
            return booking
        booking = Booking(
            activity=activity, made_by=made_by, made_at=at, channel=channel, entered_by=entered_by, note=note
        )
        stays = eligibility.admit(
            activity, people, booking, companion=companion, coach=len(coach), accept_clash=accept_clash
        )
        if guardian_consents:
            consents.refuse_unread(activity, terms_read)
        take_guardian_consents(booking, ages.minors_among(activity, people), ticked=guardian_consents)
        waits = queue.must_wait(activity, len(people), at=at)
        queue.join(booking, people, waits=waits, companion=stays, coach=coach)
        emails.booked(booking, at=at)
        for twin, row in eligibility.twins_signed_up(activity, people):
            duplicates.note_pair(twin, row.person)  # of two families, who are told nothing: staff look at it
    return booking


def booked_already(activity: Activity, people: Collection[Person]) -> Booking | None:
    """The booking, when every one of ``people`` is signed up: pressing twice does no harm. Refuses when only some are."""
    live = list(activity.sign_ups.live().filter(person__in=people).select_related("booking", "person"))
    if len(live) == len(people):
        return live[0].booking
    if live:
        name = live[0].person.name
        raise Refusal(
            _("%(name)s is signed up already. Please choose only the others.") % {"name": name}, live[0].person
        )
    return None


def take_guardian_consents(booking: Booking, minors: list[Person], *, ticked: bool) -> None:
    """Store the tick of whoever books for each of their children; refuse a guardian who left it out on the web (V4).

    A child's own or a helper's booking passes: its minors end up consent_pending.
    """
    activity, on_the_web = booking.activity, booking.channel == Channel.WEB
    for child in minors:
        bond = guardian_consent.guardianship(activity, booking.made_by, child)
        if bond is None:
            continue
        if ticked:
            consents.record_consent(
                activity,
                child,
                bond,
                at=booking.made_at,
                channel=booking.channel,
                entered_by=booking.entered_by,
            )
        elif on_the_web and not guardian_consent.consented(activity, child):
            raise Refusal(
                _(
                    "Please tick that you, as guardian, agree to %(name)s taking part. Without it %(name)s cannot be signed up."
                )
                % {"name": child.name},
                child,
                about="consent",
            )
        if on_the_web and guardian_consent.data_consent_missing(child, ages.day_of(activity)):
            raise Refusal(
                _("Before %(name)s can join, please give the consent to keep their data, under “Me”, “Family”.")
                % {"name": child.name},
                child,
                about="data",
            )


def withdraw(
    sign_ups: Collection[SignUp],
    *,
    at: datetime,
    by: Person | None = None,
    by_staff: User | None = None,
    code: EndCode | None = None,
    reason: str = "",
    new_companion: Person | None = None,
) -> None:
    """End these sign-ups of one activity and offer the seats to whoever waits.

    by: the person, their guardian or whoever booked.  new_companion: the confirmed adult who stays with the children left
    behind.  Rows that have ended already are passed over. Whoever says it after the deadline is heard too, until the start:
    the row is marked so, and whoever is in charge is told at once.
    Raises Refusal after the start, or when the last companion would leave a child alone (V5).
    """
    with transaction.atomic():
        rows = list(sign_ups)
        if not rows:
            raise Refusal(_("Please choose who is not coming."))
        activity = locks.lock(rows[0].activity_id, [row.person_id for row in rows])
        rows = list(
            activity.sign_ups.live()
            .filter(pk__in=[row.pk for row in rows])
            .select_related("person", "booking__made_by")
        )
        if not rows:
            return
        for row in rows:
            if by_staff is None and not may_act_for(by, row):
                raise Refusal(_("Only the person, their guardian or whoever signed them up can do this."), row.person)
        is_noted = any(row.status in MARKED for row in rows)
        if activity.is_closed(at=at) or (activity.has_started(at=at) and is_noted):
            raise Refusal(_("It has begun; attendance is recorded by the people in charge."))
        # A seat that waits for consent is not relied on yet, and a guardian's no counts at any time (V5).
        holds = any(row.status == SignUpStatus.CONFIRMED for row in rows)
        is_late = by_staff is None and holds and not activity.may_withdraw(at=at)
        keep_company(activity, rows, new_companion)
        for row in rows:
            said = EndCode.SAID_LATE if is_late and row.status == SignUpStatus.CONFIRMED else code
            queue.end(row, SignUpStatus.CANCELLED, at=at, by=Mover.BOOKER, code=said, reason=reason)
        emails.withdrawn(rows, at=at)
        if is_late:
            emails.withdrawn_late(activity, [row for row in rows if row.end_code == EndCode.SAID_LATE], at=at)
        queue.fill(activity, at=at)


def may_act_for(person: Person | None, row: SignUp) -> bool:
    """Whether ``person`` may change the sign-up: their own, one they made, or that of a child they answer for."""
    if person is None:
        return False
    if person.pk in {row.person_id, row.booking.made_by_id}:
        return True
    if row.person.is_adult_on(clock.today()):
        return False  # whoever has come of age is nobody's ward
    return Guardianship.objects.filter(guardian=person, child=row.person, ended_at=None).exists()


def keep_company(activity: Activity, leaving: list[SignUp], new_companion: Person | None) -> None:
    """V5: a child who stays needs an adult who stays; refuse, or put ``new_companion`` in the leaver's place."""
    if activity.minors != Minors.WITH_GUARDIAN:
        return
    gone = {row.person_id for row in leaving}
    left_behind = list(
        activity.sign_ups.live()
        .filter(companion__in=gone)
        .exclude(pk__in=[row.pk for row in leaving])
        .select_related("person")
    )
    if not left_behind:
        return
    day = ages.day_of(activity)
    if new_companion is None:
        raise Refusal(
            _("%(name)s was to come with you. Withdraw %(name)s too, or name another adult who is signed up.")
            % {"name": left_behind[0].person.name},
            left_behind[0].person,
            about="companion",
        )
    stays = new_companion.pk not in gone and new_companion.is_adult_on(day)
    if not stays or not eligibility.has_confirmed_seat(activity, new_companion):
        raise Refusal(
            _("%(name)s is not an adult with a confirmed seat here.") % {"name": new_companion.name},
            new_companion,
            about="companion",
        )
    for row in left_behind:
        row.companion = new_companion
        row.save(update_fields=["companion"])
