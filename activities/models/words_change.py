"""What a published activity said before staff wrote it anew: its title, where exactly, what to bring."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activity import Activity
from people.models import User


class WordsChange(models.Model):
    """One save. ``told_with``: the number of the first of the changes that one mail tells together; None: nobody is told.

    ``told_at``: when that mail goes.  ``old``: {field: its words before}.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="words_changes", verbose_name=_("activity"))
    number = models.PositiveIntegerField()
    changed_at = models.DateTimeField(_("changed at"))
    changed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )
    told_with = models.PositiveIntegerField(null=True, blank=True)
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)
    old = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("change of words")
        verbose_name_plural = _("changes of words")
        ordering = ["activity", "number"]
        constraints = [models.UniqueConstraint(fields=["activity", "number"], name="words_change_once")]

    def __str__(self) -> str:
        return f"{self.activity_id} w{self.number}"
