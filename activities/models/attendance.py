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


class ArrivalSlip(models.Model):
    """What a leader who may not look people up writes of somebody who is not on the list; it never says who is known.

    Staff match it to a person, which makes the walk-in; until then it counts nowhere.
    """

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="arrival_slips", verbose_name=_("activity"))
    name = models.CharField(_("name"), max_length=60)
    is_minor = models.BooleanField(_("under 18"), default=False)
    phone = models.CharField(_("phone of the guardian"), max_length=30, blank=True)
    consent_by = models.CharField(_("guardian who agreed"), max_length=80, blank=True)
    came_at = models.TimeField(_("came"), null=True, blank=True)
    left_at = models.TimeField(_("left"), null=True, blank=True)
    written_at = models.DateTimeField(_("written at"))
    written_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("written by")
    )
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="arrival_slips", verbose_name=_("matched to")
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )

    class Meta:
        verbose_name = _("arrival slip")
        verbose_name_plural = _("arrival slips")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name}: {self.activity}"
