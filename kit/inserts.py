"""Writing many rows of one table in few statements, straight from the values of its columns.

For makers of many rows, which would spend most of their time on building an object for each: no `save()`, no signal;
the database's constraints and triggers hold as always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

MOST_VALUES = 30_000
"""Values in one statement: SQLite takes 32,766."""
Preparer = Callable[[Any], Any]
_AS_THEY_ARE = {models.CharField.get_prep_value, models.TextField.get_prep_value, models.IntegerField.get_prep_value}


class Inserter:
    """Inserts into the table of `model`, in the columns `names` (all but the key, if none are given)."""

    def __init__(self, model: type[models.Model], names: Sequence[str] = (), using: str = DEFAULT_DB_ALIAS) -> None:
        self._connection = connections[using]
        meta = model._meta
        found = {column.attname: column for column in meta.concrete_fields if not column.primary_key}
        self.names = tuple(names or found)
        self._columns = [found[name] for name in self.names]
        quote = self._connection.ops.quote_name
        self._listed = ", ".join(quote(str(column.column)) for column in self._columns)
        self._key = str(meta.pk.column)
        self._table, self._quoted_key = quote(meta.db_table), quote(self._key)
        self._preparers = [self._preparer(column) for column in self._columns]

    def prepared(self, name: str) -> Preparer:
        """What turns a value of a column into what the database takes."""
        return self._preparers[self.names.index(name)] or _same

    def prepare(self, values: Iterable[Any]) -> list[Any]:
        """The values of one row, in the order of `names`, as the database takes them."""
        pairs = zip(self._preparers, values, strict=True)
        return [value if prepared is None else prepared(value) for prepared, value in pairs]

    def insert(self, rows: Sequence[Sequence[Any]]) -> list[int]:
        """Insert prepared rows; their keys, in the same order."""
        if not rows:
            return []
        with self._connection.cursor() as cursor:
            if self._connection.vendor == "postgresql":
                return self._copied(cursor, rows)
            return self._inserted(cursor, rows)

    def _copied(self, cursor: Any, rows: Sequence[Sequence[Any]]) -> list[int]:
        """PostgreSQL takes a stream of rows several times faster than statements; their keys are drawn before."""
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [self._table, self._key, len(rows)],
        )
        keys = [key for (key,) in cursor.fetchall()]
        copy = f"COPY {self._table} ({self._quoted_key}, {self._listed}) FROM STDIN"
        with self._connection.wrap_database_errors, cursor.copy(copy) as stream:
            for key, row in zip(keys, rows, strict=True):
                stream.write_row((key, *row))
        return keys

    def _inserted(self, cursor: Any, rows: Sequence[Sequence[Any]]) -> list[int]:
        at_once = max(1, MOST_VALUES // len(self._columns))
        row, keys = f"({', '.join(['%s'] * len(self._columns))})", []
        for start in range(0, len(rows), at_once):
            part = rows[start : start + at_once]
            cursor.execute(
                f"INSERT INTO {self._table} ({self._listed}) VALUES {', '.join([row] * len(part))} "  # noqa: S608
                f"RETURNING {self._quoted_key}",
                [value for values in part for value in values],
            )
            keys += [key for (key,) in cursor.fetchall()]
        return keys

    def _preparer(self, column: Any) -> Preparer | None:
        """What prepares the values of a column; nothing for one that takes them as they are."""
        if type(column).get_prep_value in _AS_THEY_ARE:
            return None
        return lambda value: column.get_db_prep_save(value, self._connection)


def _same(value: Any) -> Any:
    return value
