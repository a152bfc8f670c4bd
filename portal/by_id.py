"""Reading rows by their ids, hundreds at a time, so that the database cannot choose a bad way.

PostgreSQL plans by what it last counted. In tables it counted while they were empty, and that a restore, an import or this
very transaction filled since, it takes a join of three for one row, and walks through all of one inside all of another
inside all of the third. A table asked alone, by ids, costs its index, or at worst one walk through it a step.
"""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Manager, Model, QuerySet, prefetch_related_objects

STEP = 500  # ids in one SELECT; SQLite refuses ``prefetch_related`` for a thousand

Row = TypeVar("Row", bound=Model)


def read(rows: QuerySet[Row] | Manager[Row], ids: Iterable[int], *related: str) -> dict[int, Row]:
    """{id: row}, each with ``related`` loaded: one SELECT for each table and step, none with a join."""
    wanted = sorted(set(ids))
    found: dict[int, Row] = {}
    for start in range(0, len(wanted), STEP):
        found |= rows.order_by().prefetch_related(*related).in_bulk(wanted[start : start + STEP])
    return found


def with_related(rows: Iterable[Row], *related: str) -> list[Row]:
    """The same ``rows``, whatever they were asked by, with ``related`` loaded as :func:`read` does."""
    listed = list(rows)
    for start in range(0, len(listed), STEP):
        prefetch_related_objects(listed[start : start + STEP], *related)
    return listed
