"""The world of the selection, its clock held on one morning; sentences in English."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from kit import clock
from tests.staging import stage
from tests.world_selection import START, SelectionWorld


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with clock.at(START), translation.override("en"):
        yield


staged_selection = stage("selection", SelectionWorld, start=START)


@pytest.fixture
def world(db, morning, staged_selection, starting_point) -> SelectionWorld:
    return starting_point


@pytest.fixture
def advised_world(db, morning) -> SelectionWorld:
    """The same, where the call wants advice before selection."""
    return SelectionWorld(needs_advice=True)
