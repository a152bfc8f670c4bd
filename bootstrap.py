#!/usr/bin/env python3
"""Everything from a fresh clone: ``python3 bootstrap.py serve``, ``test``, ``bench`` or ``setup``.

Needs only Python 3.11 and its standard library, because on a bare Debian there is nothing else: it makes .venv,
installs the hashed lock into it, prepares the database and hands over. What is already done is not done again.
Older Pythons must still be able to read this file, up to the sentence that refuses them.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = ROOT / "var"
OLDEST = (3, 11)
LOCKS = {
    "serve": ROOT / "requirements.txt",
    "production": ROOT / "requirements" / "production.txt",
    "development": ROOT / "requirements" / "development.txt",
}
DOMAIN = ["people", "activities", "community", "projects", "volunteers", "events"]


def stop(sentence):
    print(sentence, file=sys.stderr, flush=True)
    raise SystemExit(1)


def say(text):
    print(text, flush=True)


def run(*command, **kwargs):
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=False, **kwargs)


# --- the environment ---


def can_install_packages():
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages):
    """Install Debian packages; True when all are there afterwards."""
    say(f"Installing {' '.join(packages)} from the system's packages …")
    calm = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if run(*install, env=calm, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
        return True
    run("apt-get", "update", "-q", env=calm, stdout=subprocess.DEVNULL)  # the lists were old or missing
    return run(*install, env=calm, stdout=subprocess.DEVNULL).returncode == 0


def make_venv():
    # pip comes last into a new environment: without it the making was interrupted and has to be done again.
    if PYTHON.exists() and any(VENV.glob("lib/python*/site-packages/pip/__init__.py")):
        return
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not (can_install_packages() and apt_install(package)):
            stop(f"Python's venv module is incomplete here; as root run: apt-get install {package}")
    say("Making .venv …")
    if run(sys.executable, "-m", "venv", "--clear", VENV).returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        stop("The virtual environment .venv could not be made; see the lines above.")


def install(lock):
    """Install one of LOCKS into .venv, unless that very file was installed before."""
    make_venv()
    path = LOCKS[lock]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    stamp = VENV / f".installed-{lock}"
    if stamp.exists() and stamp.read_text() == digest:
        return
    total = sum(1 for line in path.read_text().splitlines() if "==" in line and not line.startswith((" ", "#")))
    say(f"Installing up to {total} packages with checked hashes (under a minute on a common line) …")
    pip = subprocess.Popen(
        [
            str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off",
            "--require-hashes", "--only-binary", ":all:", "-r", str(path),
        ],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    seen = 0
    for line in pip.stdout or []:
        if line.startswith(("Collecting", "Requirement already satisfied")):
            seen += 1
            if sys.stdout.isatty():
                print(f"\r  {seen} of about {total}", end="", flush=True)
            elif seen % 20 == 0:
                say(f"  {seen} of about {total}")
        elif line.startswith("Installing collected packages"):
            say(("\r" if sys.stdout.isatty() else "") + "  unpacking …          ")
    if pip.wait() != 0:
        stop(f"The packages of {path.relative_to(ROOT)} could not be installed; see pip's lines above.")
    stamp.write_text(digest)


# --- what serving needs ---


def stale_catalogues():
    """The .po files whose compiled twin is missing or older. Debian comes without msgfmt: we compile them ourselves."""
    files = ROOT.glob("locale/*/LC_MESSAGES/*.po")
    return [po for po in files if not po.with_suffix(".mo").exists() or _age(po.with_suffix(".mo")) < _age(po)]


def _age(path):
    return path.stat().st_mtime_ns


def compile_catalogues():
    files = stale_catalogues()
    if files:
        say("Compiling the translations …")
        program = "import sys, polib\nfor po in sys.argv[1:]: polib.pofile(po).save_as_mofile(po[:-3] + '.mo')"
        if run(PYTHON, "-c", program, *files).returncode != 0:
            stop("The translations below locale/ could not be compiled; see the lines above.")


def fingerprint():
    """What decides whether the database must be looked at again: our migrations and the locked packages'."""
    digest = hashlib.sha256(LOCKS["serve"].read_bytes())
    for path in sorted(file for app in DOMAIN for file in (ROOT / app / "migrations").glob("*.py")):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def prepare_database():
    """Migrate, and load the demo year into an empty trial. Skipped when that was done for these migrations."""
    elsewhere = any(os.environ.get(name) for name in ("DATABASE_URL", "VAR_DIR", "ENV_FILE", "DJANGO_SETTINGS_MODULE"))
    database, stamp = VAR / "portal.sqlite3", VAR / "prepared"
    if not elsewhere and database.exists() and stamp.exists() and stamp.read_text() == fingerprint():
        return
    if run(PYTHON, "manage.py", "prepare").returncode != 0:
        raise SystemExit(1)  # the command has said why
    if not elsewhere:
        stamp.write_text(fingerprint())


