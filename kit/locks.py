"""Row locks in one global order, so that two acts never wait for each other.

Programme 10, envelope 20, dossier 30, agreement 40, claim 50, order 60, anything else 70 (`lock_rank` of the
model), then ascending key. Opposite orders deadlock; the same order only waits. Rows that an act asks for later must
come later in the order than all it holds: otherwise the act fails where `LOCK_ORDER_STRICT` is set (in tests), and
elsewhere the log tells of it, since a rare deadlock, answered by "busy", harms less than a refused act.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import OperationalError, connections, models, router

from kit.errors import Busy, Conflict

logger = logging.getLogger(__name__)
OTHER_RANK = 70
# PostgreSQL: lock_not_available, deadlock_detected, serialization_failure.
BUSY_STATES = {"55P03", "40P01", "40001"}

Place = tuple[int, str, Any]  # rank, model, key
# The places of the rows that the act under way has locked.
_held: ContextVar[set[Place] | None] = ContextVar("held_locks", default=None)


def lock_rank(model: type[models.Model]) -> int:
    """The place of `model` in the global order."""
    return getattr(model, "lock_rank", OTHER_RANK)


def is_busy(error: Exception) -> bool:
    """Whether a database error says that another transaction holds the rows, rather than that something broke."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state in BUSY_STATES or "database is locked" in str(error) or "database table is locked" in str(error)


@contextmanager
def one_order() -> Iterator[None]:
    """What is locked inside stands in one order: an act with all the acts that it calls. Inner ones change nothing."""
    if _held.get() is not None:
        yield
        return
    token = _held.set(set())
    try:
        yield
    finally:
        _held.reset(token)


@contextmanager
def locked(*objects: Any) -> Iterator[Any]:
    """Lock the rows of `objects` in the global order and read them again; yield the fresh ones in the order given.

    Yields a tuple, or the object itself when there is one. The locks last until the end of the transaction.
    Raises `RuntimeError` outside a transaction (the lock would end at once) and, where that is strict, out of order;
    `Busy` when another act holds a row for more than 3 seconds, and `Conflict` when a row no longer exists.
    """
    if not objects:
        raise ValueError("locked() needs at least one object.")
    with one_order():
        fresh = _lock_and_read(objects)
        found = tuple(fresh[type(item), item.pk] for item in objects)
        yield found[0] if len(found) == 1 else found


def _lock_and_read(objects: tuple[Any, ...]) -> dict[tuple[type[models.Model], Any], Any]:
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for item in objects:
        wanted[type(item)].add(item.pk)
    fresh = {}
    _check_order(wanted)
    for model in sorted(wanted, key=lambda model: (lock_rank(model), model._meta.label)):
        for row in _lock_rows(model, wanted[model]):
            fresh[model, row.pk] = row
    if len(fresh) != sum(map(len, wanted.values())):
        raise Conflict
    return fresh


def _check_order(wanted: dict[type[models.Model], set[Any]]) -> None:
    """Note the rows that are asked for as held, and find those that come before one that is held already."""
    held = _held.get()
    if held is None:
        return
    asked = {(lock_rank(model), model._meta.label, key) for model, keys in wanted.items() for key in keys} - held
    if held and asked and min(asked) < max(held):
        (_rank, late, key), (_other_rank, early, other) = min(asked), max(held)
        sentence = f"{late} {key} is locked after {early} {other}; lock both at once, or in the order of their ranks."
        if getattr(settings, "LOCK_ORDER_STRICT", False):
            raise RuntimeError(sentence)
        logger.error("%s", sentence)
    held |= asked


def _lock_rows(model: type[models.Model], keys: set[Any]) -> list[Any]:
    connection = connections[router.db_for_write(model)]
    if not connection.in_atomic_block:
        raise RuntimeError(f"locked({model.__name__}) is called outside a transaction.")
    try:
        # How long a row is waited for stands in the settings of the connection.
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
