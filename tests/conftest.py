"""What every test stands on: services that may be missing, a closed network, rows in no particular order."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation

from tests.beginnings import *  # noqa: F403 - fixtures for all
from tests.emptying import deleting_few
from tests.staging import stage_of, starting_point  # noqa: F401 - a fixture for all
from tests.strict import loopback_only, shuffle_unordered_rows
from tests.world import world  # noqa: F401 - a fixture for all

# Folders whose tests share what takes long to build: each is one worker's as a whole.
SHARING = ("demo", "house")
# What takes longest begins first, so that no worker waits for another at the end.
FIRST = (*SHARING, "journeys")

# Thousands of short-lived rows, few cycles: look for garbage seldom.
gc.set_threshold(100_000, 50, 50)

HERE = Path(__file__).parent
REQUIRE_SERVICES = os.environ.get("REQUIRE_SERVICES") == "1"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folders of `FIRST` come first; in a file, one stage comes after another."""
    places = {item: item.path.relative_to(HERE) if item.path.is_relative_to(HERE) else item.path for item in items}
    order = {place: number for number, place in enumerate(dict.fromkeys(places.values()))}
    items.sort(
        key=lambda item: (
            places[item].parts[0] not in FIRST,
            order[places[item]],
            stage_of(getattr(item, "fixturenames", ())),
        )
    )


def share_of(nodeid: str) -> str:
    """What one worker runs as a whole: the file of a test, or its folder if that is one of `SHARING`."""
    file = nodeid.partition("::")[0]
    top, _, rest = file.partition("/")
    folder = rest.partition("/")[0]
    return folder if top == HERE.name and folder in SHARING else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Deal out shares. The marks of `--dist loadgroup` would not: pytest-xdist 3.8 loses them on pytest 9.2."""
    from xdist.scheduler import LoadScopeScheduling

    class Shares(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return share_of(nodeid)

    return Shares(config, log)


def missing(what: str) -> NoReturn:
    """Skip the test for want of `what`; fail it where services are required."""
    if REQUIRE_SERVICES:
        pytest.fail(f"REQUIRE_SERVICES=1, and there is no {what}.", pytrace=False)
    pytest.skip(f"needs {what}")


@pytest.fixture
def postgres() -> None:
    """The suite runs on PostgreSQL."""
    if connection.vendor != "postgresql":
        missing("PostgreSQL (DATABASE_URL)")


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The address of a Redis server."""
    return os.environ.get("REDIS_URL") or missing("Redis (REDIS_URL)")


@pytest.fixture(scope="session")
def redis_server_binary() -> str:
    """The path of `redis-server`, for tests that start and stop their own."""
    return shutil.which("redis-server") or missing("redis-server")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium browser: its headless shell, which takes a third less time, where there is one.

    The variable CHROMIUM names another one, or `none`.
    """
    found = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return found if found and found != "none" else missing("Chromium")


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """No test leaves the machine."""
    with loopback_only():
        yield


@pytest.fixture(autouse=True, scope="session")
def emptied_quickly() -> Iterator[None]:
    """PostgreSQL is emptied of what there is after a test that commits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", deleting_few)
        yield


@pytest.fixture(autouse=True)
def shuffled_rows(request: pytest.FixtureRequest) -> None:
    """Rows that no `order_by` arranged come in any order, the same one at each run of a test."""
    shuffle_unordered_rows(request.node.nodeid)


@pytest.fixture(autouse=True)
def language() -> None:
    """No test speaks the language that the last request of another one was answered in."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """No rate limit outlives its test."""
    yield
    cache.clear()
