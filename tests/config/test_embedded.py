"""Worker and beat as threads of one process; these hold Celery's half-internal parts to their word."""

import threading
import time

import pytest

from config import embedded
from config.beat import BeatingScheduler
from config.celery import app as celery_app
from people.models import Heartbeat


@pytest.fixture
def database_of_its_own(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_only_one_embedded_process_per_database(database_of_its_own, settings, monkeypatch):
    with embedded.alone_on_the_database():
        with (
            pytest.raises(embedded.AlreadyServed, match=r"another embedded portal \(process \d+\) already works"),
            embedded.alone_on_the_database(),
        ):
            pass
        monkeypatch.setitem(settings.DATABASES["default"], "NAME", "another")
        with embedded.alone_on_the_database():
            pass


def test_the_lock_is_free_again_afterwards(database_of_its_own):
    for _ in range(2):
        with embedded.alone_on_the_database():
            pass


@pytest.mark.slow
def test_embedded_worker_runs_tasks_and_stops(monkeypatch):
    app = celery_app
    if not app.conf.broker_url.startswith("memory:"):
        pytest.skip("The embedded broker is the one in memory.")
    ran = threading.Event()
    schedule = app.conf.beat_schedule
    app.conf.beat_schedule = {"soon": {"task": "tests.embedded", "schedule": 0.2}}
    monkeypatch.setattr(BeatingScheduler, "_say_alive", lambda self: None)

    @app.task(name="tests.embedded")
    def note():
        ran.set()

    real_heartbeat = app.tasks.pop("people.tasks.heartbeat_worker", None)

    @app.task(name="people.tasks.heartbeat_worker")
    def heartbeat():
        """Stands in for the real one: this test has no database in its threads."""

    before = threading.active_count()
    try:
        with embedded.worker_and_beat(concurrency=1):
            assert ran.wait(timeout=10)
        end = time.monotonic() + 10
        while threading.active_count() > before and time.monotonic() < end:
            time.sleep(0.1)
        assert not [thread.name for thread in threading.enumerate() if thread.name in {"celery-worker", "Beat"}]
    finally:
        app.conf.beat_schedule = schedule
        app.tasks.pop("tests.embedded")
        if real_heartbeat:
            app.tasks["people.tasks.heartbeat_worker"] = real_heartbeat


@pytest.mark.django_db(transaction=True)  # beat renews connections, which a test's transaction would not survive
def test_beat_says_that_it_lives_and_does_not_repeat_itself():
    scheduler = BeatingScheduler(celery_app, schedule={}, lazy=True)

    scheduler._say_alive()
    first = Heartbeat.objects.get(name="beat").beaten_at
    scheduler._say_alive()

    assert Heartbeat.objects.get(name="beat").beaten_at == first


@pytest.mark.django_db(transaction=True)
def test_beat_goes_on_when_the_database_is_away(monkeypatch):
    from django.db import OperationalError

    def away(**_):
        raise OperationalError("gone")

    monkeypatch.setattr(Heartbeat.objects, "update_or_create", away)

    BeatingScheduler(celery_app, schedule={}, lazy=True)._say_alive()
