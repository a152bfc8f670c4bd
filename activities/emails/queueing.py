"""Who is told what, and when: rows in the outbox, in the transaction of whoever calls."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from activities.emails.kinds import (
    CANCELLED,
    CONFIRMED,
    CONSENT_AGAIN,
    CONSENT_MISSING,
    CONSENT_RECEIVED,
    CONSENT_WANTED,
    DECLINED,
    FEWER,
    INVITED,
    LAPSED,
    MOVED,
    OFFERED,
    PROMOTED,
    REMINDER,
    REMINDER_HOURS,
    SAID_NO,
    WAITING,
    WITHDRAWN,
    WITHDRAWN_LATE,
    WORDS_CHANGED,
)
from activities.emails.wording import ActivityMessage
from activities.models import COMING, Activity, Booking, CannotCome, SignUp, SignUpStatus
from activities.rules.guardian_consent import accepted_bonds
from activities.rules.in_charge import in_charge
from activities.rules.recipients import recipients
from activities.rules.reminder_times import remind_at
from people import outbox
from people.models import Person
from people.outbox import About, Letter
from portal import by_id, clock


def tell(
    kind: ActivityMessage,
    rows: Collection[SignUp],
    activity: Activity,
    *,
    at: datetime,
    others: Collection = (),
    quiet: bool = False,
    expires_at: datetime | None = None,
    due_at: datetime | None = None,
    revision: int | None = None,
    also: str = "",
) -> None:
    """One message of ``kind`` to each recipient about their rows, and to ``others`` who are expected without a sign-up.

    quiet: keep quiet hours, as the portal starts it.  revision: of what is told, if not of time and place.
    also: code of a kind that this message stands for as well.
    """
    people = {one.person_id: one for one in others}
    loaded = by_id.read(Person.objects, people, "user")
    triples: list[tuple[Person, Person | None, Activity]] = [
        (row.person, row.booking.made_by, activity) for row in rows
    ]
    triples += [(person, None, activity) for person in loaded.values()]
    told = recipients(triples)
    letters: dict[int, tuple[Person, list[About]]] = {}
    entries = [(row.person, f"sign_up:{row.pk}") for row in rows] + [
        (loaded[pk], one.key) for pk, one in people.items() if pk in loaded
    ]
    for person, key in entries:
        recipient = told[person.pk]
        abouts = letters.setdefault(recipient.pk, (recipient, []))[1]
        abouts.append(About(key, person, activity.revision if revision is None else revision))
        if also:
            abouts.append(About(key, person, activity.revision, kind=also))
    for recipient, abouts in letters.values():
        outbox.queue(
            kind,
            recipient,
            abouts,
            at=at,
            due_at=due_at,
            expires_at=expires_at or max(activity.starts_at, activity.signup_ends_at),
            starts_at=activity.starts_at if quiet else None,
        )


def booked(booking: Booking, *, at: datetime, again: bool = False) -> None:
    """Confirmation or receipt for the waiting list, and the question to guardians whose consent is missing.

    again: an answered offer; the rows that have a seat now are confirmed.
    """
    rows = list(booking.sign_ups.live().select_related("person", "booking__made_by", "activity"))
    activity = rows[0].activity
    waiting = [row for row in rows if row.status == SignUpStatus.WAITING]
    if waiting:
        tell(WAITING, waiting, activity, at=at)
    seated = [row for row in rows if row.status in COMING]
    if seated:
        tell(CONFIRMED, seated, activity, at=at, also=reminder_passed(activity, at))
    if not again:
        minors = [row for row in waiting if lacks_consent(row, activity)]
        consent_wanted([row for row in seated if row.status == SignUpStatus.CONSENT_PENDING] + minors, at=at)


def lacks_consent(row: SignUp, activity: Activity) -> bool:
    if row.person.is_adult_on(clock.local_date(activity.starts_at)):
        return False
    return not activity.consents.in_force().filter(child=row.person).exists()


def reminder_passed(activity: Activity, at: datetime) -> str:
    """Whoever joins after the reminder was due has the confirmation as reminder: the ledger says so."""
    return REMINDER.code if remind_at(activity) <= at else ""


def consent_wanted(rows: list[SignUp], *, at: datetime) -> None:
    if rows:
        ask_guardians(CONSENT_WANTED, rows, rows[0].activity, at=at, everyone=False)


def consent_wanted_again(rows: Sequence[SignUp], *, at: datetime, but: Collection[int] = ()) -> None:
    """To both guardians, for either may agree. ``but``: ids of those whom another message asks already."""
    if rows:
        ask_guardians(CONSENT_AGAIN, rows, Activity.objects.get(pk=rows[0].activity_id), at=at, but=but)


def consent_missing(rows: Sequence[SignUp], *, at: datetime) -> None:
    if rows:
        ask_guardians(CONSENT_MISSING, rows, rows[0].activity, at=at)


def ask_guardians(
    kind: ActivityMessage,
    rows: Sequence[SignUp],
    activity: Activity,
    *,
    at: datetime,
    everyone: bool = True,
    but: Collection[int] = (),
) -> None:
    """One message to each guardian, naming all of their children here.

    everyone: to every guardian who may agree and can be reached; else only to the one who reads the child's messages.
    """
    first = recipients([(row.person, row.booking.made_by, activity) for row in rows])
    asked: dict[int, list[Person]] = defaultdict(list)
    if everyone:
        bonds = accepted_bonds(activity, [row.person for row in rows]).order_by("pk")
        for bond in by_id.with_related(bonds, "guardian__user"):
            if bond.guardian.channel or bond.guardian.user_id:
                asked[bond.child_id].append(bond.guardian)
    letters: dict[int, tuple[Person, list[About]]] = {}
    for row in rows:
        for reader in asked[row.person_id] or [first[row.person_id]]:
            about = About(f"sign_up:{row.pk}", row.person, row.consent_asks)
            letters.setdefault(reader.pk, (reader, []))[1].append(about)
    for reader, abouts in letters.values():
        if reader.pk not in but:
            quiet = activity.starts_at if everyone else None
            outbox.queue(kind, reader, abouts, at=at, expires_at=activity.starts_at, starts_at=quiet)


def consent_received(row: SignUp, *, at: datetime) -> None:
    tell(CONSENT_RECEIVED, [row], row.activity, at=at, also=reminder_passed(row.activity, at))


def promoted(booking: Booking, *, at: datetime) -> None:
    rows = list(booking.sign_ups.coming().select_related("person", "booking__made_by", "activity"))
    tell(PROMOTED, rows, rows[0].activity, at=at, also=reminder_passed(rows[0].activity, at))
    consent_wanted([row for row in rows if row.status == SignUpStatus.CONSENT_PENDING], at=at)


def offered(booking: Booking, *, at: datetime) -> None:
    rows = list(
        booking.sign_ups.filter(status=SignUpStatus.OFFERED).select_related("person", "booking__made_by", "activity")
    )
    to_whoever_booked(OFFERED, booking, rows, at=at, expires_at=booking.offer_until)


def come_with_fewer(booking: Booking, free: int | None, *, at: datetime) -> None:
    rows = list(booking.sign_ups.waiting().select_related("person", "booking__made_by", "activity"))
    to_whoever_booked(FEWER, booking, rows, at=at, expires_at=rows[0].activity.signup_ends_at)


def to_whoever_booked(
    kind: ActivityMessage, booking: Booking, rows: list[SignUp], *, at: datetime, expires_at: datetime | None
) -> None:
    """A question about the whole booking goes to one: whoever made it, or the person when that is somebody else's helper."""
    people = {row.person_id for row in rows}
    recipient = booking.made_by
    if booking.made_by_id not in people and len(rows) == 1:
        recipient = recipients([(rows[0].person, booking.made_by, rows[0].activity)])[rows[0].person_id]
    outbox.queue(
        kind,
        recipient,
        [About(f"sign_up:{row.pk}", row.person, row.activity.revision) for row in rows],
        at=at,
        expires_at=expires_at,
    )


