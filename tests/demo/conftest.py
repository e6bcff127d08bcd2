"""The demo, loaded once for the tests of this folder, and a server on it for those that drive a browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import browser  # noqa: F401 - a fixture for this folder


@pytest.fixture(scope="package")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Both programmes, committed for the server; whatever a test changes is undone after it."""
    with django_db_blocker.unblock():
        call_command("load_demo", verbosity=0)
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def demo(loaded: None, db: None) -> None:
    """The loaded demo, open to this test."""


@pytest.fixture(scope="package")
def address(loaded: None, django_db_blocker: Any) -> Iterator[str]:
    """Where a server of the product answers, with the demo in it."""
    with django_db_blocker.unblock():
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()
