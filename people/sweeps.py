"""What is done by the clock: each app registers its sweeps in ``AppConfig.ready()``; a jump of the clock runs them."""

import logging
from collections.abc import Callable

from people import outbox

logger = logging.getLogger(__name__)

_sweeps: list[Callable[[], object]] = []


def register(sweep: Callable[[], object]) -> Callable[[], object]:
    """Have ``sweep()`` run after each step of a jump. In service, beat calls it by its own task."""
    if sweep not in _sweeps:
        _sweeps.append(sweep)
    return sweep


def run_all() -> None:
    """Every sweep once, then what they wrote is sent. One that fails keeps no other from running."""
    for sweep in [*_sweeps, outbox.dispatch]:
        try:
            sweep()
        except Exception:
            logger.exception("A sweep failed")
