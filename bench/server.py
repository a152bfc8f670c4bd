"""Start gunicorn on a free port of the loopback, and stop it again."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.request import urlopen


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextlib.contextmanager
def gunicorn(workers: int, *, wsgi: str = "bench.wsgi:application") -> Iterator[int]:
    """Yields the port once the server answers; ends the process it started, and no other."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", wsgi, "--bind", f"127.0.0.1:{port}", "--workers", str(workers),
        "--worker-class", "gthread", "--threads", "1", "--keep-alive", "60", "--backlog", "2048", "--timeout", "120",
        "--no-control-socket", "--log-level", "error", "--preload",
    ]  # fmt: skip
    process = subprocess.Popen(command, env={**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings"})
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise RuntimeError("the web server of the bench ended before it answered")
            with contextlib.suppress(OSError):
                urlopen(f"http://127.0.0.1:{port}/bare/hello/", timeout=5).read()
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
