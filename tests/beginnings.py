"""Where the tests of the trade begin: what nearly all of them would build first, built once a module.

A test that asks for the `world` stands on `staged_world`, unless it names another stage, asks for a `bare` world, or
wants transactions of its own. The other stages here are for modules that name them: `usefixtures("staged_draft")`.
"""

from __future__ import annotations

from functools import partial

import pytest

from grants.lifecycle import State
from tests.staging import stage, stage_of
from tests.world import START, World

__all__ = [
    "bare",
    "pytest_itemcollected",
    "staged_draft",
    "staged_selected",
    "staged_staff",
    "staged_world",
]


def staff() -> World:
    """The administrators and the manager, before there is a programme."""
    world = World()
    assert world.manager
    return world


def foundation() -> World:
    """A programme with an officer and a call that is open."""
    world = staff()
    assert world.any_call is not None
    assert world.officer
    return world


def with_spare(state: State) -> World:
    """The same, and a dossier in `state`: it is the first one that a test asks for in that state, saying no more."""
    world = foundation()
    world.spare = world.dossier(state)
    return world


staged_staff = stage("staff", staff, start=START)
staged_world = stage("world", foundation, start=START)
staged_draft = stage("draft", partial(with_spare, State.DRAFT), start=START)
staged_selected = stage("selected", partial(with_spare, State.SELECTED), start=START)


@pytest.fixture
def bare() -> None:
    """The world of this test begins empty."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Put a test that asks for the world on `staged_world`, where nothing says otherwise."""
    names: list[str] = getattr(item, "fixturenames", [])
    marker = item.get_closest_marker("django_db")
    commits = "transactional_db" in names or (marker is not None and marker.kwargs.get("transaction"))
    if "world" in names and "bare" not in names and not commits and not stage_of(names):
        # Ahead of the fixture that opens the test's own transaction.
        names.insert(names.index("closed_network") + 1, "staged_world")
