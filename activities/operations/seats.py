"""Seats: signing up, withdrawing, filling what became free (docs/rules/seats.md)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from activities import emails
from activities.models import (
    Activity,
    ActivityConsent,
    Booking,
    Minors,
    Promotion,
    SignUp,
    SignUpStatus,
    Status,
)
from activities.rules import adult_ratio, eligibility
from people.models import Channel, ConsentText, Guardianship, Person, PrivateFile, User
from portal import clock
from portal.refusals import CLASH, Refusal


def lock(activity_id: int, person_ids: Collection[int] = ()) -> Activity:
    """Lock persons by ascending id, then the activity, always in this order, so that nobody waits in a circle.

    SQLite has no row locks: there the IMMEDIATE transaction itself is the lock.
    """
    if person_ids:
        list(Person.objects.select_for_update(no_key=True).filter(pk__in=person_ids).order_by("pk").values_list("pk"))
    return (
        Activity.objects.select_for_update(of=("self",), no_key=True)
        .select_related("neighbourhood")
        .get(pk=activity_id)
    )


def sign_up(
    activity: Activity,
    people: Collection[Person],
    *,
    made_by: Person,
    at: datetime,
    channel: str = Channel.WEB,
    entered_by: User | None = None,
    guardian_consents: bool = False,
    companion: Person | None = None,
    coach: Collection[int] = (),
    accept_clash: bool = False,
    note: str = "",
) -> Booking:
    """Book ``people`` together: all get seats, or all wait in one place of the queue. Queues the confirmation.

    guardian_consents: ``made_by`` ticked, as guardian, the consent V4 asks for the minors among ``people``.
    companion: the adult who stays with the minors; found among ``people`` when not named.
    coach: ids of those who want a coach seat.  note: up to 200 characters, read by whoever leads the activity.
    Asking again for people who are all signed up already returns their booking and sends nothing more.
    Raises Refusal with the sentence to show; its code is CLASH when someone has a seat elsewhere at that time.
    """
    if not people:
        raise Refusal(_("Please choose who is coming."))
    with transaction.atomic():
        activity = lock(activity.pk, [person.pk for person in people])
        people = list(Person.objects.filter(pk__in=[person.pk for person in people]).order_by("pk"))
        if any(person.neighbourhood_id != activity.neighbourhood_id for person in [*people, made_by]):
            raise Refusal(_("This belongs to another residential area."))
        if gone := next((person for person in people if person.anonymised_at), None):
            raise Refusal(
                _("The record of %(name)s has been joined with another. Please load the page again.")
                % {"name": gone.name},
                gone,
            )
        live = list(activity.sign_ups.live().filter(person__in=people).select_related("booking", "person"))
        if len(live) == len(people):
            return live[0].booking
        if live:
            name = live[0].person.name
            raise Refusal(
                _("%(name)s is signed up already. Please choose only the others.") % {"name": name}, live[0].person
            )
        eligibility.check_open(activity, at=at, by_staff=entered_by is not None)
        eligibility.check_invited_first(activity, people, made_by, at=at)
        eligibility.check_audience(activity, people)
        eligibility.check_ages(activity, people)
        eligibility.check_no_twin(activity, people)
        adult_ratio.check_ratio(activity, people)
        companion = eligibility.companion_for(activity, people, companion)
        if not accept_clash:
            check_clash(activity, people)
        check_coach(activity, len(coach))
        minors = eligibility.minors_among(activity, people)
        take_guardian_consents(
            activity, minors, made_by, at=at, channel=channel, entered_by=entered_by, ticked=guardian_consents
        )

        booking = Booking.objects.create(
            activity=activity,
            sequence=(activity.bookings.aggregate(last=Max("sequence"))["last"] or 0) + 1,
            made_by=made_by,
            made_at=at,
            channel=channel,
            entered_by=entered_by,
            note=note,
        )
        waits = must_wait(activity, len(people), at=at)
        for person in people:
            row = SignUp(booking=booking, activity=activity, person=person, seen_revision=activity.revision)
            row.takes_coach = person.pk in coach
            row.companion = companion if person in minors else None
            if waits:
                row.status = SignUpStatus.WAITING
            else:
                settle(row, activity, is_minor=person in minors, at=at)
            row.save()
        emails.booked(booking, at=at)
    return booking


def must_wait(activity: Activity, size: int, *, at: datetime) -> bool:
    """Whether a newcomer booking of ``size`` people waits: no room, or free seats belong to an earlier booking.

    In the last hours before the sign-up end (setting) only an earlier booking that fits goes before.
    """
    free = free_seats(activity)
    if free is None:
        return False
    if size > free:
        return True
    waiting = activity.sign_ups.waiting().order_by()
    if in_first_fit_hours(activity, at):
        sizes = waiting.values("booking").annotate(people=Count("pk"))
        return sizes.filter(people__lte=free).exists()
    return waiting.exists()


def free_seats(activity: Activity) -> int | None:
    """Read under the lock; None without a limit."""
    if activity.capacity is None:
        return None
    return max(activity.capacity - activity.sign_ups.holding_seats().count(), 0)


def waiting_bookings(activity: Activity) -> list[list[SignUp]]:
    """The waiting list: the waiting rows of each booking, in the order of the queue."""
    queue: dict[int, list[SignUp]] = {}
    for row in activity.sign_ups.waiting().select_related("booking", "person").order_by("booking__sequence", "pk"):
        queue.setdefault(row.booking_id, []).append(row)
    return list(queue.values())


def in_first_fit_hours(activity: Activity, at: datetime) -> bool:
    return at >= activity.signup_ends_at - timedelta(hours=settings.FIRST_FIT_HOURS)


def settle(row: SignUp, activity: Activity, *, is_minor: bool, at: datetime) -> None:
    """Give ``row`` a seat: confirmed, or for a minor without the consent V4 asks, pending for 48 h from now at most."""
    row.settled_at = at
    if is_minor and not eligibility.consented(activity, row.person):
        await_consent(row, activity, at=at, until=activity.signup_ends_at)
    else:
        row.status = SignUpStatus.CONFIRMED
        row.consent_until = None


def await_consent(row: SignUp, activity: Activity, *, at: datetime, until: datetime) -> None:
    """Keep the seat for a minor without the consent V4 asks: 48 h, never past ``until``, and never past now or the start.

    Where that is so soon that the reminder would be due already, the question itself stands for it.
    """
    row.status = SignUpStatus.CONSENT_PENDING
    row.consent_until = max(min(at + timedelta(hours=settings.CONSENT_HOURS), until), at)
    soon = row.consent_until - at <= timedelta(hours=settings.CONSENT_REMINDER_HOURS)
    row.consent_reminded_at = at if soon else None


def check_clash(activity: Activity, people: Collection[Person]) -> None:
    taken = (
        SignUp.objects.clashing([person.pk for person in people], activity.starts_at, activity.ends_at)
        .exclude(activity=activity)
        .select_related("activity", "person")
        .first()
    )
    if taken is not None:
        raise Refusal(
            _("%(name)s is signed up for “%(title)s” at that time.")
            % {"name": taken.person.name, "title": taken.activity.title},
            taken.person,
            code=CLASH,
        )


def check_coach(activity: Activity, wanted: int) -> None:
    if not wanted:
        return
    if activity.coach_seats is None:
        raise Refusal(_("No coach goes there."), about="coach")
    left = activity.coach_seats - activity.sign_ups.live().filter(takes_coach=True).count()
    if wanted > left:
        raise Refusal(
            _("The coach has %(left)d free seats. Please come on your own, or choose fewer for the coach.")
            % {"left": max(left, 0)},
            about="coach",
        )


def take_guardian_consents(
    activity: Activity,
    minors: list[Person],
    made_by: Person,
    *,
    at: datetime,
    channel: str,
    entered_by: User | None,
    ticked: bool,
) -> None:
    """Store the guardian's tick for each of their children; refuse a guardian who left it out on the web (V4).

    A child's own or a helper's booking passes: its minors end up consent_pending.
    """
    for child in minors:
        bond = eligibility.guardianship(activity, made_by, child)
        if bond is None:
            continue
        if ticked:
            record_consent(activity, child, bond, at=at, channel=channel, entered_by=entered_by)
        elif channel == Channel.WEB and not eligibility.consented(activity, child):
            raise Refusal(
                _(
                    "Please tick that you, as guardian, agree to %(name)s taking part. Without it %(name)s cannot be signed up."
                )
                % {"name": child.name},
                child,
                about="consent",
            )
        if channel == Channel.WEB and eligibility.data_consent_missing(child, eligibility.day_of(activity)):
            raise Refusal(
                _("Before %(name)s can join, please give the consent to keep their data, under “Me”, “Family”.")
                % {"name": child.name},
                child,
                about="data",
            )


def record_consent(
    activity: Activity,
    child: Person,
    bond: Guardianship,
    *,
    at: datetime,
    channel: str,
    entered_by: User | None = None,
    sheet: PrivateFile | None = None,
    sheet_number: str = "",
) -> ActivityConsent:
    text = ConsentText.objects.filter(audience=ConsentText.Audience.GUARDIAN).first()
    if text is None:
        raise Refusal(_("No consent text for guardians is published yet; please ask the committee."), about="consent")
    terms = eligibility.terms_hash(activity)
    given = ActivityConsent.objects.in_force().filter(activity=activity, child=child, guardian=bond.guardian)
    given.exclude(terms_sha256=terms).update(outdated_at=at)
    consent, _made = ActivityConsent.objects.get_or_create(
        activity=activity,
        child=child,
        guardian=bond.guardian,
        revoked_at=None,
        outdated_at=None,
        defaults={
            "relation": bond.relation,
            "text": text,
            "risks_sha256": eligibility.risks_hash(activity),
            "terms_sha256": terms,
            "given_at": at,
            "channel": channel,
            "entered_by": entered_by,
            "sheet": sheet,
            "sheet_number": sheet_number,
        },
    )
    return consent


def give_consent(
    sign_up: SignUp,
    guardian: Person,
    *,
    at: datetime,
    channel: str = Channel.WEB,
    entered_by: User | None = None,
    sheet: PrivateFile | None = None,
    sheet_number: str = "",
) -> ActivityConsent:
    """Record the guardian's consent to one activity (V4); a row that waited for it is confirmed and told."""
    with transaction.atomic():
        activity = lock(sign_up.activity_id, [sign_up.person_id])
        row = activity.sign_ups.select_related("person", "booking").get(pk=sign_up.pk)
        bond = eligibility.guardianship(activity, guardian, row.person)
        if bond is None:
            raise Refusal(_("Only a guardian can give this consent."), row.person)
        if not row.is_live:
            raise Refusal(_("This sign-up has ended. Please sign up again."), row.person)
        if activity.status != Status.PUBLISHED or activity.has_started(at=at):
            raise Refusal(_("This activity takes no more sign-ups: it has begun or is over."))
        eligibility.check_minors_rule(activity, row.person)  # a birth date was corrected, or the day is another
        consent = record_consent(
            activity,
            row.person,
            bond,
            at=at,
            channel=channel,
            entered_by=entered_by,
            sheet=sheet,
            sheet_number=sheet_number,
        )
        if row.status == SignUpStatus.CONSENT_PENDING:
            if eligibility.data_consent_missing(row.person, eligibility.day_of(activity)):
                raise Refusal(
                    _("Before %(name)s can join, please give the consent to keep their data, under “Me”, “Family”.")
                    % {"name": row.person.name},
                    row.person,
                )
            row.status = SignUpStatus.CONFIRMED
            row.consent_until = None
            row.settled_at = at
            row.save()
            emails.consent_received(row, at=at)
    return consent


