"""Worker and beat as threads of one process; these hold Celery's half-internal parts to their word."""

import threading

import pytest
from celery import Celery

from config import embedded
from config.beat import BeatingScheduler
from config.celery import app as celery_app
from people import tasks
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


@pytest.fixture
def app():
    """A Celery app of this test, on memory whatever broker the suite runs with; the pool's threads ask for the default."""
    app = Celery("embedded-test", broker="memory://", set_as_current=False)
    app.set_default()
    yield app
    celery_app.set_default()


@pytest.mark.slow
def test_embedded_worker_runs_what_beat_sends_and_stops(app, monkeypatch):
    app.conf.update(
        beat_schedule={"soon": {"task": "tests.embedded", "schedule": 0.2}},
        beat_scheduler="config.beat:BeatingScheduler",
        task_default_queue="embedded-test",
        task_ignore_result=True,
    )
    monkeypatch.setattr(BeatingScheduler, "_say_alive", lambda self: None)  # this test's threads have no database
    monkeypatch.setattr("config.celery.refuse_unreachable", lambda: None)
    ran, greeted = threading.Event(), threading.Event()

    @app.task(name="tests.embedded")
    def run():
        ran.set()

    monkeypatch.setattr(tasks.Heartbeat.objects, "update_or_create", lambda **_: greeted.set())

    with embedded.worker_and_beat(app, concurrency=1):
        assert ran.wait(timeout=60)
        assert greeted.wait(timeout=60)

    left = {thread.name for thread in threading.enumerate()}
    assert not left & {"celery-worker", "Beat"}


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
