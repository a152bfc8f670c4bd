"""Two at once at a season's vote: nobody twice, and nobody after the hands were counted (G2). With a negative control."""

import time

import pytest
from django.db import connection

from portal.refusals import Refusal
from projects.models import SeasonBallot, SeasonPlan
from projects.operations import seasons
from tests.conftest import NOW
from tests.parallel import at_once
from tests.projects.garden import *  # noqa: F403
from tests.projects.garden import members, open_vote

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pink(plan, make_plant, make_bed):
    candidate = seasons.propose(plan, make_plant(), [make_bed()])
    open_vote(plan)
    return candidate


def test_two_taps_are_one_vote(plan, team, pink):
    results = at_once(*[lambda: seasons.vote(plan, team.leader, [pink], at=NOW)] * 4)

    assert sorted(type(result).__name__ for result in results) == ["Refusal"] * 3 + ["SeasonBallot"]
    assert SeasonBallot.objects.count() == 1


def count_all_hands(plan, pink):
    """The meeting: close, and everybody who had not voted by then raises a hand."""
    seasons.close_vote(plan)
    left = len(seasons.voters(plan, NOW)) - plan.ballots.count()
    seasons.count_hands(plan, {pink.pk: left}, voters_in_room=left, at=NOW)


def storm(plan, team, pink):
    jobs = [lambda person=person: seasons.vote(plan, person, [pink], at=NOW) for person in members(team)]
    return at_once(*jobs, lambda: count_all_hands(plan, pink))


@pytest.mark.parametrize("round_", range(3))
def test_votes_and_hands_never_pass_the_members(plan, team, pink, round_):
    results = storm(plan, team, pink)

    assert [result for result in results if isinstance(result, Exception) and not isinstance(result, Refusal)] == []
    assert plan.candidates.with_votes().get().votes == 4


def test_the_negative_control_fails_without_the_lock(plan, team, pink, monkeypatch):
    """The same with the lock taken out must not come out right, or the test above proves nothing."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no row locks to take out: there the transaction itself is the lock.")
    asked = seasons._refuse_when_closed

    def slow(plan, at):
        asked(plan, at)
        time.sleep(0.4)  # widens the gap between reading and writing that the lock closes

    monkeypatch.setattr(seasons, "lock", lambda plan: SeasonPlan.objects.get(pk=plan.pk))
    monkeypatch.setattr(seasons, "_refuse_when_closed", slow)
    jobs = [lambda person=person: seasons.vote(plan, person, [pink], at=NOW) for person in members(team)]

    def meeting():
        time.sleep(0.1)
        count_all_hands(plan, pink)

    at_once(*jobs, meeting)

    assert plan.candidates.with_votes().get().votes > 4
