"""What stood in a signed record or a published result before it was put right, and why (M8, D3). Rows are only added."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models import Activity
from people.models import User


class Amendment(models.Model):
    """``before`` and ``after``: {column or relation: its lines} of what changed, as readers see it, without names in public
    records. A result that was taken back has no ``after`` until it is out again; then nobody has to look for the old one.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="amendments", verbose_name=_("record"))
    made_at = models.DateTimeField(pgettext_lazy("of an amendment", "made at"))
    made_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("of an amendment", "made by"),
    )
    reason = models.CharField(_("reason"), max_length=200)
    before = models.JSONField(pgettext_lazy("of an amendment", "before"), default=dict)
    after = models.JSONField(pgettext_lazy("of an amendment", "after"), null=True, blank=True)
    withheld = models.BooleanField(_("old words not shown to readers"), default=False, db_default=False)

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["made_at", "pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="amendment_with_reason")]

    def __str__(self) -> str:
        return f"{self.activity}: {self.reason}"
