"""Who opened a minor's record, and when (V6, L3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models.account import User
from people.models.neighbourhood import Neighbourhood
from people.models.person import Person


class AccessLog(models.Model):
    """One opening of one record. Rows are only ever added; the yearly compliance audit reads them."""

    class Page(models.TextChoices):
        RECORD = "record", _("the record")
        HISTORY = "history", _("its history")
        CONSENTS = "consents", _("the consents")
        FILE = "file", _("a file about them")
        SLIP = "slip", _("the slip of a sign-up")
        SHEET = "sheet", _("an attendance sheet")
        CALL = "call", _("the guardian's number")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="access_log", verbose_name=_("residential area")
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="access_log", verbose_name=_("whose record"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("opened by"))
    opened_at = models.DateTimeField(_("opened at"))
    page = models.CharField(_("what was opened"), max_length=8, choices=Page.choices, default=Page.RECORD)

    class Meta:
        verbose_name = _("opening of a minor's record")
        verbose_name_plural = _("openings of minors' records")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["neighbourhood", "-opened_at"], name="access_log_by_date")]

    def __str__(self) -> str:
        return f"{self.user} → {self.person}"
