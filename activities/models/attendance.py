"""Until when may be written who came to an activity."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activity import Activity
from people.models import User


class SheetAct(models.Model):
    """That somebody closed an activity's attendance sheet, or opened it again and why. Rows are only added; the last counts."""

    class Act(models.TextChoices):
        CLOSED = "closed", _("closed")
        REOPENED = "reopened", _("opened again")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="sheet_acts", verbose_name=_("activity"))
    act = models.CharField(_("what was done"), max_length=8, choices=Act.choices)
    done_at = models.DateTimeField(_("done at"))
    done_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("closing of an attendance sheet")
        verbose_name_plural = _("closings of attendance sheets")
        ordering = ["activity", "done_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(act="reopened") | ~models.Q(reason=""), name="sheet_reopened_with_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.activity}: {self.get_act_display()}"
