"""Making a rota's slots and giving them to those who promised: the same answer however often it is asked (G1)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from activities.models import COMING, Booking, EndCode, Mover, SignUp, SignUpStatus, Status, Visibility
from activities.operations import locks, queue
from people.models import Channel, Person, TeamMembership, User
from portal import clock
from portal.refusals import Refusal
from volunteers import emails
from volunteers.models import Rota, Shift, Turn, duties, slot_key
from volunteers.rules.fairness import ANYWHERE, Slot, share_out

REMEMBERED = timedelta(days=180)  # how far back turns count when the next are shared out

REARRANGED_BEFORE = "值日安排调整"  # T18: what stood in end_reason before there were codes


@dataclass
class Planned:
    """What a run did: days made, turns given and freed, and the days that stay short with how many hands they lack."""

    made: int = 0
    given: int = 0
    freed: int = 0
    short: dict[date, int] = field(default_factory=dict)


class Year:
    """What a rota's promises say about each day, read with a fixed number of queries."""

    def __init__(self, rota: Rota, first: date, last: date) -> None:
        self.rota = rota
        self.turns = list(Turn.objects.filter(rota=rota).order_by("pk"))
        self.leaves = list(rota.leaves.all())
        self.breaks = list(rota.breaks.filter(last_day__gte=first, first_day__lte=last))
        self.members = list(TeamMembership.objects.filter(team=rota.team_id))
        people = {turn.person_id for turn in self.turns}
        self.people = Person.objects.filter(pk__in=people, anonymised_at=None).in_bulk()

    def is_off(self, day: date) -> bool:
        return any(one.first_day <= day <= one.last_day for one in self.breaks)

    def is_there(self, person_id: int, day: date) -> bool:
        """An adult member of the team that day who is not on leave: children are on no rota, whoever promised (V5)."""
        person = self.people.get(person_id)
        if person is None or not person.is_adult_on(day):
            return False
        if any(one.person_id == person_id and one.first_day <= day <= one.last_day for one in self.leaves):
            return False
        return person_id == self.rota.team.leader_id or any(
            one.person_id == person_id and covers(one, day) for one in self.members
        )

    def promised(self, day: date, weekday: int | None) -> frozenset[int]:
        return frozenset(
            turn.person_id
            for turn in self.turns
            if turn.weekday == weekday and covers(turn, day) and self.is_there(turn.person_id, day)
        )


def covers(period, day: date) -> bool:
    """Whether ``day`` lies within ``period`` (since its first day, before its ``until``)."""
    return (period.since is None or period.since <= day) and (period.until is None or day < period.until)


def generate(rota: Rota, *, at: datetime, until: date | None = None, knows: int = 0) -> Planned:
    """Make the slots from now up to ``until`` (the rota's own weeks ahead), free what no promise covers, fill what is short.

    Slots that exist, people who are down, and whoever withdrew from a slot stay as they are; running it again changes
    nothing. Slots that are made carry no mail; whoever gets a turn in one that stood already is told, but for the person
    whose own act this follows from (``knows``: their id).
    """
    today = clock.local_date(at)
    first = max(rota.since, today)
    last = until or today + timedelta(weeks=rota.weeks_ahead)
    if rota.until is not None:
        last = min(last, rota.until)
    if not rota.is_active or last < first:
        return Planned()
    slots = slots_of(rota, first - REMEMBERED, last)
    result = carry_out(rota, slots, plan(rota, slots, first, last, at), at=at, knows=knows)
    Rota.objects.filter(pk=rota.pk).update(planned_on=today)
    return result


@dataclass
class Changes:
    """What is to become of one morning: whose turn is freed, and to whom turns are given."""

    freed: set[int]
    given: list[int]


