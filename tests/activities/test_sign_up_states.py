"""The states of a sign-up: the sets they form, and that operations move rows only as the table declares."""

import contextlib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from model_bakery import baker

from activities.models import (
    COMING,
    ENDED,
    LIVE,
    MARKED,
    SEAT_HOLDING,
    SEAT_KEPT,
    TO_COME,
    Booking,
    Mover,
    SignUp,
    SignUpStatus,
    Status,
)
from activities.models.sign_up_states import TRANSITIONS
from activities.operations import attendance as sheets
from activities.operations import consents, lifecycle, merging, offers, queue, sign_ups
from portal.refusals import Refusal
from tests.conftest import NOW
from volunteers.operations import diary

LATER = NOW + timedelta(hours=1)
DECLARED = {(was, to, mover) for was, moves in TRANSITIONS.items() for to, movers in moves.items() for mover in movers}


def test_every_state_is_live_or_ended_and_the_smaller_sets_lie_in_the_larger():
    assert set(LIVE) | set(ENDED) == set(SignUpStatus)
    assert not set(LIVE) & set(ENDED)
    assert set(COMING) < set(SEAT_KEPT) < set(TO_COME)
    assert set(TO_COME) | set(MARKED) == set(LIVE)
    assert set(LIVE) - set(SEAT_HOLDING) == {SignUpStatus.WAITING, SignUpStatus.EXCUSED}
    assert set(TRANSITIONS) == {"", *SignUpStatus}


@pytest.mark.parametrize(
    ("was", "to", "by"), [("declined", "confirmed", Mover.STAFF), ("waiting", "confirmed", Mover.CLOCK)]
)
def test_a_move_that_is_not_declared_is_refused(was, to, by):
    row = SignUp(status=was)
    with pytest.raises(ValueError, match="cannot become"):
        row.move_to(to, by=by)
    assert row.status == was


# --- every operation, tried on rows of every state ---


class Party:
    """A booking of one adult and one child of 15, without a guardian's consent, both in the same state."""

    def __init__(self, activity, adult, child, clerk, status: str) -> None:
        self.activity, self.adult, self.child, self.clerk = activity, adult, child, clerk
        self.booking = baker.make(
            Booking,
            activity=activity,
            sequence=1,
            made_by=adult,
            made_at=NOW,
            offered_at=NOW,
            offer_until=LATER + timedelta(hours=1),
            asked_fewer_at=NOW,
        )
        self.rows = [
            baker.make(SignUp, booking=self.booking, activity=activity, person=one, status=status, consent_until=LATER)
            for one in (adult, child)
        ]

    @property
    def live(self):
        return [row for row in self.rows if row.is_live]

    @property
    def over(self):
        return self.activity.ends_at + timedelta(hours=1)


def withdrawn(party):
    sign_ups.withdraw(party.rows, at=LATER, by=party.adult)


def called_off(party):
    lifecycle.cancel(party.activity, at=LATER, by=party.clerk, reason="寒潮")


def attendance(party):
    for mark in MARKED:
        with transaction.atomic():
            marks = dict.fromkeys([party.adult.pk, party.child.pk], mark)
            sheets.record_attendance(party.activity, marks, at=party.over, by=party.clerk)
            transaction.set_rollback(True)


def came_to_their_turn(party):
    diary._mark(party.live, {party.adult.pk, party.child.pk}, party.clerk)


def stayed_away_from_their_turn(party):
    diary._mark(party.live, set(), party.clerk)


def both_take_the_seats(party):
    offers.accept(party.booking, at=LATER, by=party.adult)


def one_takes_a_seat(party):
    offers.accept(party.booking, at=LATER, by=party.adult, people=[party.adult])


def declined(party):
    offers.decline(party.booking, at=LATER, by=party.adult)


def time_passed(party):
    offers.lapse(party.activity, at=party.over)


def seats_became_free(party):
    queue.fill_seats(party.activity.pk, LATER)


def seats_became_free_and_they_are_asked(party):
    type(party.activity).objects.filter(pk=party.activity.pk).update(promotion="offer")
    queue.fill_seats(party.activity.pk, LATER)


def the_guardian_agrees(party):
    consents.give_consent(party.rows[1], party.child.guardianships_as_child.get().guardian, at=LATER)


def the_consent_counts_no_more(party):
    consents.hold_without_consent(party.activity, at=LATER)


def a_joining_undone(party):
    if party.rows[0].status != SignUpStatus.CANCELLED:
        return  # joining cancelled one of the two, and nothing moves a cancelled row but this
    for merged_at, at in ((NOW, LATER), (party.over, party.over)):
        for status in LIVE:
            with transaction.atomic():
                log = {"seats": [[row.pk, status] for row in party.rows]}
                merging.give_back(SimpleNamespace(log=log, merged_at=merged_at), at)
                transaction.set_rollback(True)


def signed_up_anew(party):
    party.activity.sign_ups.all().delete()
    sign_ups.sign_up(party.activity, [party.adult, party.child], made_by=party.adult, at=LATER, channel="phone")


def signed_up_where_all_is_taken(party):
    type(party.activity).objects.filter(pk=party.activity.pk).update(capacity=1)
    signed_up_anew(party)


OPERATIONS = [
    withdrawn,
    called_off,
    attendance,
    came_to_their_turn,
    stayed_away_from_their_turn,
    both_take_the_seats,
    one_takes_a_seat,
    declined,
    time_passed,
    seats_became_free,
    seats_became_free_and_they_are_asked,
    the_guardian_agrees,
    the_consent_counts_no_more,
    a_joining_undone,
    signed_up_anew,
    signed_up_where_all_is_taken,
]


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_the_operations_make_every_declared_move_and_no_other(make_activity, make_person, make_child, monkeypatch):
    """Undeclared moves raise; what is declared and made by none of them would be a line that nobody needs."""
    made: set[tuple[str, str, Mover]] = set()
    move_to = SignUp.move_to

    def noted(row, status, *, by):
        was = row.status
        move_to(row, status, by=by)
        if status != was:
            made.add((was, str(status), by))

    monkeypatch.setattr(SignUp, "move_to", noted)
    activity = make_activity(minors="14_and_over", capacity=5, starts_at=NOW + timedelta(days=5))
    assert activity.status == Status.PUBLISHED
    mother = make_person()
    adult, child, clerk = make_person(user=True), make_child(mother, 15), make_person(user=True).user
    for status in SignUpStatus:
        for operation in OPERATIONS:
            with transaction.atomic():
                with contextlib.suppress(Refusal):  # where it is no move at all
                    operation(Party(activity, adult, child, clerk, status))
                transaction.set_rollback(True)
    assert sorted(map(str, DECLARED - made)) == []
    assert made <= DECLARED
