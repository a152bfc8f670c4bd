"""What fits where (G2): warnings that need a note, and what is refused whatever the note says. Reads rows, asks nothing."""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext as _

from portal.dates import words_of_months
from portal.words import listed
from projects.models import Bed, Plant, Season, SeasonPlan

#: A season's flowers go into the ground between the first of these months and the plan's day.
PLANTED_FROM = {Season.SPRING: 1, Season.SUMMER: 4, Season.AUTUMN: 7, Season.WINTER: 10}
SHOWN_IN = {
    Season.SPRING: (3, 4, 5),
    Season.SUMMER: (6, 7, 8),
    Season.AUTUMN: (9, 10, 11),
    Season.WINTER: (12, 1, 2),
}


def season_of(day: date) -> Season:
    """The season by the calendar in Shanghai: winter from December to February."""
    return next(season for season, months in SHOWN_IN.items() if day.month in months)


def months_of(plan: SeasonPlan) -> set[int]:
    """The months in which this plan's flowers are planted; empty without a day to plant by."""
    if plan.plant_by is None:
        return set()
    first = PLANTED_FROM[Season(plan.season)]
    length = (plan.plant_by.month - first) % 12
    return {(first - 1 + step) % 12 + 1 for step in range(length + 1)}


def poison(plant: Plant, beds: Iterable[Bed]) -> str:
    """Why ``plant`` may not stand in these beds at all (G2); "" where it may."""
    refused = [bed for bed in beds if bed.for_children]
    if not plant.toxic or not refused:
        return ""
    return _(
        "“%(plant)s” is toxic and must not stand in %(bed)s, a bed for children. Choose another bed, or another plant."
    ) % {"plant": plant.name, "bed": names(refused)}


def mismatches(plant: Plant, beds: Iterable[Bed], months: Collection[int]) -> list[str]:
    """What a gardener would warn of: the wrong month, the wrong light. Each needs a note (G2).

    months: those in which it would be planted; none: not known yet.
    """
    found = []
    if months and not set(plant.planting_months) & set(months):
        found.append(
            _("“%(plant)s” is planted in %(months)s.")
            % {"plant": plant.name, "months": words_of_months(plant.planting_months) or "–"}
        )
    dark = [bed for bed in beds if bed.light != plant.light]
    if dark:
        found.append(
            _("“%(plant)s” likes %(light)s; %(bed)s has %(has)s.")
            % {
                "plant": plant.name,
                "light": plant.get_light_display(),
                "bed": names(dark),
                "has": listed(dict.fromkeys(bed.get_light_display() for bed in dark)),
            }
        )
    return found


def names(beds: Iterable[Bed]) -> str:
    return listed(f"{bed.code} {bed.title}" for bed in beds)
