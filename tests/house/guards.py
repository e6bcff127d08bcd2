"""What a request did to the database: the statements that wrote, and whether any table is another one afterwards."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

# Sessions are no fact of the house: signing in and messages write there.
EXEMPT = frozenset({"django_session"})
_WRITE = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)"?', re.IGNORECASE)


class Written(Exception):
    """Something that only reads has written."""


@contextmanager
def reading_only(also: frozenset[str] = frozenset()) -> Iterator[None]:
    """Refuse every statement that writes to a table, sessions and the tables `also` named apart."""

    def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITE.match(sql)
        if found and found[1] not in EXEMPT | also:
            raise Written(f"a page that is read writes: {sql[:200]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@contextmanager
def watched() -> Iterator[list[str]]:
    """Collect the tables that are written to, sessions apart."""
    tables: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITE.match(sql)
        if found and found[1] not in EXEMPT:
            tables.append(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield tables


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def digests() -> dict[str, str]:
    """A digest of all rows of each table, sessions apart."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table not in EXEMPT:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                rows = sorted(repr(row) for row in cursor.fetchall())
                found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The tables that differ."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
