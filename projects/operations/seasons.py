"""A season plan from its candidates to the decision: one vote for each member, online or by hand, counted once (G2).

Rules in docs/rules/garden.md. Every function decides under the plan's lock.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Activity, Status
from people.models import Person, TeamMembership
from portal import clock
from portal.dates import day_year, moment
from portal.refusals import Refusal
from portal.words import listed, money
from projects.models import Bed, Plant, PlantCandidate, SeasonBallot, SeasonPlan
from projects.rules import fitting
from projects.rules.season_votes import follows_the_vote, outcome, vote_ended_at

Stand = SeasonPlan.Status


def lock(plan: SeasonPlan) -> SeasonPlan:
    """The plan as it is now, held until the transaction ends."""
    return SeasonPlan.objects.select_for_update(no_key=True).get(pk=plan.pk)


def voters(plan: SeasonPlan, at: datetime) -> set[int]:
    """Ids of whoever has a vote at that moment: the team's members, its leader among them."""
    day = clock.local_date(at)
    members = set(TeamMembership.objects.on(day).filter(team=plan.team_id).values_list("person", flat=True))
    leader = Person.objects.filter(leads_teams=plan.team_id).values_list("pk", flat=True)
    return members | set(leader)


def check_candidate(plan: SeasonPlan, plant: Plant, beds: Collection[Bed], note: str) -> None:
    """G2: refuses what is toxic in a bed for children; a month or a light that does not fit needs a note."""
    if not beds:
        raise Refusal(_("Say in which bed “%(plant)s” would stand.") % {"plant": plant.name})
    if refused := fitting.poison(plant, beds):
        raise Refusal(refused)
    warnings = fitting.mismatches(plant, beds, fitting.months_of(plan))
    if warnings and not note.strip():
        raise Refusal(
            _("%(warning)s Write in the note what is done about it, or choose another.")
            % {"warning": " ".join(warnings)}
        )


def propose(
    plan: SeasonPlan,
    plant: Plant,
    beds: Collection[Bed],
    *,
    proposed_by: Person | None = None,
    unit_price=None,
    quantity: int | None = None,
    note: str = "",
) -> PlantCandidate:
    """Add a candidate while they are being collected."""
    with transaction.atomic():
        plan = lock(plan)
        if plan.status != Stand.COLLECTING:
            raise Refusal(
                _("The candidates stand since the vote was opened. Propose “%(plant)s” for the season after.")
                % {"plant": plant.name}
            )
        if plan.candidates.filter(plant=plant).exists():
            raise Refusal(_("“%(plant)s” is a candidate already; add the bed to that line.") % {"plant": plant.name})
        check_candidate(plan, plant, beds, note)
        candidate = PlantCandidate.objects.create(
            plan=plan,
            plant=plant,
            proposed_by=proposed_by,
            unit_price=plant.unit_price if unit_price is None else unit_price,
            quantity=quantity,
            note=note,
        )
        candidate.beds.set(beds)
    return candidate


def open_vote(plan: SeasonPlan, *, until: datetime, at: datetime) -> None:
    """From now on members vote online, until ``until``; a closed vote may be opened again while no hand was counted."""
    with transaction.atomic():
        plan = lock(plan)
        if plan.status == Stand.VOTING:
            raise Refusal(_("The vote is open already. Close it first to open it anew with another end."))
        if plan.status not in {Stand.COLLECTING, Stand.CLOSED} or plan.voters_in_room is not None:
            raise Refusal(_("The vote has been counted. Please put what else is to be planted into the next plan."))
        candidates = list(plan.candidates.select_related("plant").prefetch_related("beds"))
        if not candidates:
            raise Refusal(_("There is nothing to vote on yet. Add the candidates first."))
        if plan.plant_by is None or plan.budget is None:
            raise Refusal(_("Say first until when it has to be planted and what it may cost."))
        if until <= at:
            raise Refusal(_("The end of the vote has to lie ahead. Choose a later moment."))
        if not voters(plan, at):
            raise Refusal(_("The team has no members, so nobody could vote. Add its members first."))
        for candidate in candidates:
            check_candidate(plan, candidate.plant, list(candidate.beds.all()), candidate.note)
        plan.status, plan.vote_until, plan.closed_at = Stand.VOTING, until, None
        plan.save(update_fields=["status", "vote_until", "closed_at"])


