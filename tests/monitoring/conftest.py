"""Sentences are compared in their source language; after every scenario the money must still hold (I1, I2, I3)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from monitoring.queries import invariants
from records.queries import journal, ledger
from tests.world_monitoring import Road


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def road(world: Any) -> Iterator[Road]:
    """A dossier under agreement: 40 000 € on 100 000 €, of an envelope of 100 000 €."""
    yield Road(world)
    assert invariants.violations() == []
    assert ledger.verify().first_bad is None
    assert journal.verify().first_bad is None
