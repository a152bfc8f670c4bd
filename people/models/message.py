"""The outbox: every message to a person and what it was about, written before anything is sent (docs/rules/messages.md)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models.neighbourhood import Neighbourhood
from people.models.person import Person


class Message(models.Model):
    """One e-mail, or one entry of the phone list, to one person.

    ``due_at``, ``expires_at``, ``sent_at`` go by the portal's clock; ``next_try_at`` and ``lease_until`` by real time.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        CLAIMED = "claimed", _("taken by a worker")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        IN_DOUBT = "in_doubt", _("in doubt")
        EXPIRED = "expired", _("no longer needed")

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("phone list")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="messages", verbose_name=_("residential area")
    )
    recipient = models.ForeignKey(Person, models.CASCADE, related_name="messages", verbose_name=_("recipient"))
    channel = models.CharField(_("channel"), max_length=5, choices=Channel.choices)
    kind = models.CharField(_("kind"), max_length=40)
    message_id = models.CharField("Message-ID", max_length=120, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PENDING)
    queued_at = models.DateTimeField(_("written at"))
    due_at = models.DateTimeField(_("due at"))
    expires_at = models.DateTimeField(_("useless after"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try at"), null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    maybe_doubled = models.BooleanField(_("may have arrived twice"), default=False)
    address = models.CharField(_("sent to"), max_length=254, blank=True)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    handled_by = models.ForeignKey(
        "people.User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("told by")
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-queued_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(state__in=["pending", "in_doubt"], channel="email"),
                name="message_to_send",
            ),
            models.Index(
                fields=["lease_until"], condition=models.Q(state__in=["claimed", "sending"]), name="message_in_hand"
            ),
            models.Index(fields=["neighbourhood", "state", "queued_at"], name="message_by_state"),
            models.Index(
                fields=["expires_at"], condition=models.Q(state="pending", channel="phone"), name="message_to_tell"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"


class Occasion(models.Model):
    """What a message was about. ``key`` names the row (``sign_up:7``); ``revision`` that row's place and time."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="occasions", verbose_name=_("message"))
    recipient = models.ForeignKey(Person, models.CASCADE, related_name="occasions", verbose_name=_("recipient"))
    subject_person = models.ForeignKey(Person, models.CASCADE, related_name="occasions_about", verbose_name=_("about"))
    key = models.CharField(_("key"), max_length=60)
    kind = models.CharField(_("kind"), max_length=40)
    revision = models.PositiveIntegerField(_("revision"), default=1)

    class Meta:
        verbose_name = _("occasion")
        verbose_name_plural = _("occasions")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "subject_person", "key", "kind", "revision"], name="occasion_once"
            ),
        ]
        indexes = [models.Index(fields=["key", "kind"], name="occasion_by_key")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} r{self.revision}"


class OptOut(models.Model):
    """A kind of message someone does not want; only kinds that declare themselves optional are asked for."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="opt_outs", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=40)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("unwanted kind of message")
        verbose_name_plural = _("unwanted kinds of message")
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="opt_out_once")]

    def __str__(self) -> str:
        return self.kind
