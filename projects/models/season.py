"""What is planted next season: the candidates, the members' votes, and what the monthly meeting made of them (G2)."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from people.access.viewer import Viewer
from people.models import Neighbourhood, Person, Team
from projects.models.garden import Bed, Plant, Season
from projects.models.project import Project


class SeasonPlanQuerySet(models.QuerySet["SeasonPlan"]):
    def visible_to(self, viewer: Viewer):
        """Plans of the neighbourhood's published projects; one that is still being written only to whoever keeps it."""
        if viewer.neighbourhood is None:
            return self.none()
        rows = self.filter(neighbourhood=viewer.neighbourhood)
        if viewer.has_perm("projects.change_project"):
            return rows
        own = Q(pk__in=[])
        for grant in viewer.roles("projects.change_seasonplan"):
            own |= Q(team=grant.team_id) if grant.team_id else Q()
        return rows.filter(own | ~Q(status=SeasonPlan.Status.COLLECTING), project__is_published=True)

    def by_time(self):
        """The latest season first; a year's winter is the one that begins in it."""
        seasons = [When(season=value, then=Value(index)) for index, value in enumerate(Season.values)]
        return self.order_by("-year", Case(*seasons, default=Value(0)).desc(), "-pk")


class SeasonPlan(models.Model):
    """One season of a project's beds. Its members' votes are counted once: online, or by a raised hand (G2).

    ``closed_at``: when staff closed the online vote, before or after ``vote_until``.
    ``reason``: why what had fewer votes was chosen; ``correction``: why an earlier choice was taken back. Residents read both.
    ``voters_in_room``: members at the meeting who had not voted online.
    """

    class Status(models.TextChoices):
        COLLECTING = "collecting", _("candidates are being collected")
        VOTING = "voting", _("the vote is open")
        CLOSED = "closed", _("the vote is closed")
        DECIDED = "decided", _("decided")
        PLANTED = "planted", _("planted")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="season_plans", verbose_name=_("residential area")
    )
    project = models.ForeignKey(Project, models.PROTECT, related_name="season_plans", verbose_name=_("project"))
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        related_name="season_plans",
        verbose_name=_("team"),
        help_text=_("Its members have a vote."),
    )
    season = models.CharField(_("season"), max_length=6, choices=Season.choices)
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2000)])
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.COLLECTING)
    plant_by = models.DateField(_("to be planted by"), null=True, blank=True)
    budget = models.DecimalField(
        _("budget, yuan"), max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    vote_until = models.DateTimeField(_("vote until"), null=True, blank=True)
    voters_in_room = models.PositiveSmallIntegerField(
        _("members in the room who had not voted online"), null=True, blank=True
    )
    decided_by = models.ForeignKey(
        Activity, models.SET_NULL, null=True, blank=True, related_name="season_plans", verbose_name=_("decided at")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    closed_at = models.DateTimeField(_("vote closed at"), null=True, blank=True, editable=False)
    reason = models.CharField(
        _("why not by the votes"), max_length=200, blank=True, default="", db_default="", editable=False
    )
    correction = models.CharField(
        _("why it was corrected"), max_length=200, blank=True, default="", db_default="", editable=False
    )

    objects = SeasonPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("season plan")
        verbose_name_plural = _("season plans")
        ordering = ["neighbourhood", "-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year", "season"],
                name="season_plan_once",
                violation_error_message=_("There is a plan for this season already. Please go on with that one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_season_display()}"

    @property
    def slug(self) -> str:
        return f"{self.year}-{self.season}"

    def get_absolute_url(self) -> str:
        return reverse("projects:season", args=[self.neighbourhood.slug, self.project.slug, self.slug])


class PlantCandidateQuerySet(models.QuerySet["PlantCandidate"]):
    def with_votes(self):
        """Annotate ``online`` and ``votes`` (online and raised hands together); one query whatever the length."""
        counted = self.annotate(online=Count("ballots"))
        return counted.annotate(votes=F("online") + Coalesce(F("hands"), 0)).order_by("-votes", "pk")


class PlantCandidate(models.Model):
    """A plant proposed for some beds. ``note`` answers the warnings of G2; without it a mismatch is not put to the vote."""

    plan = models.ForeignKey(SeasonPlan, models.CASCADE, related_name="candidates", verbose_name=_("season plan"))
    plant = models.ForeignKey(Plant, models.PROTECT, related_name="candidacies", verbose_name=_("plant"))
    beds = models.ManyToManyField(Bed, related_name="candidacies", verbose_name=_("beds"))
    proposed_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("proposed by")
    )
    unit_price = models.DecimalField(
        _("price of one, yuan"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    quantity = models.PositiveIntegerField(_("how many"), null=True, blank=True)
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("Needed where month or light do not fit: what to do then.")
    )
    hands = models.PositiveSmallIntegerField(_("raised hands"), null=True, blank=True)
    chosen = models.BooleanField(_("chosen"), default=False)

    objects = PlantCandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["plan", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "plant"], name="candidate_once")]

    def __str__(self) -> str:
        return str(self.plant)

    @property
    def cost(self):
        """Yuan; None while price or number are not known."""
        return None if self.unit_price is None or self.quantity is None else self.unit_price * self.quantity


class SeasonBallot(models.Model):
    """One member's online vote: a tick for each candidate they are for, cast once (G2)."""

    plan = models.ForeignKey(SeasonPlan, models.CASCADE, related_name="ballots", verbose_name=_("season plan"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="season_ballots", verbose_name=_("person"))
    candidates = models.ManyToManyField(PlantCandidate, related_name="ballots", verbose_name=_("candidates"))
    cast_at = models.DateTimeField(_("voted at"))

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [models.UniqueConstraint(fields=["plan", "person"], name="season_ballot_once")]

    def __str__(self) -> str:
        return f"{self.plan}"
