"""Painted manhole covers (P4): whose they are, who said yes, who painted them, and how they are looked after."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from people.access.viewer import Viewer
from people.models import Person, PrivateFile, Team, User
from projects.models.piece import Piece, visible_pieces


class CoverQuerySet(models.QuerySet["Cover"]):
    def visible_to(self, viewer: Viewer):
        return visible_pieces(self, viewer)

    def with_upkeep(self):
        """Annotate the last inspection (``seen_on``, ``seen_condition``, ``loose_open``) and ``repainted_on``; no further query."""
        last = CoverInspection.objects.filter(cover=OuterRef("pk")).order_by("-inspected_on", "-pk")
        repaint = CoverRepaint.objects.filter(cover=OuterRef("pk")).order_by("-painted_on")
        return self.annotate(
            seen_on=Subquery(last.values("inspected_on")[:1]),
            seen_condition=Subquery(last.values("condition")[:1]),
            repainted_on=Subquery(repaint.values("painted_on")[:1]),
            loose_open=models.Exists(CoverInspection.objects.open_loose().filter(cover=OuterRef("pk"))),
        )

    def faded(self):
        """On the list for repainting: faded when last looked at, and not repainted since. Use after :meth:`with_upkeep`."""
        return self.filter(seen_condition=CoverInspection.Condition.FADED).filter(
            Q(repainted_on=None) | Q(repainted_on__lt=F("seen_on"))
        )

    def due(self, day: date):
        """Painted, and not looked at for a quarter by ``day`` (a setting). Use after :meth:`with_upkeep`."""
        limit = months_before(day, settings.COVER_INSPECTION_MONTHS)
        return self.filter(painted_on__lte=limit).filter(Q(seen_on=None) | Q(seen_on__lte=limit))


def months_before(day: date, months: int) -> date:
    return months_after(day, -months)


def months_after(day: date, months: int) -> date:
    """The same day of the month, or that month's last."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


class Cover(Piece):
    """``mark``: what has to stay free of paint, so that whoever opens it knows what is below (雨, 污, a number plate)."""

    class Utility(models.TextChoices):
        RAIN = "rain", _("rain water")
        SEWAGE = "sewage", _("sewage")
        TELECOM = "telecom", _("telephone and data")
        WATER = "water", _("drinking water")
        GAS = "gas", _("gas")
        POWER = "power", _("electricity")

    NEVER_PAINTED = (Utility.GAS, Utility.POWER)

    utility = models.CharField(_("what it is for"), max_length=10, choices=Utility.choices)
    mark = models.CharField(
        _("mark that stays visible"),
        max_length=40,
        blank=True,
        help_text=_("Letters or number that are never painted over."),
    )
    diameter_cm = models.PositiveSmallIntegerField(
        _("diameter, cm"), null=True, blank=True, validators=[MinValueValidator(20), MaxValueValidator(200)]
    )
    owner = models.CharField(_("whose it is"), max_length=80)
    consent_by = models.CharField(_("who said yes for the owner"), max_length=80, blank=True)
    consent_on = models.DateField(_("the owner said yes on"), null=True, blank=True)
    consent_sheet = models.ForeignKey(
        PrivateFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("the owner's paper")
    )
    message = models.CharField(_("what it says to passers-by"), max_length=120, blank=True)
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("painted by the team")
    )
    artists = models.ManyToManyField(Person, through="CoverArtist", related_name="+", verbose_name=_("artists"))
    painted_on = models.DateField(_("painted on"), null=True, blank=True)
    anti_slip = models.BooleanField(_("anti-slip paint"), default=False)

    objects = CoverQuerySet.as_manager()  # type: ignore[assignment, misc]

    class Meta:
        verbose_name = _("manhole cover")
        verbose_name_plural = _("manhole covers")
        constraints = [
            models.CheckConstraint(
                condition=Q(painted_on=None) | ~Q(utility__in=["gas", "power"]), name="cover_no_paint_on_gas_or_power"
            ),
            models.CheckConstraint(
                condition=Q(painted_on=None)
                | (Q(consent_on__isnull=False, consent_on__lte=F("painted_on")) & ~Q(consent_by="")),
                name="cover_painted_with_consent",
            ),
        ]

    @property
    def has_consent(self) -> bool:
        return self.consent_on is not None and bool(self.consent_by)

    def next_inspection(self, seen_on: date | None) -> date | None:
        """The day by which somebody should look at it; None before it is painted. ``seen_on``: the last inspection."""
        since = max((day for day in (seen_on, self.painted_on) if day), default=None)
        return months_after(since, settings.COVER_INSPECTION_MONTHS) if self.painted_on and since else None


class CoverArtist(models.Model):
    """Who painted it; shown only by what V6 allows (people.access.public_names)."""

    cover = models.ForeignKey(Cover, models.CASCADE, related_name="cover_artists", verbose_name=_("cover"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="painted_covers", verbose_name=_("artist"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("artist")
        verbose_name_plural = _("artists")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["cover", "person"], name="cover_artist_once")]

    def __str__(self) -> str:
        return str(self.person)


class CoverInspectionQuerySet(models.QuerySet["CoverInspection"]):
    def open_loose(self):
        """Loose covers that nobody has been told of yet: to be reported."""
        return self.filter(condition=CoverInspection.Condition.LOOSE, passed_on=None)


class CoverInspection(models.Model):
    """Somebody looked at it. Faded puts it on the list for repainting, loose on staff's list until it was passed on."""

    class Condition(models.TextChoices):
        GOOD = "good", _("good")
        FADED = "faded", _("faded")
        LOOSE = "loose", _("loose")

    cover = models.ForeignKey(Cover, models.CASCADE, related_name="inspections", verbose_name=_("cover"))
    inspected_on = models.DateField(_("looked at on"))
    inspected_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    condition = models.CharField(_("condition"), max_length=6, choices=Condition.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    action = models.CharField(_("what is to be done"), max_length=120, blank=True)
    passed_to = models.CharField(_("passed on to"), max_length=120, blank=True)
    passed_on = models.DateField(_("passed on, day"), null=True, blank=True)
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )

    objects = CoverInspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["-inspected_on", "-pk"]
        indexes = [models.Index(fields=["cover", "-inspected_on"], name="cover_last_inspection")]
        constraints = [
            models.UniqueConstraint(fields=["cover", "inspected_on"], name="cover_inspected_once_a_day"),
            models.CheckConstraint(
                condition=Q(passed_on=None, passed_to="") | (Q(passed_on__isnull=False) & ~Q(passed_to="")),
                name="cover_passed_on_to_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspected_on:%Y-%m-%d} {self.get_condition_display()}"


class CoverRepaint(models.Model):
    """The picture was painted over with fresh colour."""

    cover = models.ForeignKey(Cover, models.CASCADE, related_name="repaints", verbose_name=_("cover"))
    painted_on = models.DateField(_("repainted on"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )

    class Meta:
        verbose_name = _("repainting")
        verbose_name_plural = _("repaintings")
        ordering = ["-painted_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["cover", "painted_on"], name="cover_repainted_once_a_day")]

    def __str__(self) -> str:
        return f"{self.painted_on:%Y-%m-%d}"
