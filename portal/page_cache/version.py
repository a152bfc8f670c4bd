"""The shared version of what is public: a number for all neighbourhoods and one for each, new after every change.

Whatever writes a row raises it: each statement passes :func:`watch`, so ``update()``, bulk writes, the admin, commands and
raw SQL count like ``save()``, and no operation can forget. Tables that no public page reads are named in ``registration.py``;
a table that nobody names counts as public. This is no rule in a signal: it decides nothing and only lets go of copies.
"""

import logging
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import models, transaction
from django.db.backends.signals import connection_created

from portal.registry import Registry

logger = logging.getLogger(__name__)

EVERYWHERE = "page-version"
# The frameworks' own tables, and the history of ours: nothing public is read from them.
QUIET_PREFIXES = ("django_", "account_", "mfa_", "auth_", "usersessions_")
#: people: 0; activities: 100; projects: 300.
quiet_models = Registry[type[models.Model]](
    "models that no public page shows", named=lambda model: model._meta.db_table
)

# Reading, the frame of a transaction, and the shape of tables, after which the server is started anew.
HARMLESS = (
    "SELECT", "(SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA", "SET ", "SHOW", "EXPLAIN",
    "CREATE", "ALTER", "DROP",
)  # fmt: skip
WRITING = re.compile(r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)

_slug: ContextVar[Callable[[], str | None]] = ContextVar("place", default=lambda: None)


def current(slug: str) -> tuple[int, int] | None:
    """The version of the pages of the neighbourhood with this slug, in one read; None while none is known."""
    try:
        found = caches["shared"].get_many([EVERYWHERE, _key(slug)])
    except Exception as error:  # whatever a cache server that is away raises: pages are made anew until it is back
        logger.warning("The shared cache does not answer (%s); pages are not cached.", error)
        return None
    if len(found) < 2:
        return None
    return found[EVERYWHERE], found[_key(slug)]


def begin(slug: str) -> None:
    """Give what has no version yet its first. Only for a neighbourhood that exists: a slug costs a key."""
    try:
        for key in (EVERYWHERE, _key(slug)):
            caches["shared"].add(key, _fresh(), timeout=None)
    except Exception as error:
        logger.warning("The shared cache does not answer (%s); pages are not cached.", error)


def raise_version(slug: str | None) -> None:
    """Let go of the cached pages of the neighbourhood with this slug; None: of all. Never fails."""
    if not settings.PAGE_CACHE_BYTES:
        return
    try:
        # Never counted up from what was there: a number that was lost must not come again.
        caches["shared"].set(EVERYWHERE if slug is None else _key(slug), _fresh(), timeout=None)
    except Exception as error:
        logger.warning("The shared cache does not answer (%s); pages may be old for some minutes.", error)


@contextmanager
def writing_in(slug: Callable[[], str | None]) -> Iterator[None]:
    """What is written within concerns the neighbourhood with this slug alone, so that the others keep their pages.

    Asked at each write; None: it may concern all.
    """
    before = _slug.set(slug)
    try:
        yield
    finally:
        _slug.reset(before)


def watch(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Around every statement of every connection: a write to what may be public raises the version on commit."""
    result = execute(sql, params, many, context)
    if not (isinstance(sql, str) and sql.startswith(HARMLESS)) and _is_public(str(sql)):
        connection, slug = context["connection"], _slug.get()()
        changed = connection.__dict__.setdefault("_changed_places", set())
        changed.add(slug)
        # One for each write, because a savepoint that is rolled back takes its own away; the first that runs does it.
        transaction.on_commit(lambda: _settle(changed, slug), using=connection.alias, robust=True)
    return result


def _is_public(sql: str) -> bool:
    found = WRITING.match(sql)
    if found is None:
        return not sql.lstrip().upper().startswith(HARMLESS)  # TRUNCATE and the like
    table = found[1]
    return not (table in quiet_models or table.startswith(QUIET_PREFIXES) or "_historical" in table)


def _settle(changed: set[str | None], slug: str | None) -> None:
    if slug in changed:
        changed.discard(slug)
        raise_version(slug)


def _key(slug: str) -> str:
    return f"{EVERYWHERE}:{slug}"


def _fresh() -> int:
    return secrets.randbits(62)


def watch_connections() -> None:
    connection_created.connect(_watch_connection, dispatch_uid="page cache")


def _watch_connection(sender: Any, connection: Any, **_: Any) -> None:
    if watch not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, watch)  # outermost: others take theirs away from the end
