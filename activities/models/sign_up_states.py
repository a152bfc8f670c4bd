"""The states of a sign-up, which of them count as what, and who may move a row from one to another (docs/rules/seats.md)."""

from enum import Enum

from django.db import models
from django.utils.translation import gettext_lazy as _


class SignUpStatus(models.TextChoices):
    WAITING = "waiting", _("on the waiting list")
    CONFIRMED = "confirmed", _("confirmed")
    CONSENT_PENDING = "consent_pending", _("waiting for a guardian's consent")
    OFFERED = "offered", _("offered a seat")
    ATTENDED = "attended", _("came")
    ABSENT = "absent", _("did not come")
    EXCUSED = "excused", _("excused")
    CANCELLED = "cancelled", _("withdrawn")
    LAPSED = "lapsed", _("lapsed")
    DECLINED = "declined", _("declined")


#: They are coming: their seat is theirs, or waits for a guardian only.
COMING = [SignUpStatus.CONFIRMED, SignUpStatus.CONSENT_PENDING]
#: A seat is kept for them before it begins.
SEAT_KEPT = [*COMING, SignUpStatus.OFFERED]
#: Neither ended nor marked yet.
TO_COME = [SignUpStatus.WAITING, *SEAT_KEPT]
#: Attendance is recorded.
MARKED = [SignUpStatus.ATTENDED, SignUpStatus.ABSENT, SignUpStatus.EXCUSED]
#: At most one such row for each activity and person.
LIVE = [*TO_COME, *MARKED]
ENDED = [SignUpStatus.CANCELLED, SignUpStatus.LAPSED, SignUpStatus.DECLINED]
#: Counted against the capacity.
SEAT_HOLDING = [*SEAT_KEPT, SignUpStatus.ATTENDED, SignUpStatus.ABSENT]


class EndCode(models.TextChoices):
    """Why a sign-up ended, where the portal itself ended it; staff's own words stand in ``end_reason``."""

    ACTIVITY_CANCELLED = "activity_cancelled", _("the activity was cancelled")
    RECORDS_JOINED = "records_joined", _("two records of one person were joined")
    TOLD_LEADER = "told_leader", _("told the building leader")
    ROTA_CHANGED = "rota_changed", _("the rota was rearranged")  # no promise covers the day any more
    SAID_LATE = "said_late", _("said after the deadline that they cannot come")
    SWAPPED = "swapped", _("the turn was given to another")


class Mover(Enum):
    """Who or what moves a sign-up on."""

    BOOKER = "the person, a guardian or whoever booked; or staff at their word"
    QUEUE = "seats that became free"
    CONSENT = "a guardian's yes, given or taken back, or a change of what it was given to"
    CLOCK = "a deadline that passed"
    STAFF = "staff, a team's leader, or whoever notes how a rota's morning went"


def _moves(*movers: Mover, to: list[SignUpStatus]) -> dict[str, frozenset[Mover]]:
    return {str(status): frozenset(movers) for status in to}


_ended_by_hand = _moves(Mover.BOOKER, Mover.STAFF, to=[SignUpStatus.CANCELLED])
_noted = _moves(Mover.STAFF, to=[SignUpStatus.ATTENDED, SignUpStatus.ABSENT])

#: {from: {to: who may}}; "" is a row not saved yet. A row that lapsed or was declined is never revived, a cancelled one
#: only when the joining of two records is undone.
TRANSITIONS: dict[str, dict[str, frozenset[Mover]]] = {
    "": {
        SignUpStatus.WAITING: frozenset({Mover.BOOKER}),
        SignUpStatus.CONFIRMED: frozenset({Mover.BOOKER}),
        SignUpStatus.CONSENT_PENDING: frozenset({Mover.BOOKER}),
    },
    SignUpStatus.WAITING: {
        **_moves(Mover.QUEUE, to=[SignUpStatus.OFFERED]),
        **_moves(Mover.QUEUE, Mover.BOOKER, to=COMING),  # the booker: when they come with fewer
        **_moves(Mover.BOOKER, to=[SignUpStatus.DECLINED]),
        **_ended_by_hand,
        **_noted,
    },
    SignUpStatus.OFFERED: {
        **_moves(Mover.BOOKER, to=[*COMING, SignUpStatus.DECLINED]),
        **_moves(Mover.CLOCK, to=[SignUpStatus.LAPSED]),
        **_ended_by_hand,
        **_noted,
    },
    SignUpStatus.CONSENT_PENDING: {
        **_moves(Mover.CONSENT, to=[SignUpStatus.CONFIRMED]),
        **_moves(Mover.CLOCK, to=[SignUpStatus.LAPSED]),
        **_ended_by_hand,
        **_noted,
    },
    SignUpStatus.CONFIRMED: {
        **_moves(Mover.CONSENT, to=[SignUpStatus.CONSENT_PENDING]),
        **_ended_by_hand,
        **_moves(Mover.STAFF, to=MARKED),
    },
    SignUpStatus.ATTENDED: {**_moves(Mover.STAFF, to=[SignUpStatus.ABSENT, SignUpStatus.EXCUSED]), **_ended_by_hand},
    SignUpStatus.ABSENT: {**_moves(Mover.STAFF, to=[SignUpStatus.ATTENDED, SignUpStatus.EXCUSED]), **_ended_by_hand},
    SignUpStatus.EXCUSED: {**_noted, **_ended_by_hand},
    SignUpStatus.CANCELLED: _moves(Mover.STAFF, to=LIVE),
    SignUpStatus.LAPSED: {},
    SignUpStatus.DECLINED: {},
}


def may_move(was: str, status: str, by: Mover) -> bool:
    """Staying is no move, and always allowed."""
    return was == status or by in TRANSITIONS[was].get(status, ())
