"""Sentences are compared in their source language; after every scenario the money must still hold (I1, I2, I3)."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from monitoring.queries import invariants
from records.queries import journal, ledger
from tests.staging import stage
from tests.world import START, World
from tests.world_monitoring import Road


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def opened() -> Road:
    """The road, an officer and a payer beside it; many tests count on a service of one officer."""
    world = World()
    assert world.officer
    assert world.payer
    return Road(world)


staged_road = stage("road", opened, start=START)


@pytest.fixture
def road(world: World, staged_road: Road, starting_point: Road) -> Iterator[Road]:
    """A dossier under agreement: 40 000 € on 100 000 €, of an envelope of 100 000 €."""
    yield starting_point
    money_holds()


def money_holds() -> None:
    """Fails when a scenario left the money or its records in disorder."""
    assert invariants.violations() == []
    assert ledger.verify().first_bad is None
    assert journal.verify().first_bad is None
