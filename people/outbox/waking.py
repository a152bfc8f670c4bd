"""Sending at once: a worker is woken when a transaction that wrote due messages commits.

The rows are the queue of record, and the minute sweep is the net below. So a wake-up call may be lost, but must never make
a request wait: asking a broker that is away takes seconds, and a thread of its own does the waiting.
"""

import logging
import queue
import threading

from celery import current_app
from django.db import transaction

from people.models import Message

logger = logging.getLogger(__name__)

MANY = 50  # from here on the worker is asked for whatever is due instead of by name

Ids = list[int] | None  # None: whatever is due

_calls: queue.SimpleQueue[Ids] = queue.SimpleQueue()
_caller: threading.Thread | None = None
_starting = threading.Lock()


class _Wake:
    """One wake-up call for all messages of a transaction."""

    def __init__(self) -> None:
        self.ids: Ids = []

    def add(self, ids: Ids) -> None:
        self.ids = _together(self.ids, ids)

    def __call__(self) -> None:
        wake(self.ids)


def send_on_commit(message: Message | None) -> None:
    """Wake a worker once this transaction is committed; None: for whatever is due."""
    ids = None if message is None else [message.pk]
    for _, waiting, _ in transaction.get_connection().run_on_commit:
        if isinstance(waiting, _Wake):
            waiting.add(ids)
            return
    call = _Wake()
    call.add(ids)
    transaction.on_commit(call, robust=True)


def wake(ids: Ids) -> None:
    """Have a worker send ``ids`` now; returns at once."""
    global _caller
    _calls.put(ids)
    with _starting:
        if _caller is None or not _caller.is_alive():  # a fork leaves the thread behind
            _caller = threading.Thread(target=_call_forever, name="outbox-wake", daemon=True)
            _caller.start()


def _call_forever() -> None:
    while True:
        ids = _calls.get()
        while not _calls.empty():  # what came while the broker was slow goes in one call
            ids = _together(ids, _calls.get())
        try:
            current_app.send_task("people.tasks.dispatch_outbox", (ids,), retry=False, expires=300)
        except Exception as error:  # whatever ails the broker, the next call is tried again
            logger.warning("The broker took no wake-up call, the minute sweep will send: %s", error)


def _together(some: Ids, others: Ids) -> Ids:
    if some is None or others is None or len(some) + len(others) > MANY:
        return None
    return some + others
