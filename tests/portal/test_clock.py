"""The trial clock (docs/rules/clock.md): starts at the demo's today, advances only while a server runs, jumps in steps."""

from datetime import datetime, timedelta

import pytest

from people.models import TrialClock
from portal import clock

pytestmark = pytest.mark.django_db
START = datetime.fromisoformat("2018-12-20T09:00:00+08:00")


@pytest.fixture
def real(monkeypatch):
    """A real time that the test moves."""
    now = [datetime.fromisoformat("2026-11-23T12:00:00+00:00")]
    monkeypatch.setattr(clock, "real_now", lambda: now[0])
    return now


@pytest.fixture(autouse=True)
def trial(settings, monkeypatch):
    settings.TRIAL = True
    monkeypatch.setattr(clock, "_frozen", None)
    monkeypatch.setattr(clock, "_cache", None)


def read(monkeypatch) -> datetime:
    monkeypatch.setattr(clock, "_cache", None)
    return clock.now()


def test_it_starts_at_the_demos_today_and_stands_without_a_server(real, monkeypatch):
    assert read(monkeypatch) == START
    real[0] += timedelta(hours=1)
    assert read(monkeypatch) == START


def test_it_runs_while_a_server_renews_it_and_stops_soon_after_a_crash(real, monkeypatch):
    clock._store(alive=True)
    real[0] += timedelta(seconds=10)
    assert read(monkeypatch) == START + timedelta(seconds=10)
    clock._store(alive=True)
    real[0] += timedelta(days=3)  # killed
    assert read(monkeypatch) == START + timedelta(seconds=30)
    clock._store(alive=True)  # started again
    real[0] += timedelta(seconds=5)
    assert read(monkeypatch) == START + timedelta(seconds=35)


def test_a_jump_runs_the_sweeps_at_least_every_15_minutes(real, monkeypatch):
    seen: list[datetime] = []
    clock.jump(timedelta(hours=1, minutes=5), lambda: seen.append(read(monkeypatch)))
    gaps = [after - before for before, after in zip([START, *seen], seen, strict=False)]
    assert max(gaps) <= timedelta(minutes=15, seconds=1)  # the time that the sweeps themselves take
    assert read(monkeypatch) - (START + timedelta(hours=1, minutes=5)) < timedelta(seconds=1)


def test_a_jump_while_the_server_runs_keeps_it_running(real, monkeypatch):
    clock._store(alive=True)
    clock.jump(timedelta(hours=9), lambda: None)
    real[0] += timedelta(seconds=7)
    assert read(monkeypatch) == START + timedelta(hours=9, seconds=7)


@pytest.mark.parametrize("delta", [timedelta(0), timedelta(hours=-1)])
def test_it_never_goes_back(delta, real):
    with pytest.raises(ValueError, match="forward"):
        clock.jump(delta, lambda: None)


def test_outside_a_trial_it_is_the_real_clock_and_cannot_jump(settings, real, monkeypatch):
    settings.TRIAL = False
    with pytest.raises(ValueError, match="trial"):
        clock.jump(timedelta(hours=1), lambda: None)
    assert not TrialClock.objects.exists()
    assert abs(clock.now().year - 2018) > 5
