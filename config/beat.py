"""Beat with a heartbeat of its own, so that staff see when it has stopped."""

from typing import Any

from celery.beat import Scheduler
from django.db import Error, close_old_connections

from people.models import Heartbeat
from portal import clock

EVERY_SECONDS = 20


class BeatingScheduler(Scheduler):
    """Celery's plain scheduler, which also says in ``Heartbeat`` that it lives.

    It keeps no file of last runs: each task is a sweep over rows, so the first tick after a restart makes up for all.
    The worker's own row is written by the ``heartbeat`` task, so the two can be told apart on the status page.
    """

    _said_at = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> float:
        pause = super().tick(*args, **kwargs)
        self._say_alive()
        return min(pause, EVERY_SECONDS)

    def _say_alive(self) -> None:
        now = clock.real_now()
        if now.timestamp() - self._said_at < EVERY_SECONDS:
            return
        self._said_at = now.timestamp()
        close_old_connections()
        try:
            Heartbeat.objects.update_or_create(name="beat", defaults={"beaten_at": now})
        except Error as error:  # a database that is away must not stop beat, it comes back
            self.logger.warning("The heartbeat could not be written: %s", error)
