"""Volunteer shifts. The rota's standing turns, service records and certificates come on top of these."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from projects.models import Project, ProjectStage


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
    slot_key = models.CharField(_("slot"), max_length=60, unique=True, null=True, blank=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices, blank=True)
    outcome_note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
