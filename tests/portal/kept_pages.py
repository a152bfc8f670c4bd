"""Pages asked until they come from memory, what each costs, and commits that raise the version."""

import pytest
from django.db import connection
from django.test import Client

__all__ = ["commits", "costs", "warm"]

CALENDAR = "/lane-600/calendar/"


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """What happens within is committed, as far as whoever waits for a commit can tell."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def warm(page_cache, client, neighbourhood):
    """Ask until the page comes from memory, and say what it reads."""

    def ask(path: str = CALENDAR, **extra) -> str:
        for _ in range(2):  # the first of all gives the neighbourhood its version
            client.get(path, **extra)
        return client.get(path, **extra).content.decode()

    return ask


@pytest.fixture
def costs(client):
    """How many queries a page takes; none comes from memory."""

    def count(path: str = CALENDAR, asker: Client | None = None, **extra) -> int:
        with connection.execute_wrapper(counted := Counter()):
            (asker or client).get(path, **extra)
        return counted.count

    return count


class Counter:
    count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)
