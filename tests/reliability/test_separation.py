"""Nobody pays what the same person checked, issued or approved: by page, action, command or raw SQL (TRUST 11).

Four persons stand on one certificate and its payment; each of the first three also holds the role of the fourth.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import translation

from kit import clock
from kit.errors import NotAllowed
from monitoring.actions import payments, verification
from monitoring.models import Certificate, ClaimKind, ItemCheck, PaymentOrder
from people.models import Person, Role
from records import triggers
from tests.web.visits import proved
from tests.world import START, World, fresh
from tests.world_monitoring import Road

pytestmark = pytest.mark.django_db
HANDS = ("checker", "issuer", "approver")
COLUMNS = {"checker": "checked_by_id", "issuer": "issued_by_id", "approver": "approved_by_id"}


class Case:
    """A claim that one officer checked, another certified and a third approved; all hold the payer's role too."""

    def __init__(self) -> None:
        self.world = World()
        self.road = Road(self.world)
        self.people = {name: self.world.staff(Role.INSTRUCTING_OFFICER, name.title()) for name in HANDS}
        claim = self.road.checked(self.road.filed(ClaimKind.FINAL, ["30000"]), by=self.people["checker"])
        issued = self.road.issued(claim, by=self.people["issuer"])
        self.certificate = verification.approve_certificate(certificate=issued, by=self.people["approver"])
        for person in self.people.values():
            self.world.give(person, Role.PAYING_OFFICER)
        self.payer = self.world.payer

    def row(self, payer: Person, **changes: Any) -> dict[str, Any]:
        """The row of an order to pay the certificate, by `payer`."""
        given = self.certificate
        return {
            "dossier_id": given.dossier_id,
            "claim_id": given.claim_id,
            "certificate_id": given.pk,
            "bank_details_id": given.dossier.agreement.bank_details_id,
            "number": "OP-BY-HAND",
            "amount": int(given.due * 100),
            "checker_id": given.checked_by_id,
            "issuer_id": given.issued_by_id,
            "approver_id": given.approved_by_id,
            "payer_id": payer.pk,
            "ordered_at": clock.now().isoformat(),
            "state": "ordered",
            "refusal_reason": "",
            **changes,
        }


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Refusals are compared in their source language."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def whole_case(django_db_setup: None, django_db_blocker: Any) -> Iterator[Case]:
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(START):
        yield Case()
        transaction.set_rollback(True)


@pytest.fixture
def case(whole_case: Case, db: None) -> Iterator[Case]:
    """The case, as each test finds it."""
    with clock.at(START):
        yield whole_case


@pytest.fixture
def order(case: Case) -> PaymentOrder:
    """The order, by the person whose role it is."""
    return payments.order_payment(certificate=case.certificate, by=case.payer)


