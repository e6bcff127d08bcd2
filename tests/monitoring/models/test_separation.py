"""By raw SQL, on the database the suite runs on: nobody pays what they checked, issued or approved (TRUST 11)."""

import pytest
from django.db import DatabaseError, connection, transaction

from kit import clock
from monitoring.actions import claims, verification
from monitoring.models import Certificate, ClaimKind, ItemCheck, PaymentOrder, separation
from people.models import Role
from records import triggers
from tests.world import OTHER_IBAN
from tests.world_monitoring import Road


def execute(sql, *values):
    """One statement typed by hand."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def insert_order(certificate, payer, **changes):
    """The row that an order of the certificate by `payer` would be, with `changes`."""
    row = {
        "dossier_id": certificate.dossier_id,
        "claim_id": certificate.claim_id,
        "certificate_id": certificate.pk,
        "bank_details_id": certificate.dossier.agreement.bank_details_id,
        "number": "OP-RAW",
        "amount": int(certificate.due * 100),
        "checker_id": certificate.checked_by_id,
        "issuer_id": certificate.issued_by_id,
        "approver_id": certificate.approved_by_id,
        "payer_id": payer.pk,
        "ordered_at": clock.now().isoformat(),
        "state": "ordered",
        "refusal_reason": "",
        **changes,
    }
    marks = ", ".join(["%s"] * len(row))
    execute(f"INSERT INTO monitoring_paymentorder ({', '.join(row)}) VALUES ({marks})", *row.values())


@pytest.fixture
def certificate(road):
    return road.claimed(ClaimKind.FINAL, "30000", "1000", accepted=["30000", "0"])


def test_the_row_that_the_product_would_write_is_accepted(certificate, world):
    insert_order(certificate, world.payer)
    assert PaymentOrder.objects.get().payer == world.payer
    with triggers.removed(connection):
        PaymentOrder.objects.all()._raw_delete("default")


@pytest.mark.parametrize("hand", ["officer", "other_officer"])
def test_who_checked_issued_or_approved_is_no_payer(certificate, world, hand):
    with pytest.raises(DatabaseError):
        insert_order(certificate, getattr(world, hand))
    assert not PaymentOrder.objects.exists()


def test_naming_other_persons_than_the_certificate_s_does_not_help(certificate, world):
    for column in ("checker_id", "issuer_id", "approver_id"):
        with pytest.raises(DatabaseError, match="persons and the sum of a certificate in force"):
            insert_order(certificate, world.payer, **{column: world.manager.pk})
    with pytest.raises(DatabaseError):
        insert_order(certificate, world.officer, checker_id=world.manager.pk, issuer_id=world.manager.pk)


def test_another_sum_claim_dossier_or_account_is_refused(certificate, world):
    other = Road(world)
    strange = other.draft(ClaimKind.ADVANCE)
    for changes in (
        {"amount": int(certificate.due * 100) + 1},
        {"claim_id": strange.pk},
        {"dossier_id": other.pk},
    ):
        with pytest.raises(DatabaseError):
            insert_order(certificate, world.payer, **changes)
    for details in (other.dossier.agreement.bank_details_id, _replaced_account(certificate, world)):
        with pytest.raises(DatabaseError, match="confirmed account"):
            insert_order(certificate, world.payer, bank_details_id=details)
    assert not PaymentOrder.objects.exists()


def _replaced_account(certificate, world):
    former = certificate.dossier.agreement.bank_details_id
    world.bank_details(certificate.dossier, OTHER_IBAN)
    return former


def test_an_unapproved_or_replaced_certificate_is_not_paid(road, world):
    claim = road.filed(ClaimKind.FINAL, ["30000"])
    road.checked(claim, "20000")
    issued = road.issued(claim)
    with pytest.raises(DatabaseError):
        insert_order(issued, world.payer, approver_id=world.other_officer.pk)
    first = verification.approve_certificate(certificate=issued, by=world.other_officer)
    claims.contest(claim=claim, text="No.", by=road.signatory)
    road.certified(claim, "30000")
    with pytest.raises(DatabaseError, match="certificate in force"):
        insert_order(first, world.payer)


def test_who_checked_only_an_earlier_version_is_no_payer(road, world):
    first = road.claimed(ClaimKind.FINAL, "30000", accepted=["20000"])
    claims.contest(claim=first.claim, text="No.", by=road.signatory)
    third, fourth = (
        world.give(world.person(name), Role.INSTRUCTING_OFFICER) for name in ("Third Officer", "Fourth Officer")
    )
    road.checked(first.claim, "30000", by=third)
    second = verification.approve_certificate(certificate=road.issued(first.claim, by=third), by=fourth)
    for hand in (world.officer, world.other_officer, third, fourth):
        with pytest.raises(DatabaseError):
            insert_order(second, hand)


def test_an_order_changes_neither_its_persons_nor_its_sum(road, certificate, world):
    order = road.ordered(certificate)
    changes = {
        "payer_id": world.manager.pk,
        "checker_id": world.manager.pk,
        "issuer_id": world.manager.pk,
        "approver_id": world.manager.pk,
        "amount": 1,
        "number": "'OP-9'",
    }
    for column, value in changes.items():
        with pytest.raises(DatabaseError, match="keeps its persons, its sum and its account"):
            execute(f"UPDATE monitoring_paymentorder SET {column} = {value} WHERE id = %s", order.pk)
    with pytest.raises(DatabaseError, match="an order is kept"):
        execute("DELETE FROM monitoring_paymentorder WHERE id = %s", order.pk)


def test_an_executed_or_refused_order_is_not_changed(road, certificate):
    order = road.paid(certificate)
    for change in ("state = 'ordered'", "executed_on = '2027-01-01'", "refusal_reason = 'x', state = 'refused'"):
        with pytest.raises(DatabaseError, match="paid or refused is not changed"):
            execute(f"UPDATE monitoring_paymentorder SET {change} WHERE id = %s", order.pk)


def test_an_approved_certificate_is_not_changed(certificate, world):
    manager = world.manager.pk
    for change in (
        f"checked_by_id = {manager}",
        f"issued_by_id = {manager}",
        f"approved_by_id = {manager}",
        "approved_by_id = NULL, approved_at = NULL",
        "due = due + 1",
        "verified = verified + 1",
        "verified_total = 0",
        "deliverables_seen = 'x'",
        "version = 2",
    ):
        with pytest.raises(DatabaseError):
            execute(f"UPDATE monitoring_certificate SET {change} WHERE id = %s", certificate.pk)
    with pytest.raises(DatabaseError, match="a certificate is kept"):
        execute("DELETE FROM monitoring_certificate WHERE id = %s", certificate.pk)
    assert Certificate.objects.get().approved_by == world.other_officer


def test_a_certificate_names_who_checked_every_item(road, world):
    claim = road.filed(ClaimKind.FINAL, ["100", "200"])
    road.checked(claim)
    issued = road.issued(claim)
    with pytest.raises(DatabaseError, match="has checked every item"):
        execute("UPDATE monitoring_certificate SET checked_by_id = %s WHERE id = %s", world.manager.pk, issued.pk)
    columns = "dossier_id, claim_id, version, verified, verified_total, due, to_recover, deliverables_seen, issued_at"
    values = (
        "dossier_id, claim_id, version + 1, verified, verified_total, due, to_recover, deliverables_seen, issued_at"
    )
    with pytest.raises(DatabaseError, match="has checked every item"):
        execute(
            f"INSERT INTO monitoring_certificate ({columns}, checked_by_id, issued_by_id) "
            f"SELECT {values}, checked_by_id, issued_by_id FROM monitoring_certificate WHERE id = %s",
            issued.pk,
        )


def test_a_certificate_stays_with_its_claim(road, world):
    claim = road.filed(ClaimKind.ADVANCE)
    issued = road.issued(claim)
    with pytest.raises(DatabaseError, match="keeps its claim and version"):
        execute("UPDATE monitoring_certificate SET dossier_id = %s WHERE id = %s", Road(world).pk, issued.pk)


def test_who_paid_has_no_hand_in_the_claim_afterwards(road, certificate, world):
    road.paid(certificate)
    item = certificate.claim.items.first()
    with pytest.raises(DatabaseError, match="nobody checks a claim"):
        execute(
            "INSERT INTO monitoring_itemcheck (item_id, version, accepted, reason, checked_by_id, checked_at) "
            "VALUES (%s, 1, 0, '', %s, %s)",
            item.pk,
            world.payer.pk,
            clock.now().isoformat(),
        )
    claims.contest(claim=certificate.claim, text="No.", by=road.signatory)
    road.checked(certificate.claim, "30000", "1000")
    issued = road.issued(certificate.claim)
    for column in ("issued_by_id", "approved_by_id"):
        dated = ", approved_at = issued_at" if column == "approved_by_id" else ""
        with pytest.raises(DatabaseError, match="nobody certifies a claim"):
            execute(f"UPDATE monitoring_certificate SET {column} = %s{dated} WHERE id = %s", world.payer.pk, issued.pk)


def test_checks_are_kept_for_ever(certificate):
    for sql in ("UPDATE monitoring_itemcheck SET accepted = 0", "DELETE FROM monitoring_itemcheck"):
        with pytest.raises(DatabaseError, match="append-only"):
            execute(sql)
    assert ItemCheck.objects.count() == 2


def test_the_triggers_can_be_installed_again(certificate, world):
    """Every `migrate` does: SQLite drops the triggers of a table that it alters."""
    triggers.remove(connection)
    triggers.install(connection)
    triggers.install(connection)
    with pytest.raises(DatabaseError):
        insert_order(certificate, world.officer)


def test_without_the_triggers_the_order_would_pass(certificate, world):
    """The control: what the statement above is refused for is the triggers, not its form."""
    with transaction.atomic():
        with triggers.removed(connection):
            insert_order(certificate, world.manager, checker_id=world.secretary.pk)
        assert PaymentOrder.objects.get().payer == world.manager
        transaction.set_rollback(True)


def test_both_engines_have_the_same_refusals():
    for vendor in ("postgresql", "sqlite"):
        for table in separation.TABLES:
            made, taken = separation.made(vendor, table), separation.taken(vendor, table)
            assert len([sql for sql in made if "TRIGGER" in sql.split("(")[0]]) == len(taken)
            for refusals in separation.REFUSALS[table].values():
                for refusal in refusals:
                    assert any(refusal.sentence in sql for sql in made)
