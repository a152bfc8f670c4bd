"""Standing turns, leave, breaks: what changes the promises, and the plan after each of them."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from activities.models import Status
from activities.operations import lifecycle, locks
from people.models import Channel, Person, TeamMembership, User
from portal import clock
from portal.refusals import Refusal
from volunteers.models import Leave, Rota, RotaBreak, Turn, duties, with_hands
from volunteers.operations import planning

LONGEST_LEAVE = 366


def is_member(rota: Rota, person: Person, day: date) -> bool:
    """Whether ``person`` leads the team or belongs to it on ``day``."""
    if person.pk == rota.team.leader_id:
        return True
    return TeamMembership.objects.on(day).filter(team=rota.team_id, person=person).exists()


def check_member(rota: Rota, person: Person, day: date) -> None:
    """Refuse a turn to whoever is no member on ``day``, or no adult (V4)."""
    if person.neighbourhood_id != rota.team.neighbourhood_id or not is_member(rota, person, day):
        raise Refusal(
            _("%(name)s does not belong to %(team)s on that day. The team's leader can take them in first.")
            % {"name": person.name, "team": rota.team}
        )
    if not person.is_adult_on(day):
        raise Refusal(
            _("Morning duty is for adults. Children are welcome at the team's other activities with a parent.")
        )


def promise(
    rota: Rota,
    person: Person,
    weekday: int | None,
    *,
    at: datetime,
    since: date | None = None,
    channel: str = Channel.WEB,
    entered_by: User | None = None,
) -> Turn:
    """Accept a standing turn: every week on ``weekday`` (0 Monday), or wherever hands are missing (None); plan anew."""
    since = since or clock.local_date(at)
    with transaction.atomic():
        check_member(rota, person, since)
        try:
            with transaction.atomic():
                turn = Turn.objects.create(
                    rota=rota,
                    person=person,
                    weekday=weekday,
                    since=since,
                    accepted_at=at,
                    channel=channel,
                    entered_by=entered_by,
                )
        except IntegrityError as error:
            raise Refusal(_("%(name)s has this turn already.") % {"name": person.name}) from error
    planning.generate(rota, at=at, knows=person.pk)  # slot by slot, each with its own locks; refuses nothing
    return turn


def end_promise(turn: Turn, *, at: datetime, until: date | None = None) -> None:
    """The turn holds no longer from ``until`` (tomorrow) on; what was planned from it is given to others."""
    tomorrow = clock.local_date(at).toordinal() + 1
    turn.until = until or date.fromordinal(tomorrow)
    if turn.since and turn.until < turn.since:
        turn.until = turn.since
    turn.save(update_fields=["until"])
    planning.generate(turn.rota, at=at)


def take_leave(
    rota: Rota, person: Person, first: date, last: date, *, at: datetime, entered_by: User | None = None
) -> Leave:
    """No turns on these days; those planned are freed and given to others or asked for in the team."""
    today = clock.local_date(at)
    with transaction.atomic():
        if last < first:
            raise Refusal(_("The last day lies before the first."))
        if first < today:
            raise Refusal(_("Leave begins today at the earliest. What was missed is noted with the morning itself."))
        if (last - first).days >= LONGEST_LEAVE:
            raise Refusal(_("For more than a year, please give back the turn instead; you can take it again any time."))
        leave = Leave.objects.create(
            rota=rota, person=person, first_day=first, last_day=last, told_at=at, entered_by=entered_by
        )
    planning.generate(rota, at=at)
    return leave


def end_leave(leave: Leave, *, at: datetime) -> None:
    """Back earlier, or not away at all: days that are over stay, those to come are planned anew."""
    today = clock.local_date(at)
    if leave.first_day >= today:
        leave.delete()
    elif leave.last_day >= today:
        leave.last_day = date.fromordinal(today.toordinal() - 1)
        leave.save(update_fields=["last_day"])
    planning.generate(leave.rota, at=at, knows=leave.person_id)


@transaction.atomic
def pause(rota: Rota, first: date, last: date, reason: str, *, at: datetime, by: User) -> tuple[RotaBreak, int]:
    """No duty on these days (holiday, rain, frost); what was planned is cancelled and everyone down for it told.

    All or nothing. A morning that a colleague cancelled in this moment is cancelled, and counts among theirs.
    Returns the break and how many mornings were cancelled.
    """
    reason = reason.strip()
    if not reason:
        raise Refusal(_("Please say why, for example the holiday or the weather; those on duty will read it."))
    if last < first:
        raise Refusal(_("The last day lies before the first."))
    if last < clock.local_date(at):
        raise Refusal(
            _("These days are over. Please say of each of their mornings, on its own page, that it did not take place.")
        )
    row = RotaBreak.objects.create(rota=rota, first_day=first, last_day=last, reason=reason[:120])
    mornings = sorted(slot.pk for day, slot in planning.slots_of(rota, first, last).items() if first <= day <= last)
    locked = [locks.lock(pk) for pk in mornings]  # all before the first is cancelled, in the order of everybody else
    to_come = [slot for slot in locked if slot.status == Status.PUBLISHED and slot.starts_at > at]
    for slot in to_come:
        lifecycle.cancel(slot, at=at, by=by, reason=reason)
    return row, len(to_come)


def short_slots(at: datetime, until: datetime, team_id: int | None = None):
    """Published slots from now up to ``until`` with fewer hands than are needed, soonest first; with ``hands``."""
    slots = duties(team_id).filter(status=Status.PUBLISHED, starts_at__gt=at, starts_at__lt=until)
    return with_hands(slots).filter(hands__lt=F("people_needed"))
