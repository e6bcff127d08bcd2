"""Starting points that take hundreds of acts to build: built once a module, and found untouched by each of its tests.

A stage stands in an open transaction; each test's own is a savepoint in it, and each test gets a copy of the objects.
The tests of a module that stand on no stage come first, then those of each stage, so that none sees another's rows.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import translation

from kit import clock
from tests.strict import shuffle_unordered_rows

PREFIX = "staged_"

_standing = ExitStack()
_name = ""


@contextmanager
def _stage(blocker: Any, name: str, start: datetime) -> Iterator[None]:
    """The transaction of a stage, in which it is built and its tests run."""
    global _name
    with blocker.unblock(), transaction.atomic():
        _name = name
        yield
        transaction.set_rollback(True)
        _name = ""


def stage(name: str, build: Callable[[], Any], *, start: datetime, language: str = "en") -> Any:
    """The module's fixture `staged_<name>`: what `build` returns, with the clock held at `start` while it builds.

    What it returns is a `World`, or has one as its `world`.
    """

    @pytest.fixture(scope="module", name=PREFIX + name)
    def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
        _standing.close()
        _standing.enter_context(_stage(django_db_blocker, PREFIX + name, start))
        shuffle_unordered_rows(name)
        with clock.at(start), translation.override(language):
            found = build()
        connection.check_constraints()  # once for all: each test would check what it finds again
        cache.clear()
        yield found
        _standing.close()

    return built


def stage_of(fixtures: Iterable[str]) -> str:
    """The one stage among the names of a test's fixtures; empty for a test without."""
    found = sorted({name for name in fixtures if name.startswith(PREFIX)})
    assert len(found) < 2, f"one test stands on several stages: {found}"
    return found[0] if found else ""


@pytest.fixture
def starting_point(request: pytest.FixtureRequest) -> Any:
    """This test's copy of its stage; None for a test without."""
    name = stage_of(request.fixturenames)
    assert name == _name, f"this test stands on {name or 'no stage'}, and the database on {_name or 'none'}"
    return copy.deepcopy(request.getfixturevalue(name)) if name else None
