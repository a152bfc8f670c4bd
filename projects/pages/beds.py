"""The page of a bed, which its tag leads to: what grows here, how to care for it, who keeps it, what was done."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from people.media.pictures import shown
from portal import clock
from portal.dates import words_of_months
from projects.models import Adoption, Bed, Planting, UpkeepEntry, WallPanel

UPKEEP = 12
FORMER = 6


def line(planting: Planting, month: int) -> dict:
    """What the pages say of a planting."""
    plant = planting.plant
    return {
        "planting": planting,
        "plant": plant,
        "blooms": month in plant.show_months,
        "show": words_of_months(plant.show_months),
        "toxic": plant.toxic,
    }


def lines(plantings: Iterable[Planting], month: int) -> list[dict]:
    return [line(planting, month) for planting in plantings]


def details(bed: Bed) -> dict:
    """For ``projects/_bed.html``; four queries."""
    today = clock.today()
    rows = list(bed.plantings.select_related("plant", "donor").order_by("ended_on", "-planted_on", "pk")[: 24 + FORMER])
    upkeep: list[UpkeepEntry] = list(bed.upkeep.select_related("photo")[:UPKEEP])
    adoptions = list(Adoption.objects.on(today).filter(bed=bed))
    around = Bed.objects.select_related("wall_panel").annotate(keeping=Count("keepers")).get(pk=bed.pk)
    return {
        "standing": lines([row for row in rows if row.ended_on is None], today.month),
        "former": [row for row in rows if row.ended_on is not None][:FORMER],
        "upkeep": [{"entry": entry, "pic": shown(entry.photo)} for entry in upkeep],
        "panel": panel_above(bed, around.wall_panel),
        "adopted_by": [adoption.public_name for adoption in adoptions],
        "keepers": around.keeping,
        "accounts_are_public": bed.project.accounts_are_public_on(today),
        "size": size(bed),
        "flowers_url": reverse("projects:flowers", args=[bed.neighbourhood.slug, bed.project.slug]),
        "log_url": reverse("projects:upkeep", args=[bed.neighbourhood.slug, bed.code]),
    }


def panel_above(bed: Bed, panel: WallPanel | None) -> WallPanel | None:
    """Only where readers may see it; the wall's page of it is public or is none."""
    if panel is None or not panel.is_published:
        return None
    panel.neighbourhood = bed.neighbourhood
    return panel


def size(bed: Bed) -> str:
    if bed.length_m is None or bed.width_m is None:
        return ""
    return _("%(length)s m by %(width)s m") % {"length": plain(bed.length_m), "width": plain(bed.width_m)}


def plain(metres: Decimal) -> str:
    """4, 0.9."""
    return f"{Decimal(metres).normalize():f}"
