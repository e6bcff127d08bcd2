"""Lists that cost the same at ten rows and at a hundred thousand: pages by key, filters in the query string."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldError, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict

PER_PAGE = 50


@dataclass(frozen=True)
class Page:
    """Some rows of a list, in order, and the cursors of its neighbours (empty at either end)."""

    rows: list[Any]
    next: str
    previous: str
    query: QueryDict

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def next_url(self) -> str:
        """The query string of the next rows, filters kept; empty on the last page."""
        return self._url("after", self.next)

    @property
    def previous_url(self) -> str:
        """The query string of the rows before; empty on the first page."""
        return self._url("before", self.previous)

    def _url(self, name: str, cursor: str) -> str:
        if not cursor:
            return ""
        query = self.query.copy()
        for other in ("after", "before"):
            query.pop(other, None)
        query[name] = cursor
        return f"?{query.urlencode()}"


def by_key(request: HttpRequest, rows: QuerySet, *order: str, per_page: int = PER_PAGE) -> Page:
    """The page of `rows` that the request asks for by `?after=` or `?before=`, in `order` and then by key.

    `order` holds field names that are never null, `-` in front for descending. A cursor that means nothing starts
    the list again.
    """
    names = [*order, "pk"] if "pk" not in {name.lstrip("-") for name in order} else list(order)
    backwards = bool(request.GET.get("before"))
    cursor = _read(request.GET.get("before") or request.GET.get("after") or "", len(names))
    wanted = _reversed(names) if backwards and cursor else names
    found = rows.order_by(*wanted)
    if cursor:
        try:
            found = found.filter(_beyond(wanted, cursor))
        except (ValueError, TypeError, ValidationError, FieldError, OverflowError):
            cursor, found = None, rows.order_by(*names)
    taken = list(found[: per_page + 1])
    more, taken = len(taken) > per_page, taken[:per_page]
    if backwards and cursor:
        taken.reverse()
    has_next = bool(taken) and (bool(cursor) if backwards and cursor else more)
    has_previous = bool(taken) and (more if backwards and cursor else bool(cursor))
    return Page(
        rows=taken,
        next=_write(taken[-1], names) if has_next else "",
        previous=_write(taken[0], names) if has_previous else "",
        query=request.GET,
    )


def _reversed(names: Sequence[str]) -> list[str]:
    return [name[1:] if name.startswith("-") else f"-{name}" for name in names]


def _beyond(names: Sequence[str], values: Sequence[Any]) -> Q:
    """The rows after `values` in the order of `names`: (a, b, c) > (x, y, z), written out.

    That a is not before x follows from the rest; said apart, it lets a database begin at x in an index.
    """
    first = names[0]
    bound = Q(**{f"{first.lstrip('-')}__{'lte' if first.startswith('-') else 'gte'}": values[0]})
    beyond, equal = Q(), Q()
    for name, value in zip(names, values, strict=True):
        field = name.lstrip("-")
        beyond |= equal & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal &= Q(**{field: value})
    return bound & beyond


def _value(row: Any, name: str) -> Any:
    """The value of `name` on `row`, through relations; as text that the field reads back."""
    value = row
    for part in name.lstrip("-").split("__"):
        value = getattr(value, part)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _write(row: Any, names: Sequence[str]) -> str:
    text = json.dumps([_value(row, name) for name in names], separators=(",", ":"), default=str)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, length: int) -> list[Any] | None:
    """The values of a cursor, or `None` for one that nobody wrote."""
    if not cursor or len(cursor) > 2000:
        return None
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        return None
    plain = isinstance(values, list) and all(isinstance(value, str | int | bool) for value in values)
    return values if plain and len(values) == length else None
