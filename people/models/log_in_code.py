"""Codes that were asked for at the log-in, so that brakes and tries hold without a cache and for all processes."""

from django.db import models


class CodeAsked(models.Model):
    """One code, of one browser, for one address. Kept for a day, in real time; addresses and origins only as digests.

    tries: of this browser alone, so that a stranger's do not spend the owner's.
    """

    mailbox = models.CharField(max_length=64)
    origin = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["mailbox", "asked_at"], name="code_asked_by_mailbox"),
            models.Index(fields=["origin", "asked_at"], name="code_asked_by_origin"),
            models.Index(fields=["asked_at"], name="code_asked_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.mailbox[:8]} {self.asked_at}"
