"""The checker of the money's rules finds each way of breaking them (I1, I2)."""

from decimal import Decimal

from django.db import connection

from monitoring.models import ClaimKind, ExpenseItem, PaymentOrder
from monitoring.queries import invariants
from people.acting import exempt_bulk_write
from programmes.models import Envelope
from records import triggers
from records.actions import ledger
from tests.world import CODE
from tests.world_monitoring import Road


def test_sound_money_breaks_no_rule(road):
    road.paid(road.claimed(ClaimKind.ADVANCE))
    road.finished("60000")
    assert invariants.violations() == invariants.violations(CODE) == []
    assert invariants.violations("OTHER-1") == []


def test_an_envelope_that_does_not_add_up_is_found(world):
    road = Road(world)
    Envelope.objects.filter(pk=road.dossier.call.envelope_id).update(amount=Decimal(99999))
    assert [text.split(":")[0] for text in invariants.violations()] == [
        f"I1 envelope {road.dossier.call.envelope.code}"
    ]


def test_a_payment_without_order_is_found(world):
    road = Road(world)
    reference = road.dossier.reference
    with exempt_bulk_write():
        ledger.post(
            "stray",
            debit=ledger.open_account(f"committed:{reference}", "committed"),
            credit=ledger.open_account(f"paid:{reference}", "paid"),
            amount=Decimal(10),
            key="stray",
        )
    assert invariants.violations() == [f"I2 {reference}: orders and recoveries make 0.00, the ledger says 10.00"]


def test_a_payment_beyond_the_entitlement_is_found(world):
    road = Road(world)
    road.finished("30000")
    ExpenseItem.objects.update(accepted=Decimal(100), reason="Less.")
    with triggers.removed(connection):
        road.dossier.certificates.update(verified=Decimal(100))
    found = invariants.violations()
    assert found == [
        f"I2 {road.dossier.reference}: 15000.00 paid, of which 0.00 in advance, above the entitlement 50.00"
    ]


def test_a_payment_beyond_the_grant_is_found(world):
    road = Road(world)
    road.paid(road.claimed(ClaimKind.ADVANCE))
    with triggers.removed(connection):
        PaymentOrder.objects.update(amount=Decimal(50000))
    found = [text.split(": ")[1] for text in invariants.violations()]
    assert found == [
        "orders and recoveries make 50000.00, the ledger says 12000.00",
        "the advance 50000.00 is above its share of 40000.00",
        "50000.00 paid, above the grant 40000.00",
        "50000.00 paid or to be paid, above the grant 40000.00",
    ]
