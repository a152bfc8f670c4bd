"""A second grown-up of a household who has no account of their own: named by one, known once they have agreed themself."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models.account import User
from people.models.consent import Channel
from people.models.person import Person


class HouseholdAdult(models.Model):
    """Only the name is kept before they have said yes; then ``person`` is their record."""

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for their own yes")
        AGREED = "agreed", _("known now")
        WITHDRAWN = "withdrawn", _("taken back")

    added_by = models.ForeignKey(Person, models.CASCADE, related_name="household_adults", verbose_name=_("named by"))
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=60)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    added_at = models.DateTimeField(_("added at"))
    ends_at = models.DateTimeField(_("open until"))
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, blank=True)
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )

    class Meta:
        verbose_name = _("grown-up of a household")
        verbose_name_plural = _("grown-ups of households")
        ordering = ["-added_at", "-pk"]

    def __str__(self) -> str:
        return self.name
