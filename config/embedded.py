"""Worker and beat as threads of this process, on a broker in its memory: a whole portal in one process, for trials.

Celery's WorkController and beat's thread are half-internal; tests/config/test_embedded.py holds them to their word.
"""

import fcntl
import hashlib
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from celery import Celery
from celery.beat import _Threaded as BeatThread
from celery.worker import WorkController
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections

from config.celery import app as portal

logger = logging.getLogger(__name__)


class AlreadyServed(Exception):
    """Another embedded process works on the same database; the text says which."""


@contextmanager
def alone_on_the_database() -> Iterator[None]:
    """Hold the database for this process; raises AlreadyServed when another embedded portal on this machine has it.

    Two brokers in two memories would each believe to be the only one, and each would send what the other sends.
    """
    name = "\n".join(str(settings.DATABASES["default"].get(part, "")) for part in ("HOST", "PORT", "NAME"))
    path = Path(settings.VAR_DIR) / f"serving-{hashlib.sha256(name.encode()).hexdigest()[:12]}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            held.seek(0)
            owner = held.read().strip() or "unknown"
            raise AlreadyServed(
                f"another embedded portal (process {owner}) already works on this database; "
                "stop it first, or give this one its own DATABASE_URL."
            ) from error
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield  # the lock goes with the file, also when the process is killed


class _Worker(WorkController):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.is_ready = threading.Event()
        super().__init__(*args, **kwargs)

    def on_consumer_ready(self, consumer: object) -> None:
        self.is_ready.set()


@contextmanager
def worker_and_beat(app: Celery = portal, *, concurrency: int = 2) -> Iterator[None]:
    """Run worker and beat while the block does; both have stopped, and closed their connections, when it ends."""
    app.loader.import_default_modules()
    app.finalize()
    if app.conf.broker_url.startswith("memory:"):
        app.conf.broker_transport_options = {"polling_interval": 0.1}
    worker = _Worker(
        app=app,
        pool="threads",
        concurrency=concurrency,
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
    )
    # Beat that never sleeps longer than a second also stops within one.
    beat = BeatThread(app, max_interval=1, remote_control=False, scheduler_cls=app.conf.beat_scheduler)
    running = threading.Thread(target=_run, args=(worker.start,), name="celery-worker", daemon=True)
    running.start()
    if not worker.is_ready.wait(timeout=60):
        raise RuntimeError("The embedded worker did not start within a minute.")
    beat.start()
    app.send_task("people.tasks.heartbeat_worker")
    try:
        yield
    finally:
        beat.stop()
        worker.stop()
        running.join(timeout=10)


def _run(start: Any) -> None:
    try:
        start()
    finally:
        connections.close_all()


class _RequestHandler(WSGIRequestHandler):
    timeout = 60  # seconds a silent keep-alive connection may hold its thread

    def handle(self) -> None:
        try:
            super().handle()
        except TimeoutError:
            self.close_connection = True


class _Server(ThreadedWSGIServer):
    request_queue_size = 128
    block_on_close = False


def web_server(host: str, port: int, application: Any) -> ThreadedWSGIServer:
    """A threaded server that already listens; raises OSError when the address cannot be had."""
    server = _Server((host, port), _RequestHandler, ipv6=":" in host)
    server.set_app(application)
    return server
