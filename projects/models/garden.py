"""The flower beds below the wall: beds, the catalogue of plants, what stands where, who adopted a bed, who did what."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.access.viewer import Viewer
from people.models import Family, Neighbourhood, PartnerUnit, Person, Photo, User
from projects.models.piece import Piece
from projects.models.wall import WallPanel


class Season(models.TextChoices):
    SPRING = "spring", _("spring")
    SUMMER = "summer", _("summer")
    AUTUMN = "autumn", _("autumn")
    WINTER = "winter", _("winter")


class Light(models.TextChoices):
    FULL_SUN = "full_sun", _("full sun")
    HALF_SHADE = "half_shade", _("half shade")
    DIFFUSE = "diffuse", _("no direct sun")


def validate_months(value: object) -> None:
    if not isinstance(value, list) or any(type(month) is not int or not 1 <= month <= 12 for month in value):
        raise ValidationError(_("Please give the months as numbers from 1 to 12."))


class Bed(Piece):
    """``for_children``: nothing toxic is planted here (G2). ``keepers`` look after it; in public they are named by V6."""

    length_m = models.DecimalField(_("length, m"), max_digits=5, decimal_places=1, null=True, blank=True)
    width_m = models.DecimalField(_("width, m"), max_digits=4, decimal_places=1, null=True, blank=True)
    light = models.CharField(_("light"), max_length=10, choices=Light.choices, default=Light.FULL_SUN)
    wall_panel = models.ForeignKey(
        WallPanel, models.SET_NULL, null=True, blank=True, related_name="beds", verbose_name=_("panel above it")
    )
    keepers = models.ManyToManyField(Person, blank=True, related_name="keeps_beds", verbose_name=_("keepers"))
    for_children = models.BooleanField(
        _("a bed for children"), default=False, help_text=_("Nothing toxic may be planted here.")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("bed")
        verbose_name_plural = _("beds")


class Plant(models.Model):
    """One of the neighbourhood's plants. Each keeps its own catalogue: what is toxic here is nobody else's to change."""

    class Kind(models.TextChoices):
        FLOWER = "flower", _("bedding flower")
        BIENNIAL = "biennial", _("biennial flower")
        FOLIAGE = "foliage", _("foliage plant")
        BULB = "bulb", _("bulb")
        PERENNIAL = "perennial", _("perennial")
        SHRUB = "shrub", _("shrub")
        GROUND_COVER = "ground_cover", _("ground cover")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="plants", verbose_name=_("residential area")
    )
    name = models.CharField(_("name"), max_length=40)
    latin = models.CharField(_("botanical name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    planting_months = models.JSONField(_("planted in"), default=list, validators=[validate_months])
    show_months = models.JSONField(_("worth seeing in"), default=list, validators=[validate_months])
    light = models.CharField(_("light"), max_length=10, choices=Light.choices)
    care = models.CharField(_("care"), max_length=120, blank=True)
    toxic = models.BooleanField(_("toxic"), default=False, help_text=_("Toxic when eaten, or its sap irritates."))
    unit_price = models.DecimalField(
        _("price of one, yuan"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )

    class Meta:
        verbose_name = _("plant")
        verbose_name_plural = _("plants")
        ordering = ["neighbourhood", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "name"],
                name="plant_name_unique",
                violation_error_message=_(
                    "This plant stands in the list already. Please change that line, or choose another name."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name


class PlantingQuerySet(models.QuerySet["Planting"]):
    def visible_to(self, viewer: Viewer):
        """What stands in beds that the reader may see."""
        return self.filter(bed__in=Bed.objects.visible_to(viewer).order_by().values("pk"))

    def standing(self):
        return self.filter(ended_on=None)


class Planting(models.Model):
    """A plant in a bed from one day to another: the planting log. ``note``: why it was planted against a warning (G2)."""

    class Outcome(models.TextChoices):
        GOOD = "good", _("did well")
        FAIR = "fair", _("so-so")
        POOR = "poor", _("did not do well")

    bed = models.ForeignKey(Bed, models.PROTECT, related_name="plantings", verbose_name=_("bed"))
    plant = models.ForeignKey(Plant, models.PROTECT, related_name="plantings", verbose_name=_("plant"))
    plan = models.ForeignKey(
        "projects.SeasonPlan",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="plantings",
        verbose_name=_("season plan"),
    )
    quantity = models.PositiveIntegerField(_("how many"), validators=[MinValueValidator(1)])
    planted_on = models.DateField(_("planted on"))
    donor = models.ForeignKey(
        PartnerUnit,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("of a donation", "given by"),
    )
    condition = models.CharField(_("how it stands"), max_length=80, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    ended_on = models.DateField(_("taken out on"), null=True, blank=True)
    outcome = models.CharField(_("how it did"), max_length=4, choices=Outcome.choices, blank=True)
    outcome_note = models.CharField(_("what we learnt"), max_length=200, blank=True)

    objects = PlantingQuerySet.as_manager()

    class Meta:
        verbose_name = _("planting")
        verbose_name_plural = _("planting log")
        ordering = ["-planted_on", "bed", "pk"]
        indexes = [models.Index(fields=["bed", "ended_on"], name="planting_standing")]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="planting_of_something"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("planted_on")), name="planting_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plant} × {self.quantity}"


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    def on(self, day: date):
        return self.filter(Q(since__lte=day), Q(until=None) | Q(until__gte=day))


class Adoption(models.Model):
    """A family looks after a bed for a while. The card's name is public only while somebody has agreed to it (V5, V6)."""

    bed = models.ForeignKey(Bed, models.CASCADE, related_name="adoptions", verbose_name=_("bed"))
    family = models.ForeignKey(Family, models.CASCADE, related_name="adoptions", verbose_name=_("family"))
    card_name = models.CharField(
        _("name on the card"), max_length=30, blank=True, help_text=_("As the family wants to be called.")
    )
    agreed_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("name agreed to by")
    )
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day."))

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("adoption")
        verbose_name_plural = _("adoptions")
        ordering = ["bed", "since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="adoption_ends_after_it_began",
                violation_error_message=_("The last day must not lie before the first. Please correct one of the two."),
            ),
            models.UniqueConstraint(fields=["bed", "family", "since"], name="adoption_once"),
        ]

    def __str__(self) -> str:
        return self.card_name or str(_("a family"))

    @property
    def public_name(self) -> str:
        """The card's name where somebody agreed to it, else "a family"."""
        agreed = self.agreed_by_id is not None and self.agreed_on is not None
        return self.card_name if agreed and self.card_name else str(_("a family"))


