"""What was built or mended, before and after (S35), and what was given for a project (P6)."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Location, PartnerUnit, PhotoPair
from projects.models.project import Project


class Work(models.Model):
    project = models.ForeignKey(Project, models.CASCADE, related_name="works", verbose_name=_("project"))
    title = models.CharField(_("title"), max_length=80)
    place = models.ForeignKey(
        Location, models.SET_NULL, null=True, blank=True, related_name="works", verbose_name=_("place")
    )
    done_on = models.DateField(_("done on"), null=True, blank=True)
    before = models.CharField(_("how it was"), max_length=200)
    after = models.CharField(_("how it is"), max_length=200, blank=True)
    pair = models.ForeignKey(
        PhotoPair, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("before and after")
    )

    #: Set for the project's page (pages/works.py): a Pair where both pictures are public, or None.
    pictures: Any

    class Meta:
        verbose_name = _("work")
        verbose_name_plural = _("works")
        ordering = ["done_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(done_on=None) | ~Q(after=""), name="work_done_says_how_it_is"),
        ]

    def __str__(self) -> str:
        return self.title


class Donation(models.Model):
    """P6 (law): what was given and what it was used for is public. A private giver is named only if they wish (V6)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="donations", verbose_name=_("project"))
    unit = models.ForeignKey(
        PartnerUnit, models.SET_NULL, null=True, blank=True, related_name="donations", verbose_name=_("partner unit")
    )
    giver = models.CharField(
        pgettext_lazy("of a donation", "given by"),
        max_length=60,
        blank=True,
        help_text=_("As the giver wants to be called; empty: a resident."),
    )
    what = models.CharField(_("what was given"), max_length=80)
    amount = models.DecimalField(_("yuan"), max_digits=12, decimal_places=2, null=True, blank=True)
    given_on = models.DateField(_("given on"))
    used_for = models.CharField(_("used for"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("donation")
        verbose_name_plural = _("donations")
        ordering = ["given_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="donation_of_something")]

    def __str__(self) -> str:
        return self.what