def vote(plan: SeasonPlan, person: Person, candidates: Collection[PlantCandidate], *, at: datetime) -> SeasonBallot:
    """``person``'s one vote: a tick for each candidate they are for."""
    with transaction.atomic():
        plan = lock(plan)
        _refuse_when_closed(plan, at)
        if person.pk not in voters(plan, at):
            raise Refusal(
                _(
                    "In this vote the members of “%(team)s” decide. Come to the monthly meeting and propose a plant there."
                )
                % {"team": plan.team.name}
            )
        if found := SeasonBallot.objects.filter(plan=plan, person=person).first():
            raise Refusal(
                _("You voted on %(moment)s. To vote otherwise, take your vote back first.")
                % {"moment": moment(found.cast_at)}
            )
        chosen = [candidate.pk for candidate in candidates]
        if not chosen:
            raise Refusal(_("Tick at least one plant."))
        if plan.candidates.filter(pk__in=chosen).count() != len(set(chosen)):
            raise Refusal(_("One of these plants is not up for this season. Please look at the list once more."))
        ballot = SeasonBallot.objects.create(plan=plan, person=person, cast_at=at)
        ballot.candidates.set(chosen)
    return ballot


def _refuse_when_closed(plan: SeasonPlan, at: datetime) -> None:
    if plan.status == Stand.COLLECTING:
        raise Refusal(
            _(
                "The vote is not open yet: candidates are still being collected. "
                "Please propose a plant at the monthly meeting, and vote when it is open."
            )
        )
    if plan.status != Stand.VOTING or (plan.vote_until is not None and plan.vote_until <= at):
        raise Refusal(_("The online vote is closed. Whoever has not voted can raise a hand at the monthly meeting."))


def take_back_vote(plan: SeasonPlan, person: Person, *, at: datetime) -> None:
    """While the vote is open, so that one can vote otherwise or not at all."""
    with transaction.atomic():
        plan = lock(plan)
        _refuse_when_closed(plan, at)
        deleted, _rows = SeasonBallot.objects.filter(plan=plan, person=person).delete()
        if not deleted:
            raise Refusal(
                _("You have not voted yet, so there is nothing to take back. Tick what you are for and cast your vote.")
            )


def close_vote(plan: SeasonPlan) -> None:
    """Nobody votes online any more; what is left is counted by hand at the meeting."""
    with transaction.atomic():
        plan = lock(plan)
        if plan.status != Stand.VOTING:
            raise Refusal(_("The vote is not open, so it cannot be closed. Open it first."))
        plan.status, plan.closed_at = Stand.CLOSED, clock.now()
        plan.save(update_fields=["status", "closed_at"])


def count_hands(plan: SeasonPlan, hands: Mapping[int, int], *, voters_in_room: int, at: datetime) -> None:
    """Write down the meeting's raised hands: ``{candidate id: hands}``, each of somebody who had not voted online.

    So no candidate can have more votes than the team has members (G2).
    """
    with transaction.atomic():
        plan = lock(plan)
        if plan.status == Stand.VOTING:
            raise Refusal(_("Close the online vote first, so that nobody is counted twice."))
        if plan.status != Stand.CLOSED:
            raise Refusal(
                _(
                    "Hands are counted between the close of the vote and the decision. "
                    "Please open the vote first, or look at what was decided."
                )
            )
        members = voters(plan, at)
        left = len(members - set(plan.ballots.values_list("person", flat=True)))
        if voters_in_room > left:
            raise Refusal(
                ngettext(
                    "%(left)d member has not voted online, so no more can raise a hand. Count only those.",
                    "%(left)d members have not voted online, so no more can raise a hand. Count only those.",
                    left,
                )
                % {"left": left}
            )
        rows = list(plan.candidates.select_related("plant"))
        for candidate in rows:
            raised = hands.get(candidate.pk, 0)
            if raised > voters_in_room:
                raise Refusal(
                    _(
                        "“%(plant)s” has %(hands)d hands, but only %(room)d members in the room had not voted online."
                        " Do not count those who did."
                    )
                    % {"plant": candidate.plant.name, "hands": raised, "room": voters_in_room}
                )
        for candidate in rows:
            candidate.hands = hands.get(candidate.pk, 0)
            candidate.save(update_fields=["hands"])
        plan.voters_in_room = voters_in_room
        plan.save(update_fields=["voters_in_room"])


