"""The world of the selection, its clock held on one morning; sentences in English."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from kit import clock
from tests.world_selection import START, SelectionWorld


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with clock.at(START), translation.override("en"):
        yield


@pytest.fixture
def world(db, morning) -> SelectionWorld:
    return SelectionWorld()


@pytest.fixture
def advised_world(db, morning) -> SelectionWorld:
    """The same, where the call wants advice before selection."""
    return SelectionWorld(needs_advice=True)
