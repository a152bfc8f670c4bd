"""Start gunicorn on a free port of the loopback, and stop it again."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    def worker_megabytes(self) -> int:
        """Resident memory of the largest worker; 0 where the system does not tell (it does on Linux)."""
        return max((megabytes(pid) for pid in children(self.pid)), default=0)

    def cpu_seconds(self) -> float:
        """What the workers' threads have spent on a processor so far; 0 where the system does not tell."""
        spent = 0
        for pid in children(self.pid):
            for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
                with contextlib.suppress(OSError):
                    spent += int(thread.read_text().split()[0])
        return spent / 1e9


def children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def megabytes(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) // 1024
    return 0


@contextlib.contextmanager
def gunicorn(workers: int, *, wsgi: str = "bench.wsgi:application", page_cache_mb: int = 8) -> Iterator[Server]:
    """Yields the server once it answers; ends the process it started, and no other."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", wsgi, "--bind", f"127.0.0.1:{port}", "--workers", str(workers),
        "--worker-class", "gthread", "--threads", "1", "--keep-alive", "60", "--backlog", "2048", "--timeout", "120",
        "--no-control-socket", "--log-level", "error", "--preload",
    ]  # fmt: skip
    environment = {"DJANGO_SETTINGS_MODULE": "bench.settings", "PAGE_CACHE_MB": str(page_cache_mb)}
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise RuntimeError("the web server of the bench ended before it answered")
            with contextlib.suppress(OSError):
                urlopen(f"http://127.0.0.1:{port}/bare/hello/", timeout=5).read()
                break
            time.sleep(0.1)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
