"""The trial as a visitor meets it: one process that answers, works and stops when told."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from bootstrap import free_port
from config.settings.environment import BASE_DIR


def get(url):
    """(status, body) of an address; None while nobody listens."""
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except urllib.error.URLError:
        return None


def wait_until(condition, *, seconds=120):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.1)
    return found


@pytest.fixture
def trial(tmp_path):
    """The environment of a trial in a folder of its own, with an empty database."""
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=BASE_DIR, env=environment, check=True)
    (tmp_path / "demo_accounts.txt").write_text(
        "zhao.yueqin@example.org  secret\nhttp://127.0.0.1:8000/accounts/join/\n"
    )
    return environment


@pytest.mark.slow
def test_serve_answers_works_and_stops(trial, tmp_path):
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=BASE_DIR, env=trial, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until(lambda: get(f"{address}/healthz") == (200, "ok\n"))
            told = json.loads(wait_until(lambda: (ready := get(f"{address}/readyz")) and ready[0] == 200 and ready[1]))
            style, _ = get(f"{address}/static/css/portal.css")
            second = subprocess.run(
                [*command[:-1], str(free_port())], cwd=BASE_DIR, env=trial, capture_output=True, text=True, timeout=120
            )
            os.kill(server.pid, signal.SIGTERM)
            said = server.stdout.read()
            code = server.wait(timeout=60)
        finally:
            server.kill()

    assert told["ready"]
    assert style == 200
    assert f"another embedded portal (process {server.pid}) already works on this database" in second.stderr
    assert "Traceback" not in second.stderr + said
    assert "zhao.yueqin@example.org  secret" in said
    assert f"http://127.0.0.1:{port}/accounts/join/" in said
    assert f"http://127.0.0.1:{port}/mailbox/" in said
    assert said.rstrip().endswith("Stopped.")
    assert code == 0


@pytest.mark.slow
def test_a_taken_port_is_said_in_one_sentence(tmp_path):
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "manage.py", "serve", "--port", str(port)]
        result = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=120)

    assert result.returncode == 1
    assert f"127.0.0.1:{port} cannot be listened on" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
