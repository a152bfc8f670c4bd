"""The hand-drawn plan (L5): a picture, per cents, a notice, and the same in words; no coordinates and no tiles."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Neighbourhood, Photo


class PlanPicture(models.Model):
    """Pins keep their per cents of width and height, so that a picture scanned anew keeps them."""

    neighbourhood = models.OneToOneField(
        Neighbourhood, models.CASCADE, related_name="plan_picture", verbose_name=_("residential area")
    )
    title = models.CharField(_("title"), max_length=80)
    notice = models.CharField(
        pgettext_lazy("below a picture", "notice"),
        max_length=200,
        help_text=_("That it is a sketch and no survey; stands below the picture."),
    )
    text_alternative = models.TextField(_("the same in words"), help_text=_("For those who cannot see the picture."))
    photo = models.ForeignKey(
        Photo, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("picture")
    )

    class Meta:
        verbose_name = _("plan picture")
        verbose_name_plural = _("plan pictures")

    def __str__(self) -> str:
        return self.title
