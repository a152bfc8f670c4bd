"""A call for volunteers, or one slot of a team's rota."""

from datetime import date

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from activities.models import COMING, Activity
from projects.models import Piece, Project, ProjectStage


class Shift(Activity):
    """A call for volunteers, or one morning duty (``kind`` "duty")."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("to be recorded")
        DONE = "done", _("done")
        PARTIAL = "partial", _("done by one alone")
        SWAPPED = "swapped", _("done after a swap")
        MISSED = "missed", _("missed")

    project = models.ForeignKey(
        Project, models.SET_NULL, null=True, blank=True, related_name="shifts", verbose_name=_("project")
    )
    stage = models.ForeignKey(
        ProjectStage, models.SET_NULL, null=True, blank=True, related_name="shifts", verbose_name=_("stage")
    )
    pieces = models.ManyToManyField(Piece, blank=True, related_name="shifts", verbose_name=_("works on"))
    slot_key = models.CharField(_("slot"), max_length=60, unique=True, null=True, blank=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices, blank=True)
    outcome_note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")


def duties(team_id: int | None = None):
    """Slots of a rota, of one team or of all."""
    slots = Shift.objects.filter(kind="duty")
    return slots if team_id is None else slots.filter(team=team_id)


def with_hands(slots):
    """Annotate ``hands``: how many are down for each slot; one query whatever the length."""
    down = Count("sign_ups", filter=Q(sign_ups__status__in=COMING), distinct=True)
    return slots.annotate(hands=down).order_by("starts_at", "pk")


def slot_key(team_id: int, day: date) -> str:
    """Unique for a team and a day, so that no morning is made twice."""
    return f"{team_id}:{day.isoformat()}"
