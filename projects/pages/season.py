"""What the page of a season plan says: each candidate with its warning, its votes, and how it did last time."""

from collections import defaultdict
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from activities.models import Activity, Status
from people.access.public_names import public_names
from people.access.viewer import Viewer
from portal import clock
from portal.dates import words_of_months
from portal.words import listed
from projects.models import Bed, PlantCandidate, Planting, SeasonPlan
from projects.operations import seasons
from projects.rules import fitting
from projects.rules.season_votes import outcome, vote_ended_at

Stand = SeasonPlan.Status
MOST = 300  # of the log that is read for it
LAST = 3  # earlier plantings told beside a candidate


def context(plan: SeasonPlan, viewer: Viewer, at: datetime) -> dict:
    """Everything but the form."""
    candidates = list(plan.candidates.with_votes().select_related("plant", "proposed_by").prefetch_related("beds"))
    earlier = earlier_plantings(plan, candidates)
    names = public_names([one.proposed_by for one in candidates if one.proposed_by], clock.local_date(at))
    members = seasons.voters(plan, at)
    ballots = list(plan.ballots.values_list("person", flat=True))
    open_ = plan.status == Stand.VOTING and (plan.vote_until is None or plan.vote_until > at)
    has_votes = plan.status != Stand.COLLECTING
    months = fitting.months_of(plan)
    shown = []
    for candidate in candidates:
        beds = list(candidate.beds.all())
        for bed in beds:
            bed.neighbourhood = plan.neighbourhood
        shown.append(
            {
                "candidate": candidate,
                "key": str(candidate.pk),
                "plant": candidate.plant,
                "beds": beds,
                "warnings": fitting.mismatches(candidate.plant, beds, months),
                "proposed_by": names.get(candidate.proposed_by_id or 0, ""),
                "show": words_of_months(candidate.plant.show_months),
                "planting": words_of_months(candidate.plant.planting_months),
                "votes": candidate.votes if has_votes else None,
                "last": last_time(candidate, beds, earlier),
                "cost": candidate.cost,
            }
        )
    is_decided = plan.status in {Stand.DECIDED, Stand.PLANTED}
    came = outcome(candidates, {one.pk for one in candidates if one.chosen} if is_decided else set())
    chosen = [one["cost"] for one in shown if one["candidate"].chosen]
    person = viewer.person
    is_member = person is not None and person.pk in members
    public = plan.project.accounts_are_public_on(clock.local_date(at))
    return {
        "tab": "projects",
        "plan": plan,
        "project": plan.project,
        "candidates": shown,
        "members": len(members),
        "voted_online": len(ballots),
        "is_open": open_,
        "has_votes": has_votes and bool(candidates),
        "is_member": is_member,
        "accounts_are_public": public,
        "tells_money": public or is_member or keeps(plan, viewer),
        "has_voted": person is not None and person.pk in ballots,
        "meeting": meeting_of(plan, viewer),
        "meeting_over": is_decided,
        "vote_ended": vote_ended_at(plan),
        "passed_over": listed(one.plant.name for one in came.passed_over),
        "equal": listed(one.plant.name for one in came.equal),
        "cost": sum(chosen) if chosen and None not in chosen else None,
        "plantings": planted(plan),
        "up_url": plan.project.get_absolute_url(),
        "flowers_url": reverse("projects:flowers", args=[plan.neighbourhood.slug, plan.project.slug]),
    }


def keeps(plan: SeasonPlan, viewer: Viewer) -> bool:
    """Whether the reader is staff of the plan, or of all projects."""
    grants = viewer.roles("projects.change_seasonplan")
    return viewer.has_perm("projects.change_project") or any(grant.team_id == plan.team_id for grant in grants)


def planted(plan: SeasonPlan) -> list[dict]:
    """The plan's lines of the planting log, along the wall."""
    rows = list(plan.plantings.select_related("bed", "plant", "donor").order_by("bed__order", "pk"))
    for row in rows:
        row.bed.neighbourhood = plan.neighbourhood
    return [{"row": row, "url": row.bed.get_absolute_url()} for row in rows]


def meeting_of(plan: SeasonPlan, viewer: Viewer) -> Activity | None:
    """The meeting that decides, for whoever may know of it."""
    if plan.decided_by_id is None:
        return None
    meeting = Activity.objects.visible_to(viewer).exclude(status=Status.DRAFT).filter(pk=plan.decided_by_id).first()
    if meeting is not None:
        meeting.neighbourhood = plan.neighbourhood
    return meeting


def earlier_plantings(plan: SeasonPlan, candidates: list[PlantCandidate]) -> dict[str, dict[int, list[Planting]]]:
    """What stood before in these beds, and where these plants stood; one query."""
    found: dict[str, dict[int, list[Planting]]] = {"bed": defaultdict(list), "plant": defaultdict(list)}
    if not candidates:
        return found
    beds = {bed.pk for one in candidates for bed in one.beds.all()}
    plants = {one.plant_id for one in candidates}
    rows = Planting.objects.filter(bed__neighbourhood=plan.neighbourhood_id).exclude(plan=plan)
    rows = rows.filter(Q(bed__in=beds) | Q(plant__in=plants)).select_related("bed", "plant")
    for row in rows.order_by("-planted_on", "pk")[:MOST]:
        found["bed"][row.bed_id].append(row)
        found["plant"][row.plant_id].append(row)
    return found


def last_time(candidate: PlantCandidate, beds: list[Bed], earlier: dict[str, dict[int, list[Planting]]]) -> dict:
    """``same``: how this plant did before; ``there``: what its beds hold now, or held last."""
    same = [row for row in earlier["plant"][candidate.plant_id] if row.outcome][:LAST]
    there = []
    for bed in beds:
        rows = earlier["bed"][bed.pk]
        standing = [row for row in rows if row.ended_on is None]
        there += [row for row in (standing or rows[:1]) if row not in same]
    return {"same": same, "there": there[: 2 * LAST]}
