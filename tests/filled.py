"""For tests that fill tables with thousands of rows: what PostgreSQL's planner believes of them."""

import pytest
from django.db import connection
from django.db.models import Model


def analyse(*models: type[Model]) -> None:
    """Let PostgreSQL count what the test has just filled.

    On a server autovacuum does so within a minute. It never sees rows of a test's own transaction, only that the tables
    are empty between two tests, and the planner takes its word for it.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(_names(models))}")


def count_as_empty(*models: type[Model]) -> None:
    """Have PostgreSQL believe until the end of this transaction that these tables were empty when it last looked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() != (True,):
            pytest.skip("only a superuser may write what PostgreSQL counted")
        cursor.execute(
            "UPDATE pg_class SET reltuples = 0, relpages = 1 WHERE oid = ANY(%s::regclass[])", [_names(models)]
        )


def _names(models: tuple[type[Model], ...]) -> list[str]:
    return [connection.ops.quote_name(model._meta.db_table) for model in models]
