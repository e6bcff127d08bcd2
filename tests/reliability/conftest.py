"""The house of processes that each test here starts, and that none outlives."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.reliability.processes import House


@pytest.fixture
def house_on(tmp_path: Path, transactional_db: None) -> Iterator[Callable[[str], House]]:
    """A house on the Redis of an address, or on the embedded broker without one."""
    houses: list[House] = []

    def build(redis_url: str) -> House:
        houses.append(House(tmp_path, redis_url))
        return houses[-1]

    yield build
    for house in houses:
        house.end()


@pytest.fixture
def house(house_on: Callable[[str], House]) -> House:
    """A house on the broker that the suite runs on."""
    return house_on(os.environ.get("REDIS_URL", ""))