def lapsed(rows: Sequence[SignUp], *, at: datetime) -> None:
    if rows:
        activity = Activity.objects.get(pk=rows[0].activity_id)
        tell(LAPSED, rows, activity, at=at)


def withdrawn(rows: list[SignUp], *, at: datetime) -> None:
    tell(WITHDRAWN, rows, Activity.objects.get(pk=rows[0].activity_id), at=at)


def withdrawn_late(activity: Activity, rows: Sequence[SignUp], *, at: datetime) -> None:
    """To whoever is in charge, at any hour, for it is close to the start."""
    abouts = [About(f"sign_up:{row.pk}", row.person) for row in rows]
    for person in in_charge(activity, at=at):
        outbox.queue(WITHDRAWN_LATE, person, abouts, at=at, expires_at=max(activity.starts_at, activity.signup_ends_at))


def declined(rows: list[SignUp], *, at: datetime) -> None:
    """The receipt; it takes the offered seat out of the calendar."""
    if rows:
        tell(DECLINED, rows, Activity.objects.get(pk=rows[0].activity_id), at=at)


def moved(
    activity: Activity,
    rows: list[SignUp],
    others: Collection,
    *,
    at: datetime,
    stands_for_reminder: bool,
    ask: Sequence[SignUp] = (),
) -> None:
    """``ask``: rows of children whose guardians have to agree again; the same mail asks whoever gets it."""
    tell(MOVED, rows, activity, at=at, others=others, quiet=True, also=REMINDER.code if stands_for_reminder else "")
    told = recipients([(row.person, row.booking.made_by, activity) for row in ask])
    consent_wanted_again(ask, at=at, but={reader.pk for reader in told.values()})


