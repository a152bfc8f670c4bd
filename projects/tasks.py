"""What beat calls; no rule of its own here."""

import logging

from celery import shared_task

from portal import clock
from projects.operations import feedback, following

logger = logging.getLogger(__name__)


@shared_task
def tell_feedback_outcomes() -> int:
    """Write to those whose feedback was answered; returns how many messages."""
    written = feedback.tell_settled(clock.now())
    if written:
        logger.info("%d people are told what became of their feedback", written)
    return written


@shared_task
def queue_project_digests() -> int:
    """Write the week's news to followers; returns how many messages."""
    written = following.queue_digests(clock.now())
    if written:
        logger.info("%d digests written", written)
    return written
