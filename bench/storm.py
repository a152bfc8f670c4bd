"""The sign-up storm: real HTTP, separate people, CSRF and all; with families; and the control without the lock."""

import threading
import time
from collections import Counter

from bench import client, seed
from bench.report import Line, memory
from bench.server import gunicorn
from people.models import Heartbeat


def at_once(jobs) -> tuple[list[object], float]:
    """Run the jobs in threads that start together; (results or exceptions, seconds until the last was done)."""
    results: list[object] = [None] * len(jobs)
    gate = threading.Barrier(len(jobs) + 1)

    def run(index: int, job) -> None:
        try:
            gate.wait(timeout=120)
            results[index] = job()
        except Exception as error:
            results[index] = error

    threads = [threading.Thread(target=run, args=(index, job), daemon=True) for index, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    gate.wait(timeout=120)
    start = time.perf_counter()
    for thread in threads:
        thread.join(timeout=180)
    return results, time.perf_counter() - start


def poster(port: int, path: str, user):
    """Open the form as a signed-in resident; returns the job that sends it: its status code."""
    browser = client.Connection(port, seed.session_cookie(user))
    status, head, page = browser.request(path)
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    browser.keep_cookies(head)
    url, fields = client.read_form(page, "sign-up/")
    browser.close()

    def send() -> int:
        status, _head, _body = browser.request(url or path, fields)
        browser.close()
        return status

    return send


def storm(port: int, activity, people) -> tuple[Counter, float]:
    path = f"/{activity.neighbourhood.slug}/activities/{activity.pk}/sign-up/"
    jobs = [poster(port, path, person.user) for person in people]
    results, seconds = at_once(jobs)
    return Counter(str(result) if isinstance(result, int) else type(result).__name__ for result in results), seconds


def inserts(port: int, count: int) -> float:
    """Seconds for the bare view that stores one row, under the same crowd."""

    def job(number: int):
        browser = client.Connection(port)

        def send() -> int:
            status, _head, _body = browser.request(f"/bare/insert/?name=row{number}", {"csrf": ["none"]})
            browser.close()
            return status

        return send

    results, seconds = at_once([job(number) for number in range(count)])
    wrong = [result for result in results if result != 200]
    Heartbeat.objects.filter(name__startswith="row").delete()
    if wrong:
        raise RuntimeError(f"the bare view failed: {wrong[:3]}")
    return seconds


def in_order(activity) -> bool:
    """Whether nobody got a seat ahead of an earlier booking that fitted, and every booking is all or none."""
    free, blocked = activity.capacity, False
    for booking in activity.bookings.order_by("sequence").prefetch_related("sign_ups"):
        rows = list(booking.sign_ups.all())
        fits = not blocked and len(rows) <= free
        if {row.status for row in rows} != ({"confirmed"} if fits else {"waiting"}):
            return False
        free -= len(rows) if fits else 0
        blocked = blocked or not fits
    return True


def run(neighbourhood, *, crowd: int, workers: int, control: bool) -> list[Line]:
    people = [seed.person(neighbourhood, 10_000 + number, with_account=True) for number in range(crowd)]
    single = seed.shift(neighbourhood, days=9, title="风暴", capacity=20)
    families = seed.shift(neighbourhood, days=10, title="一家一家的风暴", capacity=20)
    lines = []
    with gunicorn(workers) as server:
        port = server.port
        bare = inserts(port, crowd)
        codes, seconds = storm(port, single, people)
        states = Counter(single.sign_ups.values_list("status", flat=True))
        right = states == {"confirmed": 20, "waiting": crowd - 20} and in_order(single) and set(codes) <= {"200", "302"}
        lines.append(
            Line(
                f"storm: {crowd} parallel, 20 seats, {workers} workers",
                f"{dict(states)}, answers {dict(codes)}",
                f"20 and {crowd - 20} in order, no 5xx",
                right,
            )
        )
        ratio = bare / seconds
        lines.append(
            Line(
                "storm: throughput",
                f"{ratio:.2f} of insert-one ({crowd / seconds:.0f}/s : {crowd / bare:.0f}/s)",
                "≥ 0.3",
                ratio >= 0.3,
            )
        )
        for number, one in enumerate(people):
            for extra in range(number % 3):
                seed.child(one, number * 10 + extra)
        codes, _seconds = storm(port, families, people)
        taken = families.sign_ups.holding_seats().count()
        right = (
            taken <= 20 and in_order(families) and set(codes) <= {"200", "302"} and families.bookings.count() == crowd
        )
        lines.append(
            Line(
                "storm: families of one to three",
                f"{taken} of 20 seats, answers {dict(codes)}",
                "≤ 20, nobody overtakes",
                right,
            )
        )
        lines.append(memory("a worker's memory after the storm", server.worker_megabytes(), 120))
    if control:
        lost = seed.shift(neighbourhood, days=11, title="没有锁的风暴", capacity=20)
        with gunicorn(workers, wsgi="bench.wsgi_unlocked:application") as server:
            codes, _seconds = storm(server.port, lost, people[:60])
        taken = lost.sign_ups.holding_seats().count()
        broken = taken > 20 or not in_order(lost) or not set(codes) <= {"200", "302"}
        lines.append(
            Line(
                "storm: control without the lock",
                f"{taken} of 20 seats, answers {dict(codes)}",
                "must go wrong",
                broken,
            )
        )
    return lines
