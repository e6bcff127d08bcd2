"""The database's own refusal to change what is append-only, on both databases.

Installed by the migration, and again after every `migrate`: SQLite alters a table by making it anew, and drops
its triggers on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

APPEND_ONLY = ("records_accesslog", "records_journalentry", "records_journalseal", "records_transfer")
# The floors above add their own when they start.
_protected = list(APPEND_ONLY)
Statements = Callable[[str], list[str]]
_guards: dict[str, tuple[Statements, Statements]] = {}

_FUNCTION = """
CREATE OR REPLACE FUNCTION records_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def protect(*tables: str) -> None:
    """Add append-only tables of a floor above: its migration installs their triggers, and so does every `migrate`."""
    _protected.extend(table for table in tables if table not in _protected)


def guard(table: str, made: Statements, taken: Statements) -> None:
    """Add triggers of a floor above on `table`: the SQL for a vendor that makes them, and that takes them away."""
    _guards[table] = (made, taken)


def statements(vendor: str, tables: Sequence[str] = APPEND_ONLY) -> list[str]:
    """The SQL that forbids UPDATE and DELETE (and TRUNCATE, on PostgreSQL)."""
    if vendor == "postgresql":
        made = [_FUNCTION]
        for table in tables:
            made.append(
                f"CREATE OR REPLACE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION records_append_only()"
            )
            made.append(
                f"CREATE OR REPLACE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION records_append_only()"
            )
        return made
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in tables
        for verb in ("UPDATE", "DELETE")
    ]


def removals(vendor: str, tables: Sequence[str] = APPEND_ONLY) -> list[str]:
    """The SQL that takes the triggers away."""
    if vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}" for table in tables for name in ("kept", "whole")]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for table in tables for verb in ("update", "delete")]


def install(connection: Any) -> None:
    """Install the triggers, where the tables exist; the guards of an earlier release are replaced."""
    from django.db import transaction  # the app registry imports this module first

    with transaction.atomic(using=connection.alias):
        _run(connection, statements(connection.vendor, _standing(connection)))
        for made, taken in _standing_guards(connection):
            if connection.vendor == "sqlite":  # which has no CREATE OR REPLACE
                _run(connection, taken(connection.vendor))
            _run(connection, made(connection.vendor))


def remove(connection: Any) -> None:
    """Take the triggers away: for whoever empties the whole database, and for the tests of the verifications."""
    _run(connection, removals(connection.vendor, _standing(connection)))
    for _made, taken in _standing_guards(connection):
        _run(connection, taken(connection.vendor))


@contextmanager
def removed(connection: Any) -> Iterator[None]:
    """Without triggers in between, and with them again whatever happens."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)


def install_after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Receiver of `post_migrate`."""
    from django.db import connections  # the app registry imports this module first

    install(connections[using])


def _standing(connection: Any) -> list[str]:
    """The append-only tables that exist in this database."""
    present = set(connection.introspection.table_names())
    return [table for table in _protected if table in present]


def _standing_guards(connection: Any) -> list[tuple[Statements, Statements]]:
    """The triggers of floors above whose tables exist in this database."""
    present = set(connection.introspection.table_names())
    return [pair for table, pair in _guards.items() if table in present]


def _run(connection: Any, sql: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in sql:
            cursor.execute(statement)