def revoke_consent(consent: ActivityConsent, *, at: datetime) -> None:
    """Take a consent back (V5), the other guardian's with it: one no is enough.

    A confirmed seat then waits 48 h, at most to the sign-up end, for a new one.
    """
    with transaction.atomic():
        activity = lock(consent.activity_id, [consent.child_id])
        activity.consents.in_force().filter(child=consent.child_id).update(revoked_at=at)
        row = (
            activity.sign_ups.filter(person=consent.child_id, status=SignUpStatus.CONFIRMED)
            .select_related("person")
            .first()
        )
        if row is None or activity.has_started(at=at) or eligibility.consented(activity, row.person):
            return
        await_consent(row, activity, at=at, until=activity.signup_ends_at)
        row.consent_asks += 1
        row.save()
        emails.consent_wanted([row], at=at)


def withdraw(
    sign_ups: Collection[SignUp],
    *,
    at: datetime,
    by: Person | None = None,
    by_staff: User | None = None,
    reason: str = "",
    new_companion: Person | None = None,
) -> None:
    """End these sign-ups of one activity and offer the seats to whoever waits.

    by: the person, their guardian or whoever booked; by_staff: also after the deadline.  new_companion: the confirmed
    adult who stays with the children left behind.  Rows that have ended already are passed over.
    Raises Refusal after the deadline, or when the last companion would leave a child alone (V5).
    """
    rows = list(sign_ups)
    if not rows:
        raise Refusal(_("Please choose who is not coming."))
    with transaction.atomic():
        activity = lock(rows[0].activity_id, [row.person_id for row in rows])
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
        if activity.has_started(at=at):
            raise Refusal(_("It has begun; attendance is recorded by the people in charge."))
        # A seat that waits for consent is not relied on yet, and a guardian's no counts at any time (V5).
        holds = any(row.status == SignUpStatus.CONFIRMED for row in rows)
        if by_staff is None and holds and not activity.may_withdraw(at=at):
            raise Refusal(
                _("Withdrawal has closed. Please call the committee so that nobody waits for you: %(phone)s.")
                % {"phone": activity.neighbourhood.phone or activity.neighbourhood}
            )
        keep_company(activity, rows, new_companion)
        for row in rows:
            end(row, SignUpStatus.CANCELLED, at=at, reason=reason)
        emails.withdrawn(rows, at=at)
        fill(activity, at=at)


