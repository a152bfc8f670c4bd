"""Where people live and things happen."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.models.fractions import on_the_plan, per_cent


class Neighbourhood(models.Model):
    """A residential area with its own Party general branch and residents' committee; the boundary of all records."""

    slug = models.SlugField(_("address"), unique=True, help_text=_("Stands in every address, also on posters."))
    name = models.CharField(_("name"), max_length=80)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    subdistrict = models.CharField(_("subdistrict"), max_length=40, blank=True)
    district = models.CharField(_("district"), max_length=40, blank=True)
    slogan = models.CharField(_("slogan"), max_length=80, blank=True)
    goals = models.JSONField(_("goals"), default=list, blank=True)
    intro = models.TextField(_("introduction"), blank=True)
    organiser = models.CharField(_("organiser"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(
        _("e-mail"), blank=True, default="", db_default="", help_text=_("Answers to the portal's mails go there.")
    )
    office_hours = models.CharField(_("office hours"), max_length=80, blank=True)
    office = models.CharField(_("office"), max_length=120, blank=True)
    complaint_address = models.CharField(
        _("complaint address"), max_length=200, blank=True, help_text=_("E-mail, phone or office for complaints.")
    )
    certificate_prefix = models.CharField(
        _("letters of its certificates' numbers"), max_length=10, blank=True, help_text=_("Such as BC600.")
    )
    is_open = models.BooleanField(_("shown to the public"), default=True)

    class Meta:
        verbose_name = _("residential area")
        verbose_name_plural = _("residential areas")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.short_name or self.name

    def get_absolute_url(self) -> str:
        return reverse("people:home", args=[self.slug])


class Compound(models.Model):
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="compounds", verbose_name=_("residential area")
    )
    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=40, blank=True)
    built_year = models.PositiveSmallIntegerField(_("built in"), null=True, blank=True)
    households = models.PositiveIntegerField(_("households"), default=0)
    feature = models.TextField(_("character"), blank=True)

    class Meta:
        verbose_name = _("compound")
        verbose_name_plural = _("compounds")
        ordering = ["neighbourhood", "pk"]
        constraints = [models.UniqueConstraint(fields=["neighbourhood", "code"], name="compound_code_unique")]

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="buildings", verbose_name=_("residential area")
    )
    compound = models.ForeignKey(Compound, models.CASCADE, related_name="buildings", verbose_name=_("compound"))
    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=40)
    floors = models.PositiveSmallIntegerField(_("floors"), null=True, blank=True)
    households = models.PositiveIntegerField(_("households"), default=0)
    x = per_cent(_("x on the plan, %"))
    y = per_cent(_("y on the plan, %"))
    leader = models.ForeignKey(
        "people.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads_buildings",
        verbose_name=_("building leader"),
    )

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        ordering = ["compound", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["neighbourhood", "code"], name="building_code_unique"),
            on_the_plan("building_on_the_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.compound} {self.name}"


class Location(models.Model):
    """Where an activity takes place. ``x``, ``y``: per cent of the plan picture's width and height (L5), no coordinates."""

    class Kind(models.TextChoices):
        GATE = "gate", _("gate")
        ROAD = "road", _("road")
        WALL = "wall", _("wall")
        GARDEN = "garden", _("garden")
        ROOM = "room", _("room")
        BOARD = "board", _("notice board")
        FACILITY = "facility", _("facility")
        EXTERNAL = "external", _("outside the neighbourhood")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="locations", verbose_name=_("residential area")
    )
    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    x = per_cent(_("x on the plan, %"))
    y = per_cent(_("y on the plan, %"))
    step_free = models.BooleanField(_("without steps"), null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(_("room for"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        ordering = ["neighbourhood", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["neighbourhood", "code"], name="location_code_unique"),
            on_the_plan("location_on_the_plan"),
        ]

    def __str__(self) -> str:
        return self.name
