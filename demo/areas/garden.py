"""The beds below the wall: what grows there, the season plans with their votes, who adopted a bed."""

from datetime import timedelta
from decimal import Decimal

from activities.models import Activity
from demo.context import Loading, day, maybe_day
from demo.illustrations import illustrate
from demo.source import Row
from people.models import Consent
from people.rules.consent import has
from projects.models import (
    Adoption,
    Bed,
    Light,
    PiecePhoto,
    Plant,
    PlantCandidate,
    Planting,
    SeasonBallot,
    SeasonPlan,
)
from projects.operations.gardening import check_planting
from projects.operations.seasons import check_candidate

LIGHT = {"全日照": Light.FULL_SUN, "半日照": Light.HALF_SHADE, "散射光": Light.DIFFUSE}
KIND = {
    "草花": Plant.Kind.FLOWER,
    "二年生草花": Plant.Kind.BIENNIAL,
    "观叶草花": Plant.Kind.FOLIAGE,
    "球根": Plant.Kind.BULB,
    "宿根": Plant.Kind.PERENNIAL,
    "灌木": Plant.Kind.SHRUB,
    "地被": Plant.Kind.GROUND_COVER,
}
PROJECT = "pj_green"
NOMINATED = "fm2"  # the meeting that put the candidates up, and the one that decides
DECIDES = "fm3"


def load(demo: Loading) -> None:
    for number, row in enumerate(demo.rows("garden", "beds"), start=1):
        load_bed(demo, row, number)
    demo.plants = demo.keep_each("garden", "plants", lambda row: plant_of(demo, row))
    plans = [load_plan(demo, row) for row in demo.rows("garden", "seasonal_plans")]
    planted = next(plan for plan in plans if plan.status == SeasonPlan.Status.PLANTED)
    for row in demo.rows("garden", "plantings"):
        bed, plant = demo.beds[row["bed"]], demo.plants[row["plant"]]
        check_planting(bed, plant, day(row["planted"]), planted.note)
        demo.keep(
            Planting(
                bed=bed,
                plant=plant,
                plan=planted,
                quantity=row["quantity"],
                planted_on=day(row["planted"]),
                donor=demo.units[row["donor"]] if row["donor"] else None,
                condition=row["condition"],
                note=planted.note,
            )
        )
    for row in demo.rows("garden", "beds"):
        draw_bed(demo, row)
    for row in demo.rows("garden", "adoptions"):
        load_adoption(demo, row)


def load_bed(demo: Loading, row: Row, order: int) -> None:
    bed = demo.keep(
        Bed(
            neighbourhood=demo.neighbourhood,
            project=demo.projects[PROJECT],
            code=row["code"],
            title=row["name"],
            order=order,
            x=row["x"],
            y=row["y"],
            length_m=Decimal(str(row["length_m"])),
            width_m=Decimal(str(row["width_m"])),
            light=LIGHT[row["light"]],
            wall_panel=demo.panels[row["wall_panel"]],
            for_children=row.get("for_children", False),
            note=row.get("note", ""),
            is_published=True,
        )
    )
    bed.keepers.set(demo.people[key] for key in row["keepers"])
    demo.beds[row["id"]] = bed


def draw_bed(demo: Loading, row: Row) -> None:
    """As it looks this winter."""
    there = [one for one in demo.section("garden", "plantings") if one["bed"] == row["id"]]
    names = "、".join(demo.plants[one["plant"]].name for one in there)
    planted = day(there[0]["planted"])
    alt = f"冬天的{row['name']}：{names}"
    photo = illustrate(demo.neighbourhood, "bed", row["id"], alt=alt, taken_on=planted)
    demo.keep(PiecePhoto(piece=demo.beds[row["id"]], photo=photo, role=PiecePhoto.Role.AFTER))


def plant_of(demo: Loading, row: Row) -> Plant:
    return Plant(
        neighbourhood=demo.neighbourhood,
        name=row["name"],
        latin=row["latin"],
        kind=KIND[row["kind"]],
        planting_months=row["plant"],
        show_months=row["show"],
        light=LIGHT[row["light"]],
        care=row["care"],
        toxic=row["toxic"],
    )


def load_plan(demo: Loading, row: Row) -> SeasonPlan:
    voting = row["status"] == SeasonPlan.Status.VOTING
    meeting: Activity | None = demo.meetings[DECIDES] if voting else demo.deliberations.get(row.get("decided_at", ""))
    plan = demo.keep(
        SeasonPlan(
            neighbourhood=demo.neighbourhood,
            project=demo.projects[PROJECT],
            team=demo.teams[demo.section("garden", "team")["ref"]],
            season=row["season"],
            year=row["year"],
            status=row["status"],
            plant_by=maybe_day(row.get("plant_by")),
            budget=Decimal(str(row["budget"])) if "budget" in row else None,
            vote_until=meeting.starts_at if voting and meeting else None,
            decided_by=meeting,
            note=row.get("warn", ""),
        )
    )
    candidates = {}
    for one in row.get("candidates", []):
        plant, beds = demo.plants[one["plant"]], [demo.beds[key] for key in one["beds"]]
        check_candidate(plan, plant, beds, one.get("warn", ""))
        candidate = demo.keep(
            PlantCandidate(
                plan=plan,
                plant=plant,
                proposed_by=demo.person(one["proposed_by"]),
                unit_price=Decimal(str(one["unit_price"])),
                note=one.get("warn", ""),
            )
        )
        candidate.beds.set(beds)
        candidates[candidate] = one["votes"]
    if candidates:
        load_votes(demo, plan, candidates)
    return plan


def load_votes(demo: Loading, plan: SeasonPlan, candidates: dict[PlantCandidate, int]) -> None:
    """The files tell totals, not who voted for what: members in the team's order, whoever has an account last.

    One more evening for each, from the meeting that put the candidates up.
    """
    members = demo.section("garden", "team")["members"]
    in_order = sorted(members, key=lambda key: key in demo.users)[: max(candidates.values())]
    opened = demo.meetings[NOMINATED].ends_at
    for number, key in enumerate(in_order):
        ballot = demo.keep(
            SeasonBallot(plan=plan, person=demo.people[key], cast_at=opened + timedelta(days=number, hours=10))
        )
        ballot.candidates.set(candidate for candidate, votes in candidates.items() if number < votes)


def load_adoption(demo: Loading, row: Row) -> None:
    """The card's name holds the child's nickname: whoever agreed to that one agreed to the card."""
    family = demo.families[row["family"]]
    members = list(family.members.all())
    today = demo.at.date()
    adult = next(person for person in members if person.is_adult_on(today))
    child = next((person for person in members if person != adult), adult)
    agreed = has(child, Consent.Purpose.NICKNAME, today)
    demo.keep(
        Adoption(
            bed=demo.beds[row["bed"]],
            family=family,
            since=day(row["from"]),
            until=day(row["to"]),
            card_name=row["card_name"],
            agreed_by=adult if agreed else None,
            agreed_on=day(row["from"]) if agreed else None,
        )
    )