def serve(arguments):
    install("production" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "serve")
    compile_catalogues()
    prepare_database()
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "manage.py", "serve", *arguments])


def setup():
    install("serve")
    compile_catalogues()
    prepare_database()
    say("Ready: python3 bootstrap.py serve")


# --- tests and bench ---


class Services:
    """PostgreSQL and Redis of our own, in a folder that goes away with us; the system's ones are left alone."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="portal-services-"))
        self.folder.chmod(0o755)
        self.processes = []
        self.postgres_url = self.redis_url = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_postgres(self):
        """Start PostgreSQL, if its programs are here; the URL or None."""
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
        found = programs[-1].parent if programs else Path(shutil.which("initdb") or "").parent
        if not (found / "postgres").exists():
            return None
        data = self.folder / "postgres"
        data.mkdir()
        as_user = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            try:
                shutil.chown(data, "postgres", "postgres")
            except LookupError:
                return None
            as_user = ["runuser", "-u", "postgres", "--"]
        words = ["-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        initdb = [*as_user, found / "initdb", "-D", data, *words]
        if subprocess.run(initdb, stdout=subprocess.DEVNULL, cwd="/", check=False).returncode != 0:
            return None
        port = free_port()
        quick = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]
        self._start(
            *as_user, found / "postgres", "-D", data, "-k", data, "-h", "127.0.0.1", "-p", port,
            *(part for setting in quick for part in ("-c", setting)),
        )  # fmt: skip
        if wait_for(port):
            self.postgres_url = f"postgres://portal@127.0.0.1:{port}/postgres"
        return self.postgres_url

    def start_redis(self):
        """Start Redis, if its program is here; the URL or None."""
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        if not program:
            return None
        port = free_port()
        self._start(program, "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", self.folder)
        if wait_for(port):
            self.redis_url = f"redis://127.0.0.1:{port}/0"
        return self.redis_url

    def _start(self, *command):
        log = (self.folder / f"{Path(str(command[0])).name}-{len(self.processes)}.log").open("w")
        self.processes.append(
            subprocess.Popen([str(part) for part in command], cwd="/", stdout=log, stderr=log, start_new_session=True)
        )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(0.5)  # PostgreSQL listens a moment before it lets anyone in
                return True
        time.sleep(0.2)
    return False


def chromium():
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def has_chinese_font():
    lister = shutil.which("fc-list")
    if not lister:
        return False
    return bool(run(lister, ":lang=zh", "family", capture_output=True, text=True).stdout.strip())


def install_test_programs():
    """Get Chromium, a Chinese font, Java, a QR reader, PostgreSQL and Redis where we may; who needs what stays missing tells it."""
    wanted = []
    if not chromium():
        wanted.append("chromium")
    if not has_chinese_font():
        wanted += ["fontconfig", "fonts-wqy-microhei"]  # without it every hanzi is a box, and no test would notice
    if not shutil.which("java"):
        wanted.append("default-jre-headless")  # for the HTML checker
    if not shutil.which("zbarimg"):
        wanted.append("zbar-tools")  # reads the QR codes of posters
    if not (list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb")):
        wanted.append("postgresql")
    if not (shutil.which("redis-server") or shutil.which("valkey-server")):
        wanted.append("redis-server")
    if wanted and can_install_packages():
        apt_install(*wanted)


class Report:
    """Runs each check, keeps its outcome, goes on to the next: one run tells everything that is wrong."""

    def __init__(self):
        self.failed = []
        self.skipped = []

    def check(self, title, *command, **environment):
        say(f"\n=== {title}")
        began = time.monotonic()
        code = run(*command, env={**os.environ, **environment}).returncode
        if code != 0:
            self.failed.append(title)
        say(f"--- {title}: {'ok' if code == 0 else f'FAILED ({code})'} in {time.monotonic() - began:.0f} s")

    def skip(self, title, why):
        self.skipped.append(f"{title}: {why}")
        say(f"\n=== {title}: SKIPPED, {why}")

    def summary(self):
        for line in self.skipped:
            say(f"Skipped  {line}")
        for title in self.failed:
            say(f"Failed   {title}")


PRODUCTION_EXAMPLE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "an-example-that-is-long-enough-and-not-used-anywhere-0123456789",
    "ALLOWED_HOSTS": "portal.example.org",
    "SITE_URL": "https://portal.example.org",
    "DATABASE_URL": "postgres://portal@127.0.0.1:5432/portal",
    "CELERY_BROKER_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "portal@example.org",
}


def test(arguments):
    """Every check of the project, then the suite on SQLite and on PostgreSQL with Redis, browser tests once.

    With CI=1 nothing may be skipped. The last line is pytest's own summary.
    """
    strict = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
    install("development")
    compile_catalogues()
    install_test_programs()
    bin_ = VENV / "bin"
    report = Report()
    report.check("ruff check", bin_ / "ruff", "check", ".")
    report.check("ruff format", bin_ / "ruff", "format", "--check", ".")
    report.check("djlint", bin_ / "djlint", "templates", "--lint", "--quiet")
    report.check("mypy", bin_ / "mypy")
    report.check("import-linter", bin_ / "lint-imports")
    testing = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    report.check("migrations are complete", PYTHON, "manage.py", "makemigrations", "--check", "--dry-run", **testing)
    report.check(
        "check --deploy in production", PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING",
        **PRODUCTION_EXAMPLE,
    )  # fmt: skip

    with Services() as services:
        postgres, redis, browser = services.start_postgres(), services.start_redis(), chromium()
        workers = str(max(2, min(4, os.cpu_count() or 2)))
        suite = [PYTHON, "-m", "pytest", "-n", workers, "--dist", "worksteal", "--durations", "10", *arguments]
        # Tests kill processes with -9, which then cannot clear up: their files go with our folder.
        temporary = services.folder / "tmp"
        temporary.mkdir()
        environment = {**testing, "TMPDIR": str(temporary)}
        if browser:
            environment["CHROMIUM"] = browser
        else:
            report.skip("browser tests", "no Chromium; as root: apt-get install chromium fonts-wqy-microhei")
        if browser and not has_chinese_font():
            report.skip("Chinese text in the browser", "no Chinese font; as root: apt-get install fonts-wqy-microhei")
        if not shutil.which("zbarimg"):
            report.skip("QR codes on posters", "no reader; as root: apt-get install zbar-tools")
        if not shutil.which("java"):
            report.skip("HTML validity", "no Java; as root: apt-get install default-jre-headless")
        marks = "not browser" if not browser else ""
        if postgres and redis:
            report.check("pytest on SQLite", *suite, "-m", "not browser", **environment)
            environment |= {"DATABASE_URL": postgres, "CELERY_BROKER_URL": redis}
        else:
            missing = " and ".join(name for name, url in [("PostgreSQL", postgres), ("Redis", redis)] if not url)
            report.skip(
                "pytest on PostgreSQL and Redis",
                f"{missing} could not be started; as root: apt-get install postgresql redis-server",
            )
        say("\n=== Outcome before the last run")
        report.summary()
        where = "PostgreSQL and Redis" if postgres and redis else "SQLite"
        say(f"=== pytest on {where}{', with the browser tests' if browser else ''}")
        last = run(*suite, "-m", marks, env={**os.environ, **environment}).returncode
    raise SystemExit(1 if report.failed or last or (strict and report.skipped) else 0)


def bench(arguments):
    install("development")
    compile_catalogues()
    with Services() as services:
        environment = dict(os.environ)
        database = os.environ.get("DATABASE_URL") or services.start_postgres()
        if database:
            environment["DATABASE_URL"] = database
        broker = os.environ.get("CELERY_BROKER_URL") or services.start_redis()
        if broker:
            environment["CELERY_BROKER_URL"] = broker
        code = run(PYTHON, "-m", "bench", *arguments, env=environment).returncode
    raise SystemExit(code)


def main():
    if sys.version_info < OLDEST:
        stop(f"The portal needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).")
    if os.name != "posix":
        stop("The portal runs on Linux and macOS; on Windows use WSL.")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="More: README.md")
    parser.add_argument("command", choices=["serve", "test", "bench", "setup"])
    chosen, rest = parser.parse_known_args()
    try:
        if chosen.command == "serve":
            serve(rest)
        elif chosen.command == "test":
            test(rest)
        elif chosen.command == "bench":
            bench(rest)
        else:
            setup()
    except KeyboardInterrupt:
        stop("Stopped.")


if __name__ == "__main__":
    main()
