"""A word of staff's, or of a team's leader, to everyone in an activity or a team; written once, and kept."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models.activity import Activity
from people.models import Neighbourhood, Team, User


class Circular(models.Model):
    """``readers``: how many it went to; ``by_phone``: how many of them have no e-mail."""

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="circulars", verbose_name=_("residential area")
    )
    activity = models.ForeignKey(
        Activity, models.CASCADE, null=True, blank=True, related_name="circulars", verbose_name=_("activity")
    )
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="circulars", verbose_name=_("team")
    )
    subject = models.CharField(_("subject"), max_length=80)
    text = models.TextField(_("text"))
    sent_at = models.DateTimeField(_("sent at"))
    sent_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("of a message", "sent by"),
    )
    readers = models.PositiveIntegerField(_("people written to"))
    by_phone = models.PositiveIntegerField(_("of them on the phone list"))

    class Meta:
        verbose_name = _("letter to everyone")
        verbose_name_plural = _("letters to everyone")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(activity=None, team__isnull=False) | Q(activity__isnull=False, team=None),
                name="circular_to_one_group",
            ),
        ]

    def __str__(self) -> str:
        return self.subject
