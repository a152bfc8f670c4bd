"""What the worker does for people/. Rows are the queue of record; a lost task is made up for by the next sweep."""

from celery import shared_task

from people import outbox
from people.models import Heartbeat
from people.operations import photos
from people.search import index
from portal import clock


@shared_task
def dispatch_outbox(ids: list[int] | None = None) -> str:
    """Send what is due; beat calls it every minute, and whoever wrote a message calls it with that message's id."""
    return str(outbox.dispatch(only=ids))


@shared_task
def read_bounces() -> int:
    """Read what came back to the mailbox for bounces, where one is set. Returns how many bounces there were."""
    return outbox.read_mailbox()


@shared_task
def heartbeat_worker() -> None:
    """A worker lives. Beat says so of itself (config/beat.py), so that the two can be told apart."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"beaten_at": clock.real_now()})


@shared_task
def sweep_search() -> int:
    """Strike out what is public no longer, add what became so by the clock. Returns how many documents it changed."""
    return index.sweep()


@shared_task
def rebuild_search() -> int:
    """Every night each public row is read again. Returns how many documents there are."""
    return index.rebuild()


@shared_task
def make_renditions(ids: list[int] | None = None) -> int:
    """Make the public files of these published photos; beat calls it every minute for those that still wait."""
    return photos.make_due_renditions(ids)


@shared_task
def sweep_public_files() -> int:
    """Delete public files that belong to no published photo."""
    return photos.sweep_public_files()