def words_changed(
    activity: Activity, rows: list[SignUp], others: Collection, *, at: datetime, number: int, due_at: datetime
) -> None:
    """``number``: of the first change that this mail tells; whoever has a message of that number waiting gets no second."""
    tell(WORDS_CHANGED, rows, activity, at=at, others=others, revision=number, due_at=due_at)


def invited(activity: Activity, asked: Collection, *, at: datetime, number: int = 1) -> None:
    """``number``: of their answer, when they come after all."""
    tell(INVITED, [], activity, at=at, others=asked, quiet=number == 1, revision=number)


def said_no(activity: Activity, row: CannotCome, *, at: datetime) -> None:
    reader = recipients([(row.person, None, activity)])[row.person_id]
    about = About(f"meeting:{activity.pk}", row.person, row.changes)
    outbox.queue(SAID_NO, reader, [about], at=at, expires_at=activity.starts_at)


def cancelled(activity: Activity, rows: list[SignUp], others: Collection, *, at: datetime) -> None:
    tell(CANCELLED, rows, activity, at=at, others=others, quiet=True, expires_at=activity.ends_at)


def remind(activities: dict[int, Activity], wanted: Collection, *, lead: str, at: datetime) -> int:
    """Write the reminders for these expected people; one message per recipient. A constant number of queries a step."""
    kind = REMINDER if lead == "evening" else REMINDER_HOURS
    people = by_id.read(Person.objects, {one.person_id for one in wanted}, "user")
    sign_up_ids = [int(one.key.partition(":")[2]) for one in wanted if one.key.startswith("sign_up:")]
    rows = by_id.read(SignUp.objects, sign_up_ids, "booking__made_by__user")
    made_by = {f"sign_up:{pk}": row.booking.made_by for pk, row in rows.items()}
    letters: dict[int, tuple[Person, list[About], datetime]] = {}
    by_moment: dict[int, list] = defaultdict(list)
    for one in wanted:
        by_moment[one.activity_id].append(one)
    for activity_id, group in by_moment.items():
        activity = activities[activity_id]
        told = recipients(
            [(people[one.person_id], made_by.get(one.key), activity) for one in group if one.person_id in people]
        )
        for one in group:
            if one.person_id not in people:
                continue
            recipient = told[one.person_id]
            known = letters.get(recipient.pk)
            abouts = known[1] if known else []
            abouts.append(About(one.key, people[one.person_id], activity.revision))
            ends = max(known[2], activity.starts_at) if known else activity.starts_at
            letters[recipient.pk] = (recipient, abouts, ends)
    return outbox.queue_many(
        kind, [Letter(recipient, abouts, at, ends) for recipient, abouts, ends in letters.values()], at=at
    )
