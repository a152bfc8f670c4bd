"""Who came without a seat, and until when may be written who came to an activity."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activity import Activity
from activities.models.sign_up_states import SignUpStatus
from people.models import Person, User


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


class WalkIn(models.Model):
    """Somebody was there without a seat: attendance only, so that the capacity stays true. At most one for each activity and person.

    ``entered_by`` is empty where they, or their guardian, checked in by themselves.
    """

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="walk_ins", verbose_name=_("activity"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="walk_ins", verbose_name=_("person"))
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    consent_by = models.CharField(
        _("guardian who agreed"),
        max_length=80,
        blank=True,
        help_text=_("Only for minors: who said yes, on the spot or by phone."),
    )

    class Meta:
        verbose_name = _("walk-in")
        verbose_name_plural = _("walk-ins")
        ordering = ["entered_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="walk_in_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.activity}"

    @property
    def status(self) -> str:
        """As a sign-up's, for the sheet: whoever walked in came."""
        return SignUpStatus.ATTENDED
