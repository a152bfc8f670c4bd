"""Forms of staff that have been saved."""

from django.db import models

from people.models.account import User


class SentForm(models.Model):
    """A form for something new was saved once (A3): sent again it leads to what was made. Kept for a day."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=43)
    address = models.CharField(max_length=300)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="sent_form_once")]

    def __str__(self) -> str:
        return self.address
