"""The words a project is tagged with: kinds of governance (S43) and themes (S16)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Governance(models.TextChoices):
    SELF = "self_governance", _("self-governance")
    CO = "co_governance", _("co-governance")
    VIRTUE = "rule_of_virtue", _("rule of virtue")
    LAW = "rule_of_law", _("rule of law")


class Theme(models.TextChoices):
    LOW_CARBON_TRAVEL = "low_carbon_travel", _("low-carbon travel")
    WATER_SAVING = "water_saving", _("saving water")
    FLOWER_CARE = "flower_care", _("caring for flowers")
    WASTE_SORTING = "waste_sorting", _("sorting waste")
    ENERGY_SAVING = "energy_saving", _("saving electricity")
    CLEAN_PLATE = "clean_plate", _("clean plates")
    PET_MANNERS = "pet_manners", _("good pet manners")
    GOOD_NEIGHBOURS = "good_neighbours", _("good neighbours")
    CLEAN_AIR = "clean_air", _("clean air")
    TRAFFIC_SAFETY = "traffic_safety", _("safe streets")
    BIODIVERSITY = "biodiversity", _("small creatures")
    WARM_HOME = "warm_home", _("a warm home")
    COMMUNITY_HISTORY = "community_history", _("local history")


def validate_governance(value: object) -> None:
    if not isinstance(value, list) or not set(value) <= set(Governance.values):
        raise ValidationError(_("Choose from the groups listed."))


def validate_themes(value: object) -> None:
    if not isinstance(value, list) or not set(value) <= set(Theme.values):
        raise ValidationError(_("Choose from the groups listed."))
