"""The world of the selection, its clock held on one morning; sentences in English."""

from collections.abc import Iterator
from functools import partial

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


staged_advised = stage("advised", partial(SelectionWorld, needs_advice=True), start=START)


@pytest.fixture
def advised_world(db, morning, staged_advised, starting_point) -> SelectionWorld:
    """The same, where the call wants advice before selection."""
    return starting_point
