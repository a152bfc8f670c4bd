"""Sending at once: a worker is woken when a transaction that wrote due messages commits (people/outbox/worker_calls.py)."""

from people.models import Message
from people.outbox.worker_calls import Caller

worker = Caller("people.tasks.dispatch_outbox")


def send_on_commit(message: Message | None) -> None:
    """Wake a worker once this transaction is committed; None: for whatever is due."""
    worker.ask_on_commit(None if message is None else message.pk)
