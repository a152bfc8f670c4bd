"""Somebody who is expected without a sign-up, as a member or invited, said that they cannot come."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activity import Activity
from people.models import Person


class CannotComeQuerySet(models.QuerySet["CannotCome"]):
    def standing(self):
        """Not taken back."""
        return self.filter(taken_back_at=None)


class CannotCome(models.Model):
    """One person and one appointment. ``changes``: how often they said so or took it back; calendars go by it."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="cannot_come", verbose_name=_("activity"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="cannot_come", verbose_name=_("person"))
    said_at = models.DateTimeField(_("said at"))
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    changes = models.PositiveIntegerField(default=1)

    objects = CannotComeQuerySet.as_manager()

    class Meta:
        verbose_name = _("no to an invitation")
        verbose_name_plural = _("noes to invitations")
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="cannot_come_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.activity}"
