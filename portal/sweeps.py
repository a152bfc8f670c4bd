"""What is done by the clock: each app registers its sweeps; a jump of the clock runs them. In service, beat calls each by
its own task."""

import logging
from collections.abc import Callable

from portal.registry import Registry

logger = logging.getLogger(__name__)

#: In order: what writes messages comes before what sends them.
sweeps = Registry[Callable[[], object]]("sweeps")


def run_all() -> None:
    """Every sweep once, in order. One that fails keeps no other from running."""
    for sweep in sweeps:
        try:
            sweep()
        except Exception:
            logger.exception("A sweep failed")
