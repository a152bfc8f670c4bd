"""What beat calls; no rule of its own here."""

import logging

from celery import shared_task

from portal import clock
from volunteers.operations import sweep

logger = logging.getLogger(__name__)


@shared_task
def tend_rotas() -> int:
    """Plan rotas ahead, ask for missing hands, warn leaders; returns how many mails were written."""
    written = sweep.tend(clock.now())
    if written:
        logger.info("%d mails about rotas written", written)
    return written
