"""Two records of one person made one: who did it, when, why, and everything that moved, so that it can be undone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models.account import User
from people.models.neighbourhood import Neighbourhood
from people.models.person import Person


class PersonMerge(models.Model):
    """``log`` (people.operations.merging): rows moved by model and field, values filled in, rows taken out, bonds ended."""

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="merges", verbose_name=_("residential area")
    )
    kept = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("record that stays"))
    dropped = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("record that went into it"))
    reason = models.CharField(_("why"), max_length=200)
    paper = models.CharField(_("paper that was seen"), max_length=200, blank=True, db_default="")
    merged_at = models.DateTimeField(_("joined at"))
    merged_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("joined by")
    )
    log = models.JSONField(default=dict, editable=False)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )

    class Meta:
        verbose_name = _("joined record")
        verbose_name_plural = _("joined records")
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(kept=models.F("dropped")), name="merge_of_two"),
            models.UniqueConstraint(fields=["dropped"], condition=models.Q(undone_at=None), name="merge_in_force_once"),
        ]

    def __str__(self) -> str:
        return f"{self.dropped} → {self.kept}"