class UpkeepEntry(models.Model):
    """What was done at a bed on a day. Its photo is shown once it is published (V5)."""

    class Work(models.TextChoices):
        WATERED = "watered", _("watered")
        TRIMMED = "trimmed", _("dead flowers cut")
        WEEDED = "weeded", _("weeded and swept")
        REPLACED = "replaced", _("replaced what was missing")
        COVERED = "covered", _("protected from frost")
        PEST = "pest", _("against pests")
        OTHER = "other", _("something else")

    bed = models.ForeignKey(Bed, models.CASCADE, related_name="upkeep", verbose_name=_("bed"))
    done_on = models.DateField(_("done on"))
    work = models.CharField(_("what was done"), max_length=8, choices=Work.choices)
    text = models.CharField(_("in a few words"), max_length=200, blank=True)
    photo = models.ForeignKey(Photo, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("photo"))
    by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("done by"))
    added_at = models.DateTimeField(_("entered at"), editable=False)
    added_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name=_("entered by")
    )

    class Meta:
        verbose_name = _("upkeep")
        verbose_name_plural = _("upkeep log")
        ordering = ["-done_on", "-pk"]
        indexes = [models.Index(fields=["bed", "-done_on"], name="upkeep_by_bed")]

    def __str__(self) -> str:
        return f"{self.get_work_display()} {self.done_on:%Y-%m-%d}"
