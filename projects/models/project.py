"""Beautification projects: what grew out of what, their stages, places, money and result."""

from datetime import date
from decimal import Decimal
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import Article
from people.models import Committee, Location, Neighbourhood, PartnerUnit, PartyOrg, Photo, PropertyCompany, Team
from projects.models.words import validate_governance, validate_themes


def not_negative(money: Decimal) -> None:
    if money < 0:
        raise ValidationError(_("A sum is not below zero. Please enter it without the minus."))


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, viewer):
        if viewer.neighbourhood is None:
            return self.none()
        rows = self.filter(neighbourhood=viewer.neighbourhood)
        return rows if viewer.has_perm("projects.change_project") else rows.filter(is_published=True)

    def with_public_accounts(self, on: date) -> Self:
        """Only those whose money may be told on that day, in sums and charts as on their pages (P6)."""
        return self.filter(accounts_published_on__lte=on)


class Project(models.Model):
    class Illustration(models.TextChoices):
        NONE = "", _("none")
        COVERS = "covers", _("painted manhole covers")
        WALL = "wall", _("story wall")
        BEDS = "beds", _("flower beds")
        LANE = "lane", _("the lane")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.PROTECT, related_name="projects", verbose_name=_("residential area")
    )
    slug = models.SlugField(_("address"))
    title = models.CharField(_("title"), max_length=80)
    tagline = models.CharField(_("in one line"), max_length=120, blank=True)
    text = models.TextField(_("text"), blank=True)
    umbrella = models.CharField(_("programme"), max_length=60, blank=True)
    pilot = models.BooleanField(_("a pilot"), default=False)
    derived_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="gave_rise_to", verbose_name=_("grew out of")
    )
    proposed_by_org = models.ForeignKey(
        PartyOrg,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by (Party organisation)"),
    )
    proposed_by_team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("proposed by (team)")
    )
    lead_org = models.ForeignKey(
        PartyOrg,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("led by (Party organisation)"),
    )
    lead_team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("led by (team)")
    )
    lead_committee = models.ForeignKey(
        Committee, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("led by (committee)")
    )
    partner_units = models.ManyToManyField(
        PartnerUnit, blank=True, related_name="projects", verbose_name=_("partner units")
    )
    partner_committees = models.ManyToManyField(
        Committee, blank=True, related_name="+", verbose_name=_("partner committees")
    )
    partner_companies = models.ManyToManyField(
        PropertyCompany, blank=True, related_name="+", verbose_name=_("property companies")
    )
    places = models.ManyToManyField(Location, blank=True, related_name="projects", verbose_name=_("places"))
    governance = models.JSONField(_("governance"), default=list, blank=True, validators=[validate_governance])
    themes = models.JSONField(_("themes"), default=list, blank=True, validators=[validate_themes])
    fund_source = models.CharField(_("paid from"), max_length=80, blank=True)
    approved = models.DecimalField(
        _("approved, yuan"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[not_negative]
    )
    spent = models.DecimalField(
        _("spent, yuan"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[not_negative]
    )
    accounts_published_on = models.DateField(_("accounts published on"), null=True, blank=True)
    result = models.TextField(_("result"), blank=True)
    pieces_note = models.CharField(
        _("what holds for each piece"), max_length=300, blank=True, help_text=_("Stands above the pieces on the page.")
    )
    illustration = models.CharField(_("illustration"), max_length=8, choices=Illustration.choices, blank=True)
    is_published = models.BooleanField(_("shown to the public"), default=False)

    objects = ProjectQuerySet.as_manager()

    #: Annotated for a project's own page (pages/decisions.py): whether the reader follows it.
    is_followed: bool

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "slug"],
                name="project_slug_unique",
                violation_error_message=_("Another project has this address already. Please choose another one."),
            ),
            models.CheckConstraint(
                condition=Q(derived_from=None) | ~Q(derived_from=F("id")), name="project_not_its_own_origin"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", args=[self.neighbourhood.slug, self.slug])

    def accounts_are_public_on(self, day: date) -> bool:
        """P6: source, sums and gifts are told when the accounts are published, not as soon as staff type them in."""
        return self.accounts_published_on is not None and self.accounts_published_on <= day

    @property
    def overspent(self) -> Decimal | None:
        """What was spent beyond what was approved; None where nothing was, or one of the two is not known."""
        if self.approved is None or self.spent is None or self.spent <= self.approved:
            return None
        return self.spent - self.approved


class ProjectStage(models.Model):
    """P1: stages in order; some may be skipped with a note, others may overlap."""

    class Stage(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        DELIBERATING = "deliberating", _("deliberated")
        DESIGNING = "designing", _("designed")
        FEEDBACK = "feedback", _("opinions gathered")
        APPROVED = "approved", _("approved")
        RECRUITING = "recruiting", _("recruiting")
        PREPARING = "preparing", _("prepared")
        IMPLEMENTING = "implementing", _("carried out")
        ACCEPTED = "accepted", _("reviewed")
        MAINTAINING = "maintaining", _("upkeep")

    project = models.ForeignKey(Project, models.CASCADE, related_name="stages", verbose_name=_("project"))
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices)
    order = models.PositiveSmallIntegerField(editable=False)
    start = models.DateField(_("from"), null=True, blank=True)
    end = models.DateField(_("until"), null=True, blank=True)
    requires = models.JSONField(_("requires"), default=list, blank=True)
    skipped = models.BooleanField(_("skipped"), default=False)
    adults_only = models.BooleanField(
        _("adults only"),
        default=False,
        help_text=_("Dust, height, solvents: minors cannot sign up for its shifts."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    correction = models.CharField(
        _("why it was corrected"), max_length=200, blank=True, db_default="", default="", editable=False
    )

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["project", "order"]
        constraints = [
            models.UniqueConstraint(fields=["project", "stage"], name="project_stage_once"),
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")), name="project_stage_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.get_stage_display()

    def save(self, *args, **kwargs) -> None:
        self.order = self.Stage.values.index(self.stage)
        super().save(*args, **kwargs)


class ProjectPhoto(models.Model):
    project = models.ForeignKey(Project, models.CASCADE, related_name="project_photos", verbose_name=_("project"))
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="+", verbose_name=_("photo"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("photo of the project")
        verbose_name_plural = _("photos of the project")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["project", "photo"], name="project_photo_once")]

    def __str__(self) -> str:
        return str(self.photo)


class ProjectArticle(models.Model):
    """That an article is about a project; the upper app owns the link."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="project_articles", verbose_name=_("project"))
    article = models.ForeignKey(Article, models.CASCADE, related_name="about_projects", verbose_name=_("article"))

    class Meta:
        verbose_name = _("article about the project")
        verbose_name_plural = _("articles about the project")
        constraints = [models.UniqueConstraint(fields=["project", "article"], name="project_article_once")]

    def __str__(self) -> str:
        return str(self.article)
