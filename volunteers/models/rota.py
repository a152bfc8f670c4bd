"""A team's rota: one slot a day (G1), filled from standing promises.

A :class:`Turn` is an accepted promise, an act of the person's own: a slot's sign-ups are made from it. Only sign-ups are
read for seats, calendar and reminders.
"""

from datetime import date, time

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models import SignUp
from people.models import Channel, Location, Person, Team, User
from people.models.party import Period, PeriodQuerySet
from projects.models import Piece, Project

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class Rota(models.Model):
    """What every slot of a team's rota has in common. Winter counts by day and month, so it comes back each year."""

    team = models.OneToOneField(Team, models.PROTECT, related_name="rota", verbose_name=_("team"))
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(pgettext_lazy("on a rota", "what is to be done"), blank=True)
    location = models.ForeignKey(Location, models.PROTECT, related_name="+", verbose_name=_("location"))
    project = models.ForeignKey(
        Project, models.SET_NULL, null=True, blank=True, related_name="rotas", verbose_name=_("project")
    )
    begins_at = models.TimeField(_("begins at"))
    winter_begins_at = models.TimeField(_("begins in winter at"), null=True, blank=True)
    winter_from = models.DateField(_("winter time from"), null=True, blank=True)
    winter_until = models.DateField(_("winter time until"), null=True, blank=True, help_text=_("The last such day."))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=45, validators=[MinValueValidator(5), MaxValueValidator(480)]
    )
    people_needed = models.PositiveSmallIntegerField(
        _("people needed"), default=2, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    risks = models.CharField(_("risks"), max_length=300, blank=True)
    safeguards = models.CharField(_("safeguards"), max_length=300, blank=True)
    insurance = models.BooleanField(_("insured"), default=False)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Empty: for good."))
    weeks_ahead = models.PositiveSmallIntegerField(
        _("weeks planned ahead"), default=8, validators=[MinValueValidator(1), MaxValueValidator(53)]
    )
    substitutes = models.ManyToManyField(
        Person, blank=True, related_name="+", verbose_name=_("asked first when hands are missing")
    )
    pieces = models.ManyToManyField(
        Piece, blank=True, related_name="rotas", verbose_name=_("works on"), help_text=_("Tended every morning.")
    )
    is_active = models.BooleanField(_("goes on"), default=True)
    planned_on = models.DateField(_("planned last on"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("rota")
        verbose_name_plural = _("rotas")
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="rota_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.team}: {self.title}"

    def clean(self) -> None:
        winter = [self.winter_begins_at, self.winter_from, self.winter_until]
        if any(winter) and not all(winter):
            raise ValidationError(_("Winter time needs a time, a first and a last day; or leave all three empty."))
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": _("The last day lies before the first.")})

    def is_winter(self, day: date) -> bool:
        """G1: by day and month, the turn of the year included; the end of February is its last day in any year."""
        if self.winter_from is None or self.winter_until is None:
            return False
        start, end, now = ((one.month, one.day) for one in (self.winter_from, self.winter_until, day))
        if end == (2, 28):
            end = (2, 29)
        return start <= now <= end if start <= end else now >= start or now <= end

    def starts_on(self, day: date) -> time:
        return self.winter_begins_at if self.is_winter(day) and self.winter_begins_at else self.begins_at


class Turn(Period):
    """A standing promise (DESIGN.md §2): every week on ``weekday``, or wherever hands are missing (``weekday`` empty)."""

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="turns", verbose_name=_("rota"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="turns", verbose_name=_("person"))
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), null=True, blank=True, choices=WEEKDAYS, help_text=_("Empty: wherever hands are missing.")
    )
    accepted_at = models.DateTimeField(_("promised at"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.WEB)
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing turn")
        verbose_name_plural = _("standing turns")
        ordering = ["rota", "weekday", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rota", "person", "weekday"],
                condition=Q(until=None, weekday__isnull=False),
                name="turn_weekday_once",
            ),
            models.UniqueConstraint(
                fields=["rota", "person"], condition=Q(until=None, weekday=None), name="turn_anywhere_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_weekday_display() if self.weekday is not None else '*'}"


class Leave(models.Model):
    """Days on which somebody keeps no turn; the promise itself stands."""

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="leaves", verbose_name=_("rota"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="leaves", verbose_name=_("person"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    told_at = models.DateTimeField(_("told at"))
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="leave_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.first_day:%Y-%m-%d} – {self.last_day:%Y-%m-%d}"


class RotaBreak(models.Model):
    """Days without duty: a holiday week, rain, frost."""

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="breaks", verbose_name=_("rota"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=120)

    class Meta:
        verbose_name = _("break of the rota")
        verbose_name_plural = _("breaks of the rota")
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="rota_break_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m-%d} – {self.last_day:%Y-%m-%d}: {self.reason}"


class Swap(models.Model):
    """A question to one other member: take my morning, or give me yours for it. It needs their yes (G1)."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        AGREED = "agreed", _("agreed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")
        LAPSED = "lapsed", _("lapsed")

    given = models.ForeignKey(SignUp, models.CASCADE, related_name="swaps", verbose_name=_("turn to give"))
    asked = models.ForeignKey(Person, models.CASCADE, related_name="swaps_asked", verbose_name=_("asked"))
    wanted = models.ForeignKey(
        SignUp, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("turn wanted for it")
    )
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("swap")
        verbose_name_plural = _("swaps")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["given"], condition=Q(state="asked"), name="swap_one_question_a_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.given} → {self.asked}"
