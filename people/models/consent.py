"""Standing consents: per purpose, to a versioned text, revocable as easily as given (V5)."""

import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models.account import User
from people.models.person import Person


class Channel(models.TextChoices):
    """How something reached us; used by consents and bookings alike."""

    WEB = "web", _("web")
    PHONE = "phone", _("phone")
    PAPER = "paper", _("paper")
    IN_PERSON = "in_person", _("in person")
    ROSTER = "roster", _("roster")


class ConsentText(models.Model):
    """The very words someone agreed to; a new wording is a new version, an old one is never edited."""

    class Audience(models.TextChoices):
        RESIDENT = "resident", _("residents")
        GUARDIAN = "guardian", _("guardians")

    audience = models.CharField(_("for"), max_length=10, choices=Audience.choices)
    version = models.CharField(_("version"), max_length=40)
    body = models.TextField(_("text (Chinese)"))
    body_en = models.TextField(_("text (English)"), blank=True)
    published_on = models.DateField(_("in force from"))
    sha256 = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["-published_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["audience", "version"], name="consent_text_version")]

    def __str__(self) -> str:
        return self.version

    def save(self, *args, **kwargs) -> None:
        self.sha256 = hashlib.sha256(f"{self.body}\0{self.body_en}".encode()).hexdigest()
        super().save(*args, **kwargs)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self):
        return self.filter(revoked_at=None)


class Consent(models.Model):
    class Purpose(models.TextChoices):
        DATA = "data", _("keep and use personal data")
        SERVICE = "service", _("take part in volunteering")
        RECORD = "record", _("record service time")
        PHOTO = "photo", _("publish recognisable photos")
        NICKNAME = "nickname", _("show the nickname in public")

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents", verbose_name=_("person"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="consents", verbose_name=_("text"))
    given_by = models.ForeignKey(Person, models.CASCADE, related_name="consents_given", verbose_name=_("given by"))
    given_at = models.DateTimeField(_("given at"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.WEB)
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    # Only where it was typed in later than it was given, from a paper.
    entered_at = models.DateTimeField(_("entered at"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["person", "purpose", "given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose", "given_by"],
                condition=models.Q(revoked_at=None),
                name="consent_in_force_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_purpose_display()}"
