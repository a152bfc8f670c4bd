"""The planting log, the upkeep log and the adoptions: what stands in a bed, who did what, whose name is on the card."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import Family, PartnerUnit, Person, TeamMembership, User
from people.operations import photos
from portal import clock
from portal.dates import day_long
from portal.files import Picture
from portal.refusals import Refusal
from projects.models import Adoption, Bed, Plant, Planting, SeasonPlan, UpkeepEntry
from projects.operations import seasons
from projects.rules import fitting


def check_planting(bed: Bed, plant: Plant, on: date, note: str) -> None:
    """G2, by the day on which it is planted."""
    if refused := fitting.poison(plant, [bed]):
        raise Refusal(refused)
    warnings = fitting.mismatches(plant, [bed], {on.month})
    if warnings and not note.strip():
        raise Refusal(
            _("%(warning)s Write in the note what is done about it, or choose another.")
            % {"warning": " ".join(warnings)}
        )


def check_for_children(bed: Bed) -> None:
    """G2: a bed where something toxic stands does not become one for children before that is out."""
    for planting in bed.plantings.standing().filter(plant__toxic=True).select_related("plant"):
        raise Refusal(
            _("“%(plant)s” stands here and is toxic. Take it out first and enter that in the planting log.")
            % {"plant": planting.plant.name}
        )


def poisoned_beds(plant: Plant) -> list[Bed]:
    """Beds for children in which ``plant`` stands now, where it is toxic."""
    if not plant.toxic:
        return []
    standing = Planting.objects.standing().filter(plant=plant)
    return list(Bed.objects.filter(for_children=True, pk__in=standing.values("bed")))


def record_planting(
    bed: Bed,
    plant: Plant,
    *,
    quantity: int,
    on: date,
    plan: SeasonPlan | None = None,
    donor: PartnerUnit | None = None,
    condition: str = "",
    note: str = "",
) -> Planting:
    """A line of the planting log. With the last of what a plan chose, the plan is planted."""
    with transaction.atomic():
        if on > clock.today():
            raise Refusal(
                _("The log tells what was done, and this day has not come yet. Please enter today or an earlier day.")
            )
        if plant.neighbourhood_id != bed.neighbourhood_id:
            raise Refusal(
                _(
                    "This plant stands in another residential area's list. Please choose one of your own, or add it there."
                )
            )
        if plan is not None:
            plan = seasons.lock(plan)
            if plan.status not in {SeasonPlan.Status.DECIDED, SeasonPlan.Status.PLANTED}:
                raise Refusal(_("This season has not been decided yet. Decide it first, or log it without a plan."))
        check_planting(bed, plant, on, note)
        planting = Planting.objects.create(
            bed=bed,
            plant=plant,
            plan=plan,
            quantity=quantity,
            planted_on=on,
            donor=donor,
            condition=condition,
            note=note,
        )
        if plan is not None:
            seasons.planted_if_complete(plan)
    return planting


def end_planting(planting: Planting, *, on: date, outcome: str, note: str = "") -> None:
    """Taken out; how it did stands beside the next choice of the same plant."""
    with transaction.atomic():
        planting = Planting.objects.select_for_update(no_key=True).get(pk=planting.pk)
        if planting.ended_on is not None:
            raise Refusal(
                _("It was taken out on %(day)s already. If it was planted again, please enter a new line.")
                % {"day": day_long(planting.ended_on)}
            )
        if on < planting.planted_on or on > clock.today():
            raise Refusal(
                _("It was planted on %(day)s. Please enter a day between then and today.")
                % {"day": day_long(planting.planted_on)}
            )
        if outcome not in Planting.Outcome.values:
            raise Refusal(_("Say how it did: the next season is chosen by it."))
        planting.ended_on, planting.outcome, planting.outcome_note = on, outcome, note
        planting.save(update_fields=["ended_on", "outcome", "outcome_note"])


def keeps(bed: Bed, person: Person, day: date) -> bool:
    """Whether ``person`` may write into the bed's upkeep log: its keepers, the team that leads the project, who adopted it."""
    if bed.keepers.filter(pk=person.pk).exists():
        return True
    if Adoption.objects.on(day).filter(bed=bed, family__members=person).exists():
        return True
    team = bed.project.lead_team_id
    return team is not None and TeamMembership.objects.on(day).filter(team=team, person=person).exists()


def log_upkeep(
    bed: Bed,
    *,
    work: str,
    on: date,
    by: Person | None,
    at: datetime,
    text: str = "",
    picture: Picture | None = None,
    alt: str = "",
    added_by: User | None = None,
) -> UpkeepEntry:
    """What was done at a bed. A photo waits until staff publish it, which needs everybody's consent in it (V5)."""
    with transaction.atomic():
        if by is not None and not keeps(bed, by, clock.local_date(at)):
            raise Refusal(
                _(
                    "This bed is looked after by its keepers and the team. If you would like to join them, ask at the committee."
                )
            )
        if on > clock.local_date(at):
            raise Refusal(
                _("The log tells what was done, and this day has not come yet. Please enter today or an earlier day.")
            )
        if picture is not None and not alt.strip():
            raise Refusal(_("Please write what can be seen, for those who cannot see the picture."))
        photo = None
        if picture is not None:
            photo = photos.add_photo(picture, neighbourhood=bed.neighbourhood, alt=alt, taken_on=on, by=added_by)
        return UpkeepEntry.objects.create(
            bed=bed, work=work, done_on=on, text=text, by=by, photo=photo, added_at=at, added_by=added_by
        )


def adopt(
    bed: Bed,
    family: Family,
    *,
    since: date,
    until: date | None,
    card_name: str = "",
    agreed_by: Person | None = None,
    agreed_on: date | None = None,
) -> Adoption:
    """A family takes a bed. Its name stands on the public card only with an adult member's consent to just that (V5, V6)."""
    with transaction.atomic():
        if family.neighbourhood_id != bed.neighbourhood_id:
            raise Refusal(_("This family belongs to another residential area. Please choose a family of this one."))
        check_card(family, card_name, agreed_by, agreed_on)
        Family.objects.select_for_update(no_key=True).get(pk=family.pk)
        refuse_twice(since, until, Adoption.objects.filter(bed=bed, family=family))
        return Adoption.objects.create(
            bed=bed,
            family=family,
            since=since,
            until=until,
            card_name=card_name,
            agreed_by=agreed_by,
            agreed_on=agreed_on,
        )


def refuse_twice(since: date, until: date | None, others: Iterable[Adoption]) -> None:
    """A family looks after a bed once at a time; ``others``: its other lines of the same bed."""
    for one in others:
        if one.since <= (until or date.max) and since <= (one.until or date.max):
            raise Refusal(
                _("This family has this bed from %(day)s on already. Please change that line, or choose other days.")
                % {"day": day_long(one.since)}
            )


def check_card(family: Family, card_name: str, agreed_by: Person | None, agreed_on: date | None) -> None:
    """Refuse a consent to the name on an adoption's card that lacks its day or is not given by an adult of the family."""
    if (agreed_by is None) != (agreed_on is None):
        raise Refusal(_("Say who agreed to the name on the card, and when."))
    if agreed_by is None or agreed_on is None:
        return
    if agreed_on > clock.today():
        raise Refusal(_("That day has not come yet. Please enter it when it has."))
    if not card_name:
        raise Refusal(_("There is no name on the card to agree to. Please write the name, or leave the consent empty."))
    if not agreed_by.is_adult_on(agreed_on) or not family.members.filter(pk=agreed_by.pk).exists():
        raise Refusal(_("Only an adult of the family can agree to its name on the card. Please ask one of them."))
