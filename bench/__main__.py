"""Sets up a database of its own, runs every part, prints the table, and takes the database away again."""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from bench.server import free_port


def main() -> int:
    parser = argparse.ArgumentParser(prog="bootstrap.py bench", description=__doc__)
    parser.add_argument("--crowd", type=int, default=200, help="parallel sign-ups of the storm (at most 400)")
    parser.add_argument("--mails", type=int, default=10_000, help="reminders to send (at most 20000)")
    parser.add_argument("--only", choices=["pages", "storm", "trial", "mails"], help="one part alone")
    chosen = parser.parse_args()
    crowd, mails = min(chosen.crowd, 400), min(chosen.mails, 20_000)

    given = os.environ.get("DATABASE_URL", "")
    postgres = given.startswith("postgres")
    folder = tempfile.TemporaryDirectory(prefix="portal-bench-")
    name = f"portal_bench_{os.getpid()}"
    parts = urlsplit(given)
    os.environ["DATABASE_URL"] = (
        urlunsplit(parts._replace(path=f"/{name}")) if postgres else f"sqlite:///{Path(folder.name) / 'bench.sqlite3'}"
    )
    os.environ["BENCH_CACHE_URL"] = (
        broker if (broker := os.environ.get("CELERY_BROKER_URL", "")).startswith("redis") else ""
    )
    os.environ["BENCH_SMTP_PORT"] = str(free_port())
    os.environ["VAR_DIR"] = folder.name
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    print(f"Bench on {'PostgreSQL' if postgres else 'SQLite, because no PostgreSQL was found'}", end="")
    print(f" and {'Redis' if os.environ['BENCH_CACHE_URL'] else 'no Redis'}, {os.cpu_count()} cores.", flush=True)
    if postgres:
        administer(given, f'CREATE DATABASE "{name}"')
    try:
        return measure(chosen.only, crowd if postgres else min(crowd, 50), mails, postgres=postgres)
    finally:
        if postgres:
            from django.db import connections  # only after set-up

            connections.close_all()
            administer(given, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        folder.cleanup()


def administer(url: str, statement: str) -> None:
    import psycopg  # only where PostgreSQL is used

    with psycopg.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


def measure(only: str | None, crowd: int, mails: int, *, postgres: bool) -> int:
    import django  # the settings are chosen by now

    django.setup()
    from django.core.management import call_command

    from bench import mails as mail_bench
    from bench import pages, seed, storm, trial
    from bench.report import Line, memory, table
    from bench.server import gunicorn

    def say(words: str) -> None:
        print(f"… {words}", flush=True)

    say("making the database")
    call_command("migrate", verbosity=0)
    neighbourhood = seed.neighbourhood()
    lines: list[Line] = []
    if only in {None, "pages"}:
        say("pages")
        activities = [seed.shift(neighbourhood, days=1 + index / 4, title=f"活动{index}") for index in range(20)]
        member = seed.person(neighbourhood, 1, with_account=True)
        for activity in activities:
            seed.book(activity, [seed.person(neighbourhood, activity.pk * 100 + number) for number in range(5)])
        seed.book(activities[0], [member])
        piece = seed.piece(neighbourhood)
        with gunicorn(1) as server:
            lines += pages.from_cache(server, neighbourhood, piece)
        with gunicorn(1, page_cache_mb=0) as server:
            lines += pages.made_anew(server, neighbourhood, member, activities[0])
            lines.append(memory("a worker's memory after the pages", server.worker_megabytes(), 120))
    if only in {None, "storm"}:
        say("the sign-up storm")
        lines += storm.run(neighbourhood, crowd=crowd, workers=8, control=postgres)
    if only in {None, "trial"}:
        say("a trial of its own, started twice")
        lines += trial.run()
    if only in {None, "mails"}:
        say("reminders")
        lines += mail_bench.run(neighbourhood, mails)
    print()
    print(table(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
