"""Rows read along with others: a page that asks many questions about one object reads its rows once."""

from __future__ import annotations

from django.db import models


def is_read(row: models.Model, name: str) -> bool:
    """Whether the related rows `name` of `row` are in memory already.

    Acts lock and read their rows again, so that nothing is in memory there: only pages read along.
    """
    return name in getattr(row, "_prefetched_objects_cache", {})


def is_joined(row: models.Model, name: str) -> bool:
    """Whether the row that the foreign key `name` points to was read together with `row`."""
    return name in row._state.fields_cache
