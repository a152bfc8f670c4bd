"""The one clock of domain code. Outside trial mode it is the real one; rules in docs/rules/clock.md.

Framework records (sessions, LogEntry, allauth), codes, leases and heartbeats keep real time: :func:`real_now`.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.page_cache import version

STEP = timedelta(minutes=15)  # a jump runs every sweep after each step of at most this length
BEAT = timedelta(seconds=10)  # how often a running server says that the trial clock may go on

_frozen: datetime | None = None
_model: Any = None  # with position, anchored_at and alive_until; people.models.TrialClock
_cache: tuple[float, datetime] | None = None  # (monotonic reading, trial time) read from the database a moment ago


def real_now() -> datetime:
    """Aware real time, for leases, heartbeats and the age of tokens."""
    return timezone.now()


def is_trial() -> bool:
    return settings.TRIAL


def now() -> datetime:
    """Aware time in UTC that every rule goes by."""
    if _frozen is not None:
        return _frozen
    if not settings.TRIAL:
        return timezone.now()
    return _trial_now()


def today() -> date:
    """The day in Asia/Shanghai, by which ages and deadlines are counted (V4)."""
    return local_date(now())


def local_date(moment: datetime) -> date:
    return timezone.localtime(moment).date()


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at ``at`` in every thread of this process; for tests."""
    global _frozen
    before, _frozen = _frozen, at
    try:
        yield
    finally:
        _frozen = before


# The trial clock. Its row says: at real time `anchored_at` it was `position`, and it may run until real `alive_until`.


def _trial_now() -> datetime:
    global _cache
    if _cache is not None and time.monotonic() - _cache[0] < 1:
        return _cache[1] + timedelta(seconds=time.monotonic() - _cache[0])
    moment = _read(_row())
    _cache = (time.monotonic(), moment)
    return moment


def keep_trial_time_in(model: Any) -> None:
    """Say which model holds the trial clock's row: the clock lies below all models. Called once, when the apps are ready."""
    global _model
    _model = model


def _row(*, lock: bool = False) -> Any:
    if _model is None:
        raise RuntimeError("The trial clock has no row to be kept in; people.apps names it.")
    rows = _model.objects.select_for_update() if lock else _model.objects.all()
    row = rows.filter(pk=1).first()
    if row is None:
        start = datetime.fromisoformat(settings.TRIAL_STARTS_AT)
        row, _ = _model.objects.get_or_create(
            pk=1, defaults={"position": start, "anchored_at": real_now(), "alive_until": real_now()}
        )
    return row


def _read(row) -> datetime:
    ran = min(real_now(), row.alive_until) - row.anchored_at
    return row.position + max(ran, timedelta(0))


def _store(position: datetime | None = None, *, alive: bool) -> None:
    """Anchor the row anew; the clock stands still from ``alive_until`` on, so that it only runs while a server does."""
    global _cache
    with transaction.atomic():
        row = _row(lock=True)
        row.position = position or _read(row)
        row.anchored_at = real_now()
        still_running = row.alive_until > row.anchored_at
        if alive or still_running:
            row.alive_until = row.anchored_at + BEAT * 2
        else:
            row.alive_until = row.anchored_at
        row.save()
    _cache = None


def jump(delta: timedelta, sweep) -> datetime:
    """Move the trial clock forward, in steps of at most 15 minutes, calling ``sweep()`` after each; returns the new time.

    Raises ValueError outside trial mode or for a step back.
    """
    if not settings.TRIAL or delta <= timedelta(0):
        raise ValueError("The clock can only be moved forward, and only in trial mode.")
    goal = now() + delta
    while (moment := now()) < goal:
        _store(min(moment + STEP, goal), alive=False)
        sweep()
        version.raise_version(None)
    return now()


@contextmanager
def keep_running() -> Iterator[None]:
    """Let the trial clock run while the block does; the embedded server wraps itself in this. No-op outside trial."""
    if not settings.TRIAL:
        yield
        return
    stop = threading.Event()

    def beat() -> None:
        from django.db import connection

        while not stop.wait(BEAT.total_seconds()):
            _store(alive=True)
        connection.close()

    _store(alive=True)
    thread = threading.Thread(target=beat, name="trial-clock", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)