def decide(
    plan: SeasonPlan, chosen: Collection[PlantCandidate], *, meeting: Activity | None, at: datetime, reason: str = ""
) -> None:
    """What the meeting settled on: those with the most votes, within the budget; of equal ones whichever it chose.

    reason: why it chose otherwise than the votes, which residents read; without one that is refused.
    The numbers have to stand, or the cost could not be known.
    """
    with transaction.atomic():
        plan = lock(plan)
        if plan.status == Stand.VOTING:
            raise Refusal(_("Close the online vote first."))
        if plan.status != Stand.CLOSED:
            raise Refusal(_("Decided is only what was voted on. Open the vote first."))
        if plan.voters_in_room is None:
            raise Refusal(_("Count the raised hands first; if there were none, write 0."))
        meeting = _meeting_that_decided(plan, meeting, at)
        wanted = {one.pk for one in chosen}
        candidates = list(plan.candidates.with_votes().select_related("plant").prefetch_related("beds"))
        rows = [one for one in candidates if one.pk in wanted]
        if not rows:
            raise Refusal(_("Choose what is to be planted."), about="chosen")
        for candidate in rows:
            check_candidate(plan, candidate.plant, list(candidate.beds.all()), candidate.note)
        _refuse_over_budget(plan, rows)
        passed_over = outcome(candidates, {one.pk for one in rows}).passed_over
        if passed_over and not reason.strip():
            raise Refusal(
                _(
                    "%(plants)s had more votes than what is chosen. Choose by the votes, or say why the meeting chose"
                    " otherwise: residents read the reason."
                )
                % {"plants": listed(f"“{one.plant.name}” ({one.votes})" for one in passed_over)},
                about="reason",
            )
        plan.candidates.update(chosen=False)
        plan.candidates.filter(pk__in=[one.pk for one in rows]).update(chosen=True)
        plan.status, plan.decided_by = Stand.DECIDED, meeting
        plan.reason = reason.strip()[:200] if passed_over else ""
        plan.save(update_fields=["status", "decided_by", "reason"])


def _meeting_that_decided(plan: SeasonPlan, meeting: Activity | None, at: datetime) -> Activity:
    """Refuses one that did not take place, or not after the vote."""
    if meeting is None or meeting.neighbourhood_id != plan.neighbourhood_id:
        raise Refusal(_("Name the meeting that decided it."), about="meeting")
    if meeting.ends_at > at or meeting.status in {Status.CANCELLED, Status.DRAFT}:
        raise Refusal(
            _("“%(title)s” has not taken place yet. Please decide after it, or choose the meeting that decided.")
            % {"title": meeting.title},
            about="meeting",
        )
    if not follows_the_vote(meeting, plan):
        raise Refusal(
            _("“%(title)s” was on %(day)s, before the vote ended (%(moment)s). Please choose a meeting after it.")
            % {
                "title": meeting.title,
                "day": day_year(meeting.starts_at),
                "moment": moment(vote_ended_at(plan) or meeting.starts_at),
            },
            about="meeting",
        )
    return meeting


def take_back_decision(plan: SeasonPlan, *, reason: str) -> None:
    """Until something of it is planted the choice can be made anew; residents read why."""
    with transaction.atomic():
        if not reason.strip():
            raise Refusal(_("Please say what is corrected; the public page shows it."), about="reason")
        plan = lock(plan)
        if plan.status not in {Stand.DECIDED, Stand.PLANTED}:
            raise Refusal(_("Nothing is decided yet, so you need not take anything back."))
        if plan.plantings.exists():
            raise Refusal(
                _(
                    "What was chosen is being planted, so the choice stands. Please put what is to change into the next plan."
                )
            )
        plan.candidates.update(chosen=False)
        plan.status, plan.decided_by, plan.reason = Stand.CLOSED, None, ""
        plan.correction = reason.strip()[:200]
        plan.save(update_fields=["status", "decided_by", "reason", "correction"])


def _refuse_over_budget(plan: SeasonPlan, rows: list[PlantCandidate]) -> None:
    unknown = [row.plant.name for row in rows if row.cost is None]
    if unknown:
        raise Refusal(
            _("Say how many of %(plants)s and what one costs, so that the sum can be held against the budget.")
            % {"plants": listed(unknown)}
        )
    total = sum(row.cost for row in rows)
    if plan.budget is not None and total > plan.budget:
        raise Refusal(
            _(
                "Together this costs %(total)s yuan, %(over)s more than the budget of %(budget)s. Take fewer, or have the"
                " budget raised first."
            )
            % {"total": money(total), "over": money(total - plan.budget), "budget": money(plan.budget)}
        )


def planted_if_complete(plan: SeasonPlan) -> None:
    """Called under the plan's lock: with the last of what was chosen in the ground, the plan is planted."""
    wanted = set(plan.candidates.filter(chosen=True).values_list("plant", "beds"))
    done = set(plan.plantings.values_list("plant", "bed"))
    if plan.status == Stand.DECIDED and wanted and wanted <= done:
        plan.status = Stand.PLANTED
        plan.save(update_fields=["status"])
