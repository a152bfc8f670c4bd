"""Who wants to hear when hands are missing, and which calls went out."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Person, Team, User
from projects.models import Project
from volunteers.models.shift import Shift


class Interest(models.Model):
    """ "Tell me next time": hands missing anywhere (both empty), in one project, or with one team. Unticking deletes the row."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="interests", verbose_name=_("person"))
    project = models.ForeignKey(
        Project, models.CASCADE, null=True, blank=True, related_name="interests", verbose_name=_("project")
    )
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="interests", verbose_name=_("team")
    )
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("wish to be told next time")
        verbose_name_plural = _("wishes to be told next time")
        constraints = [
            models.CheckConstraint(condition=Q(project=None) | Q(team=None), name="interest_in_one_thing"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(project=None, team=None), name="interest_in_anything_once"
            ),
            models.UniqueConstraint(
                fields=["person", "project"], condition=Q(project__isnull=False), name="interest_in_project_once"
            ),
            models.UniqueConstraint(
                fields=["person", "team"], condition=Q(team__isnull=False), name="interest_in_team_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.project_id or self.team_id or '*'}"


class HelpCall(models.Model):
    """One call for help with a shift: when, by whom, and how many it went to."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="help_calls", verbose_name=_("shift"))
    called_at = models.DateTimeField(_("called at"))
    called_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("called by")
    )
    people = models.PositiveIntegerField(_("people asked"))

    class Meta:
        verbose_name = _("call for help")
        verbose_name_plural = _("calls for help")
        ordering = ["-called_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.shift}: {self.people}"
