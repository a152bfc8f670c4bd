"""What an upper app asks of its activities when they are published, moved or recorded: added in ``registration.py``.

A check, by the kind of activity that it is for, gets the most derived row as it would be saved. It may set
fields that follow from others, or raise a Refusal. What is recorded afterwards is asked as of its own day: ``at`` is
its start then, so that ``activity.has_started(at=at)`` tells it from what is to come.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from portal.registry import Registry

Check = Callable[[Any, datetime], None]
#: ``check(activity, at)``; one for each kind. community: 200; volunteers: 400.
checks = Registry[Check]("checks before publication")


def ask(activity: Any, at: datetime) -> None:
    if (check := checks.get(activity.kind)) is not None:
        check(activity, at)
