"""Starting tests/people/dispatcher.py as a process of its own."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from django.db import connection

from tests.people.outbox_sink import Sink


def shared_database(folder: Path) -> str:
    """The name of a database that other processes can open: PostgreSQL's own, or a copy of SQLite's as it is now."""
    if connection.vendor == "postgresql":
        return connection.settings_dict["NAME"]
    connection.ensure_connection()
    path = folder / "copy.sqlite3"
    with sqlite3.connect(path) as copy:
        connection.connection.backup(copy)
    return str(path)


def start(database: str, sink: Sink, **job) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.people.dispatcher", json.dumps({"database": database, "port": sink.port, **job})],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def run(database: str, sink: Sink, **job) -> dict:
    process = start(database, sink, **job)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0, out
    return json.loads(out.splitlines()[-1])


def run_until_killed(database: str, sink: Sink, **job) -> None:
    process = start(database, sink, **job)
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL


def run_at_once(database: str, sink: Sink, number: int, **job) -> None:
    """Start ``number`` of them and let all go at the same moment."""
    processes = [start(database, sink, ready=True, **job) for _ in range(number)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=120)
    assert [process.returncode for process in processes] == [0] * number
