"""Asking a worker at once, when a transaction commits.

The rows are the queue of record, and a sweep is the net below. So a call may be lost, but must never make a request wait:
asking a broker that is away takes seconds, and a thread of its own does the waiting.
"""

import logging
import queue
import threading

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

MANY = 50  # from here on the worker is asked for whatever is due instead of by name

Ids = list[int] | None  # None: whatever is due


class Caller:
    """Calls ``task`` with the ids of rows that want something done: ``Caller("people.tasks.make_renditions")``."""

    def __init__(self, task: str) -> None:
        self.task = task
        self._calls: queue.SimpleQueue[Ids] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def ask_on_commit(self, pk: int | None) -> None:
        """Ask once for all rows of this transaction when it is committed; None: for whatever is due."""
        ids = None if pk is None else [pk]
        for _sid, waiting, _robust in transaction.get_connection().run_on_commit:
            if isinstance(waiting, _Call) and waiting.caller is self:
                waiting.add(ids)
                return
        call = _Call(self)
        call.add(ids)
        transaction.on_commit(call, robust=True)

    def ask(self, ids: Ids) -> None:
        """Have a worker do it now; returns at once."""
        self._calls.put(ids)
        with self._starting:
            if self._thread is None or not self._thread.is_alive():  # a fork leaves the thread behind
                self._thread = threading.Thread(target=self._forever, name=f"ask {self.task}", daemon=True)
                self._thread.start()

    def _forever(self) -> None:
        while True:
            ids = self._calls.get()
            while not self._calls.empty():  # what came while the broker was slow goes in one call
                ids = together(ids, self._calls.get())
            try:
                current_app.send_task(self.task, (ids,), retry=False, expires=300)
            except Exception as error:  # whatever ails the broker, the next call is tried again
                logger.warning("The broker took no call, the next sweep will do it: %s", error)


class _Call:
    """One call for all rows of a transaction."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.ids: Ids = []

    def add(self, ids: Ids) -> None:
        self.ids = together(self.ids, ids)

    def __call__(self) -> None:
        self.caller.ask(self.ids)


def together(some: Ids, others: Ids) -> Ids:
    if some is None or others is None or len(some) + len(others) > MANY:
        return None
    return some + others
