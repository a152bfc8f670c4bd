"""The story wall: the wall itself and its surveys, the steps of the work in order (P3), and the painted stories (P5)."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.models import Location, Neighbourhood, Person, PrivateFile
from projects.models.piece import Piece
from projects.models.project import Project, ProjectStage


class WallPanel(Piece):
    """One story on the wall. ``fact_check`` says where it comes from, and readers are told (P5).

    ``told_by``: the words by which the narrator agreed to be called in public (龚老伯), never taken from the record.
    """

    class FactCheck(models.TextChoices):
        SOURCED = "sourced", _("checked against sources")
        MEMORY = "memory", _("from memory")
        FICTIONAL = "fictional", _("made up for the wall")

    story = models.TextField(_("story"), blank=True)
    fact_check = models.CharField(_("where it comes from"), max_length=9, choices=FactCheck.choices)
    history_year = models.PositiveSmallIntegerField(_("year of what it tells"), null=True, blank=True)
    sources = models.JSONField(_("sources"), default=list, blank=True)
    narrator = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="told_panels", verbose_name=_("narrator")
    )
    told_by = models.CharField(
        _("narrator's name in public"), max_length=30, blank=True, help_text=_("As the narrator wants to be called.")
    )
    narrator_agreed_on = models.DateField(_("narrator agreed on"), null=True, blank=True)
    alt = models.CharField(_("what can be seen"), max_length=200, blank=True)
    artists = models.ManyToManyField(Person, blank=True, related_name="painted_panels", verbose_name=_("painted by"))

    class Meta:
        verbose_name = _("wall panel")
        verbose_name_plural = _("wall panels")


class Wall(models.Model):
    """A wall that a project paints. Without the owners' consent on file no work begins (P3)."""

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="walls", verbose_name=_("residential area")
    )
    project = models.OneToOneField(
        Project,
        models.PROTECT,
        related_name="wall",
        verbose_name=_("project"),
        error_messages={"unique": _("This project has its wall already. Please go on with that one.")},
    )
    place = models.ForeignKey(
        Location, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    length_m = models.DecimalField(_("length, m"), max_digits=6, decimal_places=1, null=True, blank=True)
    height_m = models.DecimalField(_("height, m"), max_digits=4, decimal_places=1, null=True, blank=True)
    owner = models.CharField(_("owner"), max_length=80)
    owners_agreed_on = models.DateField(_("owners agreed on"), null=True, blank=True)
    owners_paper = models.ForeignKey(
        PrivateFile,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("the owners' consent"),
        help_text=_("The signed paper, kept privately."),
    )
    keep_clear = models.CharField(
        _("stays clear"), max_length=200, blank=True, help_text=_("Hydrants, electric boxes, signs.")
    )

    class Meta:
        verbose_name = _("wall")
        verbose_name_plural = _("walls")

    def __str__(self) -> str:
        return str(self.project)

    def get_absolute_url(self) -> str:
        return reverse("projects:wall", args=[self.neighbourhood.slug, self.project.slug])


class WallSurvey(models.Model):
    class Risk(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")

    wall = models.ForeignKey(Wall, models.CASCADE, related_name="surveys", verbose_name=_("wall"))
    surveyed_on = models.DateField(_("surveyed on"))
    by = models.ManyToManyField(Person, blank=True, related_name="+", verbose_name=_("surveyed by"))
    findings = models.JSONField(_("findings"), default=list)
    last_maintained = models.CharField(_("last looked after"), max_length=80, blank=True)
    risk = models.CharField(_("risk"), max_length=6, choices=Risk.choices, default=Risk.LOW)
    advice = models.CharField(_("advice"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("survey of the wall")
        verbose_name_plural = _("surveys of the wall")
        ordering = ["wall", "surveyed_on", "pk"]

    def __str__(self) -> str:
        return f"{self.surveyed_on:%Y-%m-%d}"


class WallStage(models.Model):
    """A step of the work: repair → plaster → dry, 10 days or more → base coat → paint → seal (P3)."""

    class Step(models.TextChoices):
        REPAIR = "repair", _("repair")
        PLASTER = "plaster", _("plaster")
        DRY = "dry", _("dry")
        BASE_COAT = "base_coat", _("base coat")
        PAINT = "paint", _("paint")
        SEAL = "seal", _("seal")

    class Who(models.TextChoices):
        ADULTS_ONLY = "adults_only", _("adults only")
        MIXED = "mixed", _("children with their guardians")
        NOBODY = "nobody", _("nobody")

    wall = models.ForeignKey(Wall, models.CASCADE, related_name="stages", verbose_name=_("wall"))
    step = models.CharField(_("step"), max_length=9, choices=Step.choices)
    order = models.PositiveSmallIntegerField(editable=False)
    title = models.CharField(_("title"), max_length=60)
    project_stage = models.CharField(
        _("stage of the project"), max_length=12, choices=ProjectStage.Stage.choices, blank=True
    )
    start = models.DateField(_("from"), null=True, blank=True)
    end = models.DateField(_("until"), null=True, blank=True)
    who = models.CharField(_("who takes part"), max_length=11, choices=Who.choices, default=Who.ADULTS_ONLY)
    note = models.CharField(_("note"), max_length=200, blank=True)
    correction = models.CharField(
        _("why it was corrected"), max_length=200, blank=True, db_default="", default="", editable=False
    )

    class Meta:
        verbose_name = _("step of the wall")
        verbose_name_plural = _("steps of the wall")
        ordering = ["wall", "order"]
        constraints = [
            models.UniqueConstraint(fields=["wall", "step"], name="wall_step_once"),
            models.CheckConstraint(
                condition=Q(end=None) | Q(start__isnull=False, end__gte=F("start")), name="wall_step_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.get_step_display()

    def is_under_way_on(self, day: date) -> bool:
        return self.start is not None and self.start <= day and (self.end is None or self.end >= day)

    def save(self, *args, **kwargs) -> None:
        self.order = self.Step.values.index(self.step)
        super().save(*args, **kwargs)
