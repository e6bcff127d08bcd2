"""Row locks in one global order, so that two acts never wait for each other.

Programme 10, envelope 20, dossier 30, agreement 40, claim 50, order 60, anything else 70 (`lock_rank` of the
model), then ascending key. Opposite orders deadlock; the same order only waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connections, models, router

from kit.errors import Busy, Conflict

OTHER_RANK = 70
LOCK_TIMEOUT = "3s"
# PostgreSQL: lock_not_available, deadlock_detected, serialization_failure.
BUSY_STATES = {"55P03", "40P01", "40001"}


def lock_rank(model: type[models.Model]) -> int:
    """The place of `model` in the global order."""
    return getattr(model, "lock_rank", OTHER_RANK)


def is_busy(error: Exception) -> bool:
    """Whether a database error says that another transaction holds the rows, rather than that something broke."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state in BUSY_STATES or "database is locked" in str(error) or "database table is locked" in str(error)


@contextmanager
def locked(*objects: Any) -> Iterator[Any]:
    """Lock the rows of `objects` in the global order and read them again; yield the fresh ones in the order given.

    Yields a tuple, or the object itself when there is one. The locks last until the end of the transaction.
    Raises `RuntimeError` outside a transaction (the lock would end at once), `Busy` when another act holds a
    row for more than 3 seconds, and `Conflict` when a row no longer exists.
    """
    if not objects:
        raise ValueError("locked() needs at least one object.")
    fresh = _lock_and_read(objects)
    found = tuple(fresh[type(item), item.pk] for item in objects)
    yield found[0] if len(found) == 1 else found


def _lock_and_read(objects: tuple[Any, ...]) -> dict[tuple[type[models.Model], Any], Any]:
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for item in objects:
        wanted[type(item)].add(item.pk)
    fresh = {}
    for model in sorted(wanted, key=lambda model: (lock_rank(model), model._meta.label)):
        for row in _lock_rows(model, wanted[model]):
            fresh[model, row.pk] = row
    if len(fresh) != sum(map(len, wanted.values())):
        raise Conflict
    return fresh


def _lock_rows(model: type[models.Model], keys: set[Any]) -> list[Any]:
    connection = connections[router.db_for_write(model)]
    if not connection.in_atomic_block:
        raise RuntimeError(f"locked({model.__name__}) is called outside a transaction.")
    try:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        # NO KEY: rows that only point to a locked one (a message, a log line) need not wait for it.
        rows = (
            model._base_manager.using(connection.alias)
            .select_for_update(no_key=True)
            .filter(pk__in=keys)
            .order_by("pk")
        )
        return list(rows)
    except OperationalError as error:
        if is_busy(error):
            raise Busy from error
        raise