def plan(rota: Rota, slots: dict[date, Shift], first: date, last: date, at: datetime) -> dict[date, Changes]:
    """What every morning from ``first`` to ``last`` needs that can still be changed; nothing is written."""
    year = Year(rota, first, last)
    rows = _rows_of(slots)
    asked = [past_slot(year, day, rows[slot.pk]) for day, slot in slots.items() if day < first]
    freed: dict[date, set[int]] = {}
    for day in (first + timedelta(days=number) for number in range((last - first).days + 1)):
        slot = slots.get(day)
        if starts_at(rota, day) <= at or (slot is None and year.is_off(day)):
            continue
        if slot is not None and (slot.status != Status.PUBLISHED or slot.starts_at <= at):
            continue
        freed[day], wanted = slot_to_come(year, day, rows[slot.pk] if slot else [])
        asked.append(wanted)
    given = share_out(asked)
    return {day: Changes(gone, list(given.get(day, {}))) for day, gone in freed.items()}


def slot_to_come(year: Year, day: date, rows: list[SignUp]) -> tuple[set[int], Slot]:
    """Whose turn no promise covers any more, and what is to be shared out then; ``rows``: the sign-ups of that morning."""
    standing, anywhere = year.promised(day, day.weekday()), year.promised(day, None)
    freed = {row.person_id for row in rows if _is_rostered(row) and row.person_id not in standing | anywhere}
    coming = [row for row in rows if row.status in COMING and row.person_id not in freed]
    gone = {row.person_id for row in rows if not row.is_live and not _was_rearranged(row)}
    down = {
        row.person_id: day.weekday() if row.person_id in standing else ANYWHERE
        for row in coming
        if row.booking.channel == Channel.ROSTER
    }
    others = {row.person_id for row in coming} - down.keys()
    wanted = max(year.rota.people_needed - len(coming), 0)
    return freed, Slot(day, wanted, standing - gone - others, anywhere - gone - others, down)


def carry_out(
    rota: Rota, slots: dict[date, Shift], changes: dict[date, Changes], *, at: datetime, knows: int
) -> Planned:
    """Make the slots that are missing, free and give the turns, and count what stays short."""
    result = Planned()
    for day, change in changes.items():
        slot = slots.get(day)
        is_new = slot is None
        if slot is None:
            slot = make_slot(rota, day)
            if slot is None:
                continue  # another run made it in this moment, and fills it
            result.made += 1
        if change.freed or change.given:
            gave, took = settle(slot, change.given, change.freed, at=at, tell=not is_new, rota=rota, knows=knows)
            result.given += gave
            result.freed += took
        missing = rota.people_needed - slot.sign_ups.filter(status__in=COMING).count()
        if missing > 0:
            result.short[day] = missing
    return result


def slots_of(rota: Rota, first: date, last: date) -> dict[date, Shift]:
    """The rota's turns from ``first`` to ``last``, by their day."""
    found = duties(rota.team_id).filter(
        starts_at__gte=make_aware(datetime.combine(first, datetime.min.time())),
        starts_at__lt=make_aware(datetime.combine(last + timedelta(days=1), datetime.min.time())),
        slot_key__isnull=False,
    )
    return {date.fromisoformat(str(slot.slot_key).partition(":")[2]): slot for slot in found}


def _rows_of(slots: dict[date, Shift]) -> dict[int, list[SignUp]]:
    rows: dict[int, list[SignUp]] = defaultdict(list)
    wanted = SignUp.objects.filter(activity__in=[slot.pk for slot in slots.values()]).select_related("booking")
    for row in wanted.order_by("pk"):
        rows[row.activity_id].append(row)
    return rows


def past_slot(year: Year, day: date, rows: list[SignUp]) -> Slot:
    """What was: those on the rota had a turn, whether they came or swapped; the others had their chance."""
    standing, anywhere = year.promised(day, day.weekday()), year.promised(day, None)
    rostered = {row.person_id for row in rows if row.booking.channel == Channel.ROSTER and not _was_rearranged(row)}
    down = {person: ANYWHERE if person in anywhere - standing else day.weekday() for person in sorted(rostered)}
    return Slot(day, 0, standing, anywhere, down)


