"""Changing a turn among neighbours: standing in for a missing hand, and swaps, which need the other's yes (G1)."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from activities.models import COMING, Activity, EndCode, Mover, SignUp, SignUpStatus, Status
from activities.operations import locks, queue
from people.models import Channel, Person
from portal import clock
from portal.refusals import Refusal
from volunteers import emails
from volunteers.models import Rota, Shift, Swap
from volunteers.operations.planning import give
from volunteers.operations.promises import check_member


def rota_of(slot: Activity) -> Rota:
    """The rota a turn belongs to; refuses an activity that is no turn."""
    rota = Rota.objects.select_related("team").filter(team=slot.team_id).first()
    if rota is None or slot.kind != "duty":
        raise Refusal(_("This is no turn of a rota."))
    return rota


def _check_to_come(slot: Activity, at: datetime) -> None:
    if slot.status != Status.PUBLISHED:
        raise Refusal(_("There is no duty that morning."))
    if slot.starts_at <= at:
        raise Refusal(_("That morning has begun or is over; who was there is noted with it."))


def check_free(person: Person, slot: Activity, *, but: Collection[int] = ()) -> None:
    """``person`` is not down for the slot and has no seat elsewhere at that time; ``but``: rows they give away for it."""
    if slot.sign_ups.live().filter(person=person).exclude(pk__in=but).exists():
        raise Refusal(_("%(name)s is down for that morning already.") % {"name": person.name})
    clash = (
        SignUp.objects.clashing([person.pk], slot.starts_at, slot.ends_at).exclude(activity=slot).exclude(pk__in=but)
    )
    if other := clash.select_related("activity").first():
        raise Refusal(
            _("%(name)s is signed up for “%(title)s” at that time.")
            % {"name": person.name, "title": other.activity.title}
        )


def stand_in(slot: Shift, person: Person, *, at: datetime, channel: str = Channel.WEB) -> SignUp:
    """Take a missing hand's place. Asking twice returns the same row. Raises Refusal when nobody is missing."""
    with transaction.atomic():
        rota = rota_of(slot)
        activity = locks.lock(slot.pk, [person.pk])
        _check_to_come(activity, at)
        check_member(rota, person, clock.local_date(activity.starts_at))
        if row := activity.sign_ups.filter(person=person, status__in=COMING).first():
            return row
        if activity.sign_ups.filter(status__in=COMING).count() >= (activity.people_needed or rota.people_needed):
            raise Refusal(_("Somebody was quicker: that morning has enough hands. Thank you all the same."))
        check_free(person, activity)
        row = give(activity, person, at=at, channel=channel)
        emails.took_over(row, at=at)
    return row


def ask_swap(given: SignUp, asked: Person, *, by: Person, at: datetime, wanted: SignUp | None = None) -> Swap:
    """Ask ``asked`` to take the turn ``given``, for their own turn ``wanted`` or for nothing. One question at a time."""
    ids = [given.activity_id] + ([wanted.activity_id] if wanted else [])
    with transaction.atomic():
        slots = lock_slots(ids, [given.person_id, asked.pk])
        given, wanted = fresh(given), fresh(wanted) if wanted else None
        if given.person_id != by.pk:
            raise Refusal(_("Only the one who is down for it can ask for a swap."))
        _check_swap(given, wanted, asked, slots, at)
        try:
            with transaction.atomic():
                swap = Swap.objects.create(given=given, asked=asked, wanted=wanted, asked_at=at)
        except IntegrityError as error:
            raise Refusal(
                _("You have asked somebody about this turn already. Take that question back first.")
            ) from error
        emails.swap_asked(swap, at=at)
    return swap


