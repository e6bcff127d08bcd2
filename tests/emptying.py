"""Emptying PostgreSQL after a test that commits: few rows are deleted far faster than all tables are truncated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql.operations import DatabaseOperations

MANY = 1000  # rows of one table, from which on deleting leaves more behind than truncating takes time
# Emptying is followed by `post_migrate`, which would write the same rows again.
ALWAYS_THERE = {"django_content_type", "auth_permission"}

_truncating = DatabaseOperations.sql_flush


def deleting_few(operations: Any, style: Any, tables: Sequence[str], **options: Any) -> list[str]:
    """The statements that empty `tables`: only those that hold rows, unless one holds many."""
    counts = _rows(operations, tables)
    if options.get("reset_sequences") or any(count > MANY for count in counts.values()):
        return _truncating(operations, style, tables, **options)
    filled = [operations.quote_name(table) for table, count in counts.items() if count and table not in ALWAYS_THERE]
    # Triggers are put back in the same connection, which no check of a foreign key may then wait for.
    return [
        "SET CONSTRAINTS ALL DEFERRED",
        *(f"DELETE FROM {table}" for table in filled),
        "SET CONSTRAINTS ALL IMMEDIATE",
    ]


def _rows(operations: Any, tables: Sequence[str]) -> dict[str, int]:
    """How many rows each table holds, counted no further than one more than `MANY`."""
    counts = ", ".join(
        f"(SELECT count(*) FROM (SELECT FROM {operations.quote_name(table)} LIMIT {MANY + 1}) AS found)"
        for table in tables
    )
    with operations.connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}" if tables else "SELECT")
        return dict(zip(tables, cursor.fetchone(), strict=True))