def _was_rearranged(row: SignUp) -> bool:
    """Whether the plan itself took the turn back, by its code or by the sentence of the release before.

    A process of that release, still running while this one has migrated, writes the sentence alone; goes with the next.
    """
    return row.end_code == EndCode.ROTA_CHANGED or row.end_reason == REARRANGED_BEFORE


def _is_rostered(row: SignUp) -> bool:
    return row.status == SignUpStatus.CONFIRMED and row.booking.channel == Channel.ROSTER


def starts_at(rota: Rota, day: date) -> datetime:
    """When the rota's turn begins on ``day``."""
    return make_aware(datetime.combine(day, rota.starts_on(day)))


def make_slot(rota: Rota, day: date, *, entered_at: datetime | None = None, by: User | None = None) -> Shift | None:
    """One published slot, the team's own; None when it was made by somebody else in the meantime.

    entered_at: for a morning that is over, when ``by`` wrote it down.
    """
    begins = starts_at(rota, day)
    slot = Shift(
        neighbourhood_id=rota.team.neighbourhood_id,
        kind="duty",
        title=rota.title,
        text=rota.text,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=rota.minutes),
        location_id=rota.location_id,
        capacity=rota.people_needed,
        people_needed=rota.people_needed,
        risks=rota.risks,
        safeguards=rota.safeguards,
        insurance=rota.insurance,
        team_id=rota.team_id,
        visibility=Visibility.TEAM,
        status=Status.DONE if entered_at else Status.PUBLISHED,
        entered_at=entered_at,
        project_id=rota.project_id,
        slot_key=slot_key(rota.team_id, day),
        outcome=Shift.Outcome.PENDING,
    )
    slot._history_user = by
    try:
        with transaction.atomic():
            slot.save()
    except IntegrityError:
        return None
    return slot


def settle(
    slot: Shift, people: list[int], freed: set[int], *, at: datetime, tell: bool, rota: Rota, knows: int
) -> tuple[int, int]:
    """Free and give turns of one slot under its lock; whoever has a seat elsewhere at that time is passed over."""
    with transaction.atomic():
        activity = locks.lock(slot.pk, [*people, *freed])
        if activity.status != Status.PUBLISHED or activity.starts_at <= at:
            return 0, 0
        leaving = list(
            activity.sign_ups.filter(
                person__in=freed, status=SignUpStatus.CONFIRMED, booking__channel=Channel.ROSTER
            ).select_related("person", "booking")
        )
        for row in leaving:
            queue.end(row, SignUpStatus.CANCELLED, at=at, by=Mover.STAFF, code=EndCode.ROTA_CHANGED)
        busy = set(
            SignUp.objects.clashing(people, activity.starts_at, activity.ends_at)
            .exclude(activity=activity)
            .values_list("person", flat=True)
        )
        here = set(activity.sign_ups.live().values_list("person", flat=True))
        room = rota.people_needed - activity.sign_ups.filter(status__in=COMING).count()
        able = Person.objects.filter(pk__in=[pk for pk in people if pk not in busy | here]).in_bulk()
        day = clock.local_date(activity.starts_at)
        taking = [able[pk] for pk in people if pk in able and able[pk].is_adult_on(day)][: max(room, 0)]
        rows = [give(activity, person, at=at, channel=Channel.ROSTER) for person in taking]
        told = [row for row in rows if row.person_id != knows] if tell else []
        if told:
            emails.put_down(activity, told, at=at)
    return len(rows), len(leaving)


def give(activity, person: Person, *, at: datetime, channel: str) -> SignUp:
    """One confirmed seat for ``person`` through a booking of their own; the slot is locked and has room. Adults only (V4)."""
    if not person.is_adult_on(clock.local_date(activity.starts_at)):
        raise Refusal(
            _("Morning duty is for adults. Children are welcome at the team's other activities with a parent.")
        )
    booking = Booking(activity=activity, made_by=person, made_at=at, channel=channel)
    return queue.join(booking, [person], waits=False)[0]
