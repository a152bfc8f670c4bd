"""The trial as ``bootstrap.py serve`` runs it: how long a second start takes, and what all of it weighs."""

import os
import subprocess
import sys
import tempfile
import time
from urllib.error import URLError
from urllib.request import urlopen

from bench.report import Line, memory
from bench.server import free_port, megabytes

PAGES = ["", "calendar/", "projects/", "volunteers/", "news/", "learning/"]
LONGEST = 120  # seconds until a start that does not answer is given up


def run() -> list[Line]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-trial-") as folder:
        environment = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}
        }
        environment |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings.local", "TRIAL": "true"}
        prepare = [sys.executable, "manage.py", "prepare"]
        subprocess.run(prepare, env=environment, check=True, stdout=subprocess.DEVNULL)
        start(environment)
        seconds, weight = start(environment)
    return [
        Line("a trial's second start", f"{seconds:.1f} s until it answered", "< 3 s", seconds < 3),
        memory("a trial's memory: web, worker, beat", weight, 200),
    ]


def start(environment: dict[str, str]) -> tuple[float, int]:
    """(seconds until the first answer, megabytes after a walk through the pages); ends the process it started."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not answers(port, "healthz"):
            if process.poll() is not None or time.perf_counter() - began > LONGEST:
                raise RuntimeError("the trial of the bench did not start")
            time.sleep(0.02)
        seconds = time.perf_counter() - began
        for page in PAGES * 3:
            answers(port, f"lane-600/{page}")
        return seconds, megabytes(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=60)


def answers(port: int, path: str) -> bool:
    try:
        return bool(urlopen(f"http://127.0.0.1:{port}/{path}", timeout=10).read())
    except (URLError, OSError):
        return False
