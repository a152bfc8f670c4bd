"""Where a project was proposed, discussed, decided and reviewed; and what of the year stands for which kind of governance."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from projects.models.project import Project
from projects.models.words import validate_governance


class ProjectRecord(models.Model):
    """That a deliberation or meeting was about a project; one deliberation may cover several."""

    class Part(models.TextChoices):
        PROPOSED = "proposed", _("proposed there")
        DISCUSSED = "discussed", _("discussed there")
        DECIDED = "decided", _("decided there")
        REVIEWED = "reviewed", _("reviewed there")

    project = models.ForeignKey(Project, models.CASCADE, related_name="records", verbose_name=_("project"))
    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="about_projects", verbose_name=_("deliberation or meeting")
    )
    part = models.CharField(_("what happened there"), max_length=9, choices=Part.choices)

    class Meta:
        verbose_name = _("deliberation about the project")
        verbose_name_plural = _("deliberations about the project")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "activity", "part"], name="project_record_once"),
        ]

    def __str__(self) -> str:
        return f"{self.activity}, {self.get_part_display()}"


class ActivityGovernance(models.Model):
    """Which kinds of governance an activity stands for (S43), said when it is looked back on."""

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="governance", verbose_name=_("activity"))
    tags = models.JSONField(_("governance"), default=list, validators=[validate_governance])

    class Meta:
        verbose_name = _("governance of an activity")
        verbose_name_plural = _("governance of activities")

    def __str__(self) -> str:
        return str(self.activity)