def may_act_for(person: Person | None, row: SignUp) -> bool:
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
    day = eligibility.day_of(activity)
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


def end(row: SignUp, status: str, *, at: datetime, reason: str = "") -> None:
    row.status = status
    row.ended_at = at
    row.end_reason = reason[:120]
    row.consent_until = None
    row.save()


def fill_seats(activity_id: int, at: datetime) -> None:
    """Give free seats to those who wait; for capacity raised by staff and for the sweeps."""
    with transaction.atomic():
        fill(lock(activity_id), at=at)


def fill(activity: Activity, *, at: datetime) -> None:
    """The activity is locked by the caller. The head booking first; in the last hours the first that fits.

    More than 24 h before the start a booking that fits is confirmed at once, unless the activity says to ask first;
    nearer than that it is offered, between 08:00 and 20:00. A head that does not fit is asked once to come with fewer.
    """
    if activity.status != Status.PUBLISHED or at >= min(activity.signup_ends_at, activity.starts_at):
        return
    free = free_seats(activity)
    first_fit = in_first_fit_hours(activity, at)
    asks = activity.promotion == Promotion.OFFER or activity.starts_at - at <= timedelta(
        hours=settings.AUTO_PROMOTION_HOURS
    )
    may_ask = eligibility.in_offering_hours(at)
    for rows in waiting_bookings(activity):
        if free == 0:
            return
        if not adult_ratio.fits(activity, rows):
            continue  # adults behind them may make it possible again
        if free is None or len(rows) <= free:
            if asks and not may_ask:
                return  # at night the seats stay the head's until it can be asked
            if asks:
                offer(activity, rows, at=at)
            else:
                promote(activity, rows, at=at)
            free = None if free is None else free - len(rows)
        elif not first_fit:
            booking = rows[0].booking
            if booking.asked_fewer_at is None and may_ask:
                booking.asked_fewer_at = at
                booking.save(update_fields=["asked_fewer_at"])
                emails.come_with_fewer(booking, free, at=at)
            return


def promote(activity: Activity, rows: list[SignUp], *, at: datetime) -> None:
    minors = set(eligibility.minors_among(activity, [row.person for row in rows]))
    for row in rows:
        settle(row, activity, is_minor=row.person in minors, at=at)
        row.save()
    emails.promoted(rows[0].booking, at=at)


def offer(activity: Activity, rows: list[SignUp], *, at: datetime) -> None:
    booking = rows[0].booking
    booking.offered_at = at
    booking.offer_until = min(at + timedelta(hours=settings.OFFER_HOURS), activity.signup_ends_at)
    booking.answered_at = None
    booking.save()
    for row in rows:
        row.status = SignUpStatus.OFFERED
        row.save()
    emails.offered(booking, at=at)
