"""The Celery app. Tasks live in each app's ``tasks.py``; the beat schedule stands in the settings."""

import os

from celery import Celery
from celery.signals import beat_init, celeryd_init, worker_ready

from config.start import read_settings_or_stop, refuse_unreachable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("portal")
app.config_from_object("config.start:settings_or_stop", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def stop_early_on_broken_settings(**_: object) -> None:
    read_settings_or_stop()
    refuse_unreachable()


@worker_ready.connect
def say_alive_at_once(**_: object) -> None:
    app.send_task("people.tasks.heartbeat_worker")
