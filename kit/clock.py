"""The one clock of the house: nothing else reads the time.

A replay of history (the demo, a test) sets it with `at`; a request never does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db import DEFAULT_DB_ALIAS, connections

PARIS = ZoneInfo("Europe/Paris")

_replayed: ContextVar[datetime | None] = ContextVar("replayed_instant", default=None)


def real_now() -> datetime:
    """The machine's own instant in UTC, even during a replay: what the journal keeps as `recorded_at`."""
    return datetime.now(UTC)


def now() -> datetime:
    """The present instant, aware, in UTC; the replay's instant while one runs."""
    return _replayed.get() or real_now()


def today() -> date:
    """The present day in Paris: the calendar of every date in the programmes."""
    return now().astimezone(PARIS).date()


def replaying() -> bool:
    """Whether a replay of history has set the clock."""
    return _replayed.get() is not None


@contextmanager
def at(instant: datetime) -> Iterator[datetime]:
    """Hold the clock at `instant` for this thread or task; replays may nest.

    Raises `ValueError` for a naive instant, which would mean another moment on another machine.
    """
    if instant.tzinfo is None:
        raise ValueError("The clock is set to an aware instant only.")
    token = _replayed.set(instant.astimezone(UTC))
    try:
        yield now()
    finally:
        _replayed.reset(token)


def database_now(using: str = DEFAULT_DB_ALIAS) -> datetime:
    """The instant by the database's clock, in UTC: several web servers cannot disagree about a deadline.

    PostgreSQL answers the start of the transaction, so that a request received in time is not late because
    it waited for a lock; SQLite answers the instant of the question.
    """
    replayed = _replayed.get()
    if replayed is not None:
        return replayed
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT transaction_timestamp()")
            return cursor.fetchone()[0].astimezone(UTC)
        cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
        return datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)