def execute(sql: str, *values: Any) -> None:
    """One statement typed by hand."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def insert(row: dict[str, Any], verb: str = "INSERT") -> None:
    marks = ", ".join(["%s"] * len(row))
    execute(f"{verb} INTO monitoring_paymentorder ({', '.join(row)}) VALUES ({marks})", *row.values())


def fixture_file(folder: Path, row: dict[str, Any]) -> str:
    """The row as a file of `loaddata`."""
    fields = {name.removesuffix("_id"): value for name, value in row.items()}
    path = folder / "order.json"
    path.write_text(json.dumps([{"model": "monitoring.paymentorder", "pk": 990, "fields": fields}]))
    return str(path)


# By page


@pytest.mark.parametrize("hand", HANDS)
def test_by_page(case, hand):
    browser = Client()
    browser.force_login(case.people[hand])
    answer = proved(browser).post(f"/en/paiements/certificats/{case.certificate.pk}")
    assert "another paying officer" in answer.content.decode()
    assert not PaymentOrder.objects.exists()


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("end, fields", [("payer", {"executed_on": "2027-03-01"}), ("refuser", {"reason": "Closed."})])
def test_nor_the_bank_s_answer_by_page(case, order, hand, end, fields):
    browser = Client()
    browser.force_login(case.people[hand])
    answer = proved(browser).post(f"/en/paiements/ordres/{order.pk}/{end}", fields)
    assert "another paying officer" in answer.content.decode()
    assert fresh(order).state == "ordered"


# By action


@pytest.mark.parametrize("hand", HANDS)
def test_by_action(case, hand):
    with pytest.raises(NotAllowed, match="another paying officer"):
        payments.order_payment(certificate=case.certificate, by=case.people[hand])


@pytest.mark.parametrize("hand", HANDS)
def test_nor_the_bank_s_answer_by_action(case, order, hand):
    person = case.people[hand]
    with pytest.raises(NotAllowed, match="another paying officer"):
        payments.record_payment(order=order, executed_on=clock.today(), by=person)
    with pytest.raises(NotAllowed, match="another paying officer"):
        payments.record_refusal(order=order, reason="Closed.", by=person)


# By command


@pytest.mark.parametrize("hand", HANDS)
def test_by_command(case, tmp_path, hand):
    row = case.row(case.people[hand], amount=str(case.certificate.due))
    with pytest.raises(DatabaseError), transaction.atomic():
        call_command("loaddata", fixture_file(tmp_path, row), verbosity=0)
    assert not PaymentOrder.objects.exists()


def test_the_same_command_with_the_payer_s_row_passes(case, tmp_path):
    """The control: the command is refused for its persons, not for its form."""
    row = case.row(case.payer, amount=str(case.certificate.due))
    call_command("loaddata", fixture_file(tmp_path, row), verbosity=0)
    assert PaymentOrder.objects.get().payer == case.payer


@pytest.mark.parametrize("hand", HANDS)
def test_by_the_models_without_their_actions(case, hand):
    row = case.row(case.people[hand], amount=case.certificate.due)
    for write in (
        lambda: PaymentOrder.objects.bulk_create([PaymentOrder(**row)]),
        lambda: PaymentOrder(**row).save_base(raw=True),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


# By raw SQL


@pytest.mark.parametrize("hand", HANDS)
def test_by_insert(case, hand):
    person, column = case.people[hand], f"{hand}_id"
    for changes in ({}, {column: case.world.manager.pk}, {"claim_id": None}):
        with pytest.raises(DatabaseError):
            insert(case.row(person, **changes))


@pytest.mark.parametrize("hand", HANDS)
def test_by_update_of_the_order(case, order, hand):
    person = case.people[hand]
    for change in ("payer_id = %s", f"payer_id = %s, {hand}_id = {case.payer.pk}", f"{hand}_id = {case.payer.pk}"):
        with pytest.raises(DatabaseError):
            execute(f"UPDATE monitoring_paymentorder SET {change}", *([person.pk] if "%s" in change else []))
    with pytest.raises(DatabaseError, match="nobody records"):
        execute(
            "UPDATE monitoring_paymentorder SET state = 'executed', executed_on = '2027-03-01', recorded_by_id = %s",
            person.pk,
        )
    assert fresh(order).payer == case.payer


@pytest.mark.parametrize("hand", HANDS)
def test_by_update_of_the_certificate(case, hand):
    """Neither to take one's name off it and pay, nor to put the payer's on it."""
    for other in (case.world.manager, case.payer):
        with pytest.raises(DatabaseError, match=r"approved certificate is not changed|checked every item"):
            execute(f"UPDATE monitoring_certificate SET {COLUMNS[hand]} = %s", other.pk)
    assert getattr(Certificate.objects.get(), COLUMNS[hand]) == case.people[hand].pk


def test_by_update_of_the_checks(case, order):
    for sql in (
        "UPDATE monitoring_itemcheck SET checked_by_id = %s",
        "UPDATE monitoring_itemcheck SET version = version + %s",
        "DELETE FROM monitoring_itemcheck WHERE checked_by_id <> %s",
    ):
        with pytest.raises(DatabaseError, match="append-only"):
            execute(sql, case.payer.pk)
    assert ItemCheck.objects.get().checked_by == case.people["checker"]


def test_by_moving_what_was_checked_to_another_claim(case):
    with pytest.raises(DatabaseError, match="stays with its claim"):
        execute("UPDATE monitoring_expenseitem SET claim_id = claim_id + 1000")


def test_by_removing_the_rows_and_writing_others(case, order):
    sentences = ["DELETE FROM monitoring_paymentorder", "DELETE FROM monitoring_certificate"]
    if connection.vendor == "postgresql":
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        sentences += ["TRUNCATE monitoring_paymentorder CASCADE", "TRUNCATE monitoring_certificate CASCADE"]
    for sql in sentences:
        with pytest.raises(DatabaseError, match="is kept"):
            execute(sql)


def test_by_replacing_a_row_where_the_database_knows_how(case, order):
    """SQLite's REPLACE deletes what is in the way, which no trigger would hear by default."""
    if connection.vendor != "sqlite":
        with pytest.raises(DatabaseError):
            insert(case.row(case.payer))
        return
    other = case.world.give(case.world.person("Other Payer"), Role.PAYING_OFFICER)
    for row in (case.row(other), {"id": order.pk, **case.row(other)}):
        with pytest.raises(DatabaseError, match="is kept"):
            insert(row, "REPLACE")
    with pytest.raises(DatabaseError, match="append-only"):
        execute("REPLACE INTO monitoring_itemcheck SELECT * FROM monitoring_itemcheck")


def test_without_the_triggers_raw_sql_would_pay(case):
    """The control."""
    with transaction.atomic():
        with triggers.removed(connection):
            insert(case.row(case.people["checker"], checker_id=case.world.manager.pk))
        assert PaymentOrder.objects.get().payer == case.people["checker"]
        transaction.set_rollback(True)
