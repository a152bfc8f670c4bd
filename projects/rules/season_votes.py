"""G2: the vote decides what is planted; the meeting may choose otherwise with a reason, and settles what has equal votes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from activities.models import Activity
from projects.models import SeasonPlan


@dataclass(frozen=True)
class Outcome:
    """``passed_over``: candidates with more votes than one that was chosen. ``equal``: left, with the votes of the last chosen."""

    passed_over: list[Any]
    equal: list[Any]


def outcome(candidates: Iterable[Any], chosen: Collection[int]) -> Outcome:
    """candidates: all of the plan with ``votes``; chosen: ids. However many are chosen, they are those with the most votes."""
    rows = sorted(candidates, key=lambda one: (-one.votes, one.pk))
    least = min((one.votes for one in rows if one.pk in chosen), default=None)
    left = [one for one in rows if one.pk not in chosen]
    if least is None:
        return Outcome([], [])
    return Outcome([one for one in left if one.votes > least], [one for one in left if one.votes == least])


def vote_ended_at(plan: SeasonPlan) -> datetime | None:
    """When the last vote could be cast online; None for a plan of which nobody knows."""
    known = [one for one in (plan.closed_at, plan.vote_until) if one is not None]
    return min(known, default=None)


def follows_the_vote(meeting: Activity, plan: SeasonPlan) -> bool:
    """Whether the meeting came after the vote: it began after its end, or the vote was closed by hand while it ran."""
    if plan.closed_at is not None and meeting.starts_at <= plan.closed_at < meeting.ends_at:
        return True
    ended = vote_ended_at(plan)
    return ended is None or meeting.starts_at >= ended
