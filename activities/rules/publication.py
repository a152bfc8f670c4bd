"""What an upper app asks of its activities when they are published or moved: a small registry filled in ``AppConfig.ready()``.

    publication.register("deliberation", notice_is_in_time)   # def notice_is_in_time(activity, at) -> None

A check gets the most derived row as it would be saved. It may set fields that follow from others, or raise a Refusal.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

Check = Callable[[Any, datetime], None]
_checks: dict[str, list[Check]] = defaultdict(list)


def register(kind: str, check: Check) -> None:
    if check not in _checks[kind]:
        _checks[kind].append(check)


def ask(activity: Any, at: datetime) -> None:
    for check in _checks[activity.kind]:
        check(activity, at)
