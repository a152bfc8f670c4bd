"""Who wants to hear of a project."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Person
from projects.models.project import Project


class Follow(models.Model):
    """The last digest told of what happened in (``told_from``, ``told_until``]; unfollowing deletes the row."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="follows", verbose_name=_("person"))
    project = models.ForeignKey(Project, models.CASCADE, related_name="follows", verbose_name=_("project"))
    since = models.DateTimeField(_("since"))
    told_from = models.DateTimeField(_("told from"), null=True, blank=True)
    told_until = models.DateTimeField(_("told until"))

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [
            models.UniqueConstraint(fields=["person", "project"], name="follow_once"),
            models.CheckConstraint(
                condition=Q(told_from=None) | Q(told_until__gte=F("told_from")), name="follow_told_in_order"
            ),
        ]
        indexes = [models.Index(fields=["told_until", "person"], name="follow_to_tell")]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.project_id}"
