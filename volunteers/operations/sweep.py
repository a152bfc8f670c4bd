"""What a rota does by the clock: plan ahead once a day, ask for missing hands, warn the leader the evening before."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.timezone import localtime

from activities.models import COMING, SignUp
from people import outbox
from people.models import Person, TeamMembership
from portal import by_id, clock
from volunteers import emails
from volunteers.models import Leave, Rota, Shift
from volunteers.operations import planning, swaps
from volunteers.operations.promises import short_slots

AHEAD = timedelta(days=7)  # for how long before a slot hands are asked for
EVERYBODY = timedelta(hours=36)  # nearer than that the whole team is asked, not only those who said "ask me first"


def tend(at: datetime) -> int:
    """Everything that is due; returns how many mails were written. Beat calls it every few minutes; twice does no harm."""
    plan_ahead(at)
    swaps.lapse_swaps(at)
    short = list(short_slots(at, at + AHEAD).select_related("team__leader__user", "team__neighbourhood"))
    if not short:
        return 0
    written = 0 if outbox.is_quiet(at) else emails.call_for_hands(to_be_asked(short, at), at=at)
    near = [slot for slot in short if outbox.is_quiet(at) and slot.starts_at - at <= timedelta(hours=12)]
    if near:
        written += emails.call_for_hands(to_be_asked(near, at), at=at)
    return written + warn_leaders(short, at)


def plan_ahead(at: datetime) -> None:
    """Fill the turns of every active rota that has not been planned today."""
    today = clock.local_date(at)
    due = Rota.objects.filter(is_active=True).filter(Q(planned_on=None) | Q(planned_on__lt=today))
    for rota in due.select_related("team"):
        planning.generate(rota, at=at)


def to_be_asked(slots: list[Shift], at: datetime) -> Iterator[tuple[Person, Shift, int]]:
    """Members that day who are neither down for the slot, nor gave it back, nor on leave; far ahead only the substitutes."""
    teams = {slot.team_id for slot in slots}
    rotas = {rota.team_id: rota for rota in Rota.objects.filter(team__in=teams).prefetch_related("substitutes")}
    members = by_id.with_related(TeamMembership.objects.filter(team__in=teams), "person__user")
    leaves = list(Leave.objects.filter(rota__in=rotas.values()))
    rows: dict[int, list[SignUp]] = defaultdict(list)
    for row in SignUp.objects.filter(activity__in=slots).only("activity", "person", "status"):
        rows[row.activity_id].append(row)
    for slot in slots:
        rota = rotas.get(slot.team_id or 0)
        if rota is None:
            continue
        day = clock.local_date(slot.starts_at)
        first = {person.pk for person in rota.substitutes.all()}
        away = {one.person_id for one in leaves if one.rota_id == rota.pk and one.first_day <= day <= one.last_day}
        had = {row.person_id for row in rows[slot.pk]}
        gap = sum(row.status not in COMING for row in rows[slot.pk])
        only_first = bool(first) and slot.starts_at - at > EVERYBODY
        for membership in members:
            person = membership.person
            if membership.team_id != slot.team_id or not planning.covers(membership, day):
                continue
            if person.pk in away | had or not person.is_adult_on(day) or (only_first and person.pk not in first):
                continue
            yield person, slot, gap


def warn_leaders(short: list[Shift], at: datetime) -> int:
    """Evening before, from the hour of the reminders on: a slot tomorrow that nobody, or too few, are down for."""
    hour, minute = map(int, settings.REMINDER_TIME.split(":"))
    written = 0
    for slot in short:
        evening = (localtime(slot.starts_at) - timedelta(days=1)).replace(hour=hour, minute=minute, second=0)
        leader = slot.team.leader if slot.team else None
        if leader is not None and at >= evening:
            written += emails.nobody_tomorrow(slot, leader, at=at)
    return written
