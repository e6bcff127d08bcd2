"""Rows that another transaction holds: after three seconds the page says "busy, try again"; no error (TRUST 2)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import Client

from grants.lifecycle import State
from grants.models import Dossier
from kit import clock
from records.models import OneTimeKey
from tests.world import START, World, acts, fresh

pytestmark = pytest.mark.django_db(transaction=True)
BUSY = "Someone else is changing the same thing at this moment; try again in a few seconds."


@contextmanager
def held(sql: str, *values: object) -> Iterator[None]:
    """Another connection has run this statement and does not end its transaction."""
    started, let_go, failed = threading.Event(), threading.Event(), []

    def run() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, values)
                started.set()
                let_go.wait(timeout=30)
                transaction.set_rollback(True)
        except Exception as error:  # noqa: BLE001 - the test says it
            failed.append(error)
        finally:
            started.set()
            connection.close()

    other = threading.Thread(target=run)
    other.start()
    try:
        started.wait(timeout=10)
        assert not failed, failed
        yield
    finally:
        let_go.set()
        other.join(timeout=10)


def patience(milliseconds: int) -> None:
    """How long this connection waits for a row; the product's three seconds are tried once."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET lock_timeout = {milliseconds}")
        else:
            cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")


@pytest.fixture
def draft(transactional_db: None) -> Iterator[Dossier]:
    """A dossier that lacks nothing but its filing."""
    with clock.at(START):
        yield World().draft()
    connection.close()


def press(browser: Client, dossier: Dossier, **fields: str) -> tuple[int, str]:
    """Press "file": the status and the page."""
    answer = browser.post(f"/en/mes-dossiers/{dossier.reference}/demande/deposer", {"declared": "on", **fields})
    return answer.status_code, answer.content.decode()


def test_a_page_whose_rows_are_held_says_so_and_the_next_press_files(draft):
    browser, signatory = Client(), World.signatory(draft)
    browser.force_login(signatory)
    if connection.vendor == "sqlite":
        patience(3000)
    started = time.monotonic()
    with held("UPDATE grants_dossier SET id = id WHERE reference = %s", draft.reference):
        status, page = press(browser, draft)
    assert (status, BUSY in page) == (200, True)
    assert 2.5 < time.monotonic() - started < 6

    patience(200)
    with held("UPDATE records_journalhead SET id = id WHERE chain = %s", draft.journal_chain):
        status, page = press(browser, draft)
    assert (status, BUSY in page) == (200, True)

    # The first sending of the same form is still under way.
    columns = "actor_id, key, body_digest, response, used_at"
    insert = f"INSERT INTO records_onetimekey ({columns}) VALUES (%s, 'k1', '', '', %s)"
    with held(insert, signatory.actor_id, clock.now().isoformat()):
        status, page = press(browser, draft, one_time_key="k1")
    assert (status, "try again" in page.lower()) == (503, True)

    assert fresh(draft).state == State.DRAFT
    assert "dossier.submitted" not in acts(draft)
    assert not OneTimeKey.objects.exists()
    assert press(browser, draft, one_time_key="k1")[0] == 302
    assert fresh(draft).state == State.SUBMITTED
