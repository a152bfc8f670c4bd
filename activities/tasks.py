"""What beat calls; no rule of its own here."""

import logging

from celery import shared_task

from activities.operations import consents, lifecycle, offers, reminders
from portal import clock

logger = logging.getLogger(__name__)


@shared_task
def queue_due_reminders() -> int:
    """Write the reminders that fell due; returns how many messages."""
    written = reminders.queue_due(clock.now()) + consents.remind_missing(clock.now())
    if written:
        logger.info("%d reminders written", written)
    return written


@shared_task
def lapse_offers() -> int:
    """End offers and consents whose time is over and fill seats; returns how many rows lapsed."""
    lapsed = offers.lapse_due(clock.now())
    if lapsed:
        logger.info("%d sign-ups lapsed", lapsed)
    return lapsed


@shared_task
def finish_past_activities() -> int:
    """Set what is over to done; returns how many."""
    finished = lifecycle.finish_past(clock.now())
    if finished:
        logger.info("%d activities finished", finished)
    return finished
