"""Small records by which the portal looks after itself."""

from django.db import models


class TrialClock(models.Model):
    """At real time ``anchored_at`` the trial clock stood at ``position``; it runs on while real time < ``alive_until``."""

    position = models.DateTimeField()
    anchored_at = models.DateTimeField()
    alive_until = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.position)


class Heartbeat(models.Model):
    """When ``worker`` and ``beat`` last showed life, in real time."""

    name = models.CharField(max_length=20, primary_key=True)
    beaten_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
