"""Several things in the same moment, as real visitors do them: each in a thread with a connection of its own."""

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connections


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run the calls in threads that start together; what each returned, or the exception it raised.

    The test has to be ``django_db(transaction=True)``, else the threads see nothing of what it made.
    """
    results: list[object] = [None] * len(calls)
    gate = Barrier(len(calls), timeout=30)

    def run(index: int, call: Callable[[], object]) -> None:
        try:
            gate.wait()
            results[index] = call()
        except Exception as error:
            results[index] = error
        finally:
            connections.close_all()  # else the test's database cannot be dropped

    threads = [Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return results
