"""Many at once, on PostgreSQL: one order for one sum, one claim for one invoice, no payer who verifies meanwhile."""

from __future__ import annotations

import contextvars
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from kit import clock
from kit.errors import Busy
from monitoring.actions import claims, payments, verification
from monitoring.models import Certificate, ClaimKind, ExpenseItem, PaymentOrder
from monitoring.queries import invariants
from people.models import Role
from records import triggers
from records.queries import ledger
from tests.world import START, Town, World, fresh, standing_money
from tests.world_monitoring import Road

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("postgres")]


@pytest.fixture
def world(postgres: None, transactional_db: None) -> Iterator[World]:
    with clock.at(START):
        yield World()


def race(*acts: Callable[[], Any]) -> list[Any]:
    """Start all acts at the same moment, each on a connection of its own: what each gave, or its error."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            results[place] = _patiently(act)
        except Exception as error:  # noqa: BLE001 - the error is the result
            results[place] = error
        finally:
            connection.close()

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(run, place, act))
        for place, act in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


def _patiently(act: Callable[[], Any]) -> Any:
    for _attempt in range(40):
        try:
            return act()
        except Busy:
            time.sleep(0.05)
    raise Busy


@contextmanager
def unlocked(*rows: Any) -> Iterator[Any]:
    """What `locked` would be without its lock: the control of these tests."""
    again = tuple(fresh(row) for row in rows)
    time.sleep(0.05)
    yield again[0] if len(again) == 1 else again


def kinds(results: list[Any]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


def payers(world: World, count: int) -> list[Any]:
    return [world.staff(Role.PAYING_OFFICER, f"Payer {number}") for number in range(count)]


def test_one_sum_is_ordered_once(world):
    road = Road(world)
    certificate = road.claimed(ClaimKind.FINAL, "30000")
    acts = [
        lambda payer=payer: payments.order_payment(certificate=fresh(certificate), by=payer)
        for payer in payers(world, 4)
    ]
    assert kinds(race(*acts)) == {"PaymentOrder": 1, "Conflict": 3}
    assert PaymentOrder.objects.get().amount == 15000
    assert standing_money(road.dossier)["ordered"] == 15000
    assert invariants.violations() == []


def test_control_without_the_lock_only_the_database_stops_the_second_order(world, monkeypatch):
    road = Road(world)
    certificate = road.claimed(ClaimKind.FINAL, "30000")
    monkeypatch.setattr(payments, "locked", unlocked)
    acts = [
        lambda payer=payer: payments.order_payment(certificate=fresh(certificate), by=payer)
        for payer in payers(world, 4)
    ]
    results = race(*acts)
    assert any(isinstance(result, IntegrityError) for result in results)
    assert PaymentOrder.objects.count() <= 1


def test_one_certificate_is_approved_once(world):
    road = Road(world)
    claim = road.filed(ClaimKind.FINAL, ["30000"])
    road.checked(claim)
    certificate = road.issued(claim)
    officers = [world.staff(Role.INSTRUCTING_OFFICER, f"Officer {number}") for number in range(4)]
    results = race(
        *(
            lambda officer=officer: verification.approve_certificate(certificate=fresh(certificate), by=officer)
            for officer in officers
        )
    )
    assert kinds(results) == {"Certificate": 1, "Conflict": 3}
    assert standing_money(road.dossier)["verified"] == 15000
    assert ledger.verify().first_bad is None


def same_invoice(world: World) -> list[Callable[[], Any]]:
    """Two projects of one beneficiary, each about to list the invoice F1."""
    first = Road(world)
    second = Road(world, town=Town(first.dossier.applicant, first.editor, first.signatory))
    drafts = [road.draft(ClaimKind.FINAL) for road in (first, second)]
    return [
        lambda claim=claim: claims.add_item(
            claim=fresh(claim),
            supplier="Web SARL",
            invoice_number="F1",
            invoiced_on=clock.today(),
            paid_on=clock.today(),
            claimed=Decimal(100),
            by=first.editor,
        )
        for claim in drafts
    ]


def test_one_invoice_is_listed_once_in_all_projects_of_a_beneficiary(world):
    assert kinds(race(*same_invoice(world))) == {"ExpenseItem": 1, "Refused": 1}
    assert ExpenseItem.objects.count() == 1


def test_control_without_the_lock_one_invoice_is_listed_twice(world, monkeypatch):
    acts = same_invoice(world)
    monkeypatch.setattr(claims, "locked", unlocked)
    monkeypatch.setattr(claims, "_twin", slowly(claims._twin))
    assert kinds(race(*acts)) == {"ExpenseItem": 2}


def slowly(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same answer, late enough for another one to be given meanwhile."""

    def late(*args: Any) -> Any:
        found = function(*args)
        time.sleep(0.3)
        return found

    return late


def paying_and_certifying(world: World) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """By raw SQL at the same moment: a person orders version 1, and issues version 2 of the same claim."""
    both = world.staff(Role.PAYING_OFFICER, "Both")
    road = Road(world)
    certificate = road.claimed(ClaimKind.FINAL, "30000", accepted=["20000"])
    claims.contest(claim=certificate.claim, text="No.", by=road.signatory)
    road.checked(certificate.claim, "30000")
    bank = road.dossier.agreement.bank_details
    now = clock.now()

    def order() -> None:
        with transaction.atomic():
            PaymentOrder.objects.create(
                dossier=certificate.dossier,
                claim=certificate.claim,
                certificate=certificate,
                bank_details=bank,
                number="OP-RAW",
                amount=certificate.due,
                checker=certificate.checked_by,
                issuer=certificate.issued_by,
                approver=certificate.approved_by,
                payer=both,
                ordered_at=now,
            )
            time.sleep(0.3)

    def issue() -> None:
        with transaction.atomic():
            Certificate.objects.create(
                dossier=certificate.dossier,
                claim=certificate.claim,
                version=2,
                verified=Decimal(30000),
                verified_total=Decimal(30000),
                due=Decimal(15000),
                to_recover=Decimal(0),
                checked_by=world.officer,
                issued_by=both,
                issued_at=now,
            )
            time.sleep(0.3)

    return order, issue


def test_two_rows_written_at_once_do_not_pass_each_other_unseen(world):
    results = race(*paying_and_certifying(world))
    assert kinds(results) == {"NoneType": 1, "IntegrityError": 1}


def test_control_without_the_triggers_both_pass(world):
    acts = paying_and_certifying(world)
    with triggers.removed(connection):
        results = race(*acts)
    assert results == [None, None]