def _check_swap(given: SignUp, wanted: SignUp | None, asked: Person, slots: dict[int, Activity], at: datetime) -> None:
    slot = slots[given.activity_id]
    _check_to_come(slot, at)
    if given.status != SignUpStatus.CONFIRMED:
        raise Refusal(_("This turn is no longer %(name)s's.") % {"name": given.person.name})
    if asked.pk == given.person_id:
        raise Refusal(_("Please choose another member of the team."))
    rota = rota_of(slot)
    check_member(rota, asked, clock.local_date(slot.starts_at))
    if wanted is None:
        check_free(asked, slot)
        return
    theirs = slots[wanted.activity_id]
    _check_to_come(theirs, at)
    if wanted.person_id != asked.pk or wanted.status != SignUpStatus.CONFIRMED or theirs.team_id != slot.team_id:
        raise Refusal(_("That turn is no longer %(name)s's; please choose another.") % {"name": asked.name})
    check_member(rota, given.person, clock.local_date(theirs.starts_at))
    check_free(asked, slot, but=[wanted.pk])
    check_free(given.person, theirs, but=[given.pk])


def answer_swap(swap: Swap, *, agrees: bool, by: Person, at: datetime) -> Swap:
    """The other's yes or no. On yes both turns change hands at once; everything is looked at again under the locks."""
    with transaction.atomic():
        given, wanted = swap.given, swap.wanted
        slots = lock_slots(
            [given.activity_id] + ([wanted.activity_id] if wanted else []), [given.person_id, swap.asked_id]
        )
        swap = Swap.objects.select_for_update().select_related("asked").get(pk=swap.pk)
        if swap.asked_id != by.pk:
            raise Refusal(_("Only the one who was asked can answer."))
        if swap.state != Swap.State.ASKED:
            raise Refusal(_("This question is settled already: %(state)s.") % {"state": swap.get_state_display()})
        given, wanted = fresh(swap.given), fresh(swap.wanted) if swap.wanted else None
        if agrees:
            _check_swap(given, wanted, swap.asked, slots, at)
            hand_over(given, swap.asked, slots, at)
            if wanted is not None:
                hand_over(wanted, given.person, slots, at)
        swap.state = Swap.State.AGREED if agrees else Swap.State.DECLINED
        swap.answered_at = at
        swap.save(update_fields=["state", "answered_at"])
        emails.swap_answered(swap, at=at)
    return swap


def hand_over(row: SignUp, to: Person, slots: dict[int, Activity], at: datetime) -> None:
    """End the turn of ``row`` and give it to ``to``."""
    queue.end(row, SignUpStatus.CANCELLED, at=at, by=Mover.BOOKER, code=EndCode.SWAPPED)
    give(slots[row.activity_id], to, at=at, channel=Channel.WEB)


def take_back(swap: Swap, *, by: Person, at: datetime) -> None:
    """Withdraw the question while it is open; refuses anybody but the one who asked."""
    with transaction.atomic():
        swap = Swap.objects.select_for_update().get(pk=swap.pk)
        if swap.given.person_id != by.pk:
            raise Refusal(_("Only the one who asked can take the question back."))
        if swap.state == Swap.State.ASKED:
            swap.state, swap.answered_at = Swap.State.WITHDRAWN, at
            swap.save(update_fields=["state", "answered_at"])


def lapse_swaps(at: datetime) -> int:
    """Questions about turns that have begun, or that are no longer the asker's, are over; returns how many."""
    open_ones = Swap.objects.filter(state=Swap.State.ASKED)
    over = open_ones.filter(given__activity__starts_at__lte=at) | open_ones.exclude(
        given__status=SignUpStatus.CONFIRMED
    )
    ids = list(over.values_list("pk", flat=True)[:200])
    return Swap.objects.filter(pk__in=ids, state=Swap.State.ASKED).update(state=Swap.State.LAPSED, answered_at=at)


def lock_slots(activity_ids: Collection[int], person_ids: Collection[int]) -> dict[int, Activity]:
    """All persons by id, then all activities by id (DESIGN.md §3, Seats); {id: activity}."""
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=person_ids).order_by("pk").values_list("pk"))
    return {pk: locks.lock(pk) for pk in sorted(set(activity_ids))}


def fresh(row: SignUp) -> SignUp:
    """The row as it is now, with its person, activity and booking."""
    return SignUp.objects.select_related("person", "activity", "booking").get(pk=row.pk)
