"""What tests of the records share: an actor, a subject, and a way to tamper."""

from collections.abc import Callable

import pytest
from django.db import connection

from kit.actors import SystemActor
from records import triggers
from records.actions.journal import Subject


@pytest.fixture
def clerk():
    """Someone who acts."""
    return SystemActor("clerk")


@pytest.fixture
def dossier():
    """A subject of acts."""
    return Subject("dossier:D-1", "D-1")


@pytest.fixture
def tamper(db) -> Callable[..., None]:
    """Run SQL as someone would who owns the database: with the triggers taken away."""

    def run(*statements: str) -> None:
        with triggers.removed(connection), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    return run
