"""Payment orders and their outcome, and the settlement of the grant: nobody pays what they verified."""

from datetime import date
from decimal import Decimal

import pytest

from grants.lifecycle import State
from kit import clock
from kit.errors import Conflict, NotAllowed, Refused, Unmet
from kit.lifecycle import missing
from monitoring.actions import claims, payments, verification
from monitoring.models import ClaimKind, ClaimState, OrderState, PaymentOrder
from people.acting import exempt_bulk_write
from people.models import Role
from tests.world import IBAN, OTHER_IBAN, acts, last_entry, mails, recipients, standing_money
from tests.world_monitoring import Road, after, again


def euros(**stages):
    return {stage: Decimal(amount) for stage, amount in stages.items()}


def test_an_order_carries_the_certificate_s_sum_and_four_persons(road, world):
    payer = world.payer
    certificate = road.claimed(ClaimKind.FINAL, "30000")
    order = payments.order_payment(certificate=certificate, by=payer)
    assert (order.amount, order.state, order.number) == (
        15000,
        OrderState.ORDERED,
        f"OP-{road.dossier.reference}-01",
    )
    persons = (order.checker, order.issuer, order.approver, order.payer)
    assert persons == (world.officer, world.officer, world.other_officer, world.payer)
    assert order.bank_details == road.dossier.agreement.bank_details
    assert standing_money(road.dossier) == euros(left=60000, committed=25000, ordered=15000)
    entry = last_entry(road.dossier)
    assert (entry.act, entry.data["amount"], entry.data["order"]) == ("payment.ordered", "15000.00", order.number)
    assert recipients(road.dossier, "payment_to_order") == ["Payer"]
    assert recipients(road.dossier, "payment_under_way") == sorted([road.editor.full_name, road.signatory.full_name])


def test_no_mail_shows_the_account(road):
    road.paid(road.claimed(ClaimKind.FINAL, "30000"))
    account = [mail.kind for mail in mails(road.dossier) if IBAN in mail.text.replace(" ", "")]
    assert account == []


@pytest.mark.parametrize("hand", ["officer", "other_officer"])
def test_nobody_orders_what_they_checked_issued_or_approved(road, world, hand):
    person = world.give(getattr(world, hand), Role.PAYING_OFFICER)
    certificate = road.claimed(ClaimKind.FINAL, "30000")
    with pytest.raises(NotAllowed, match="another paying officer"):
        payments.order_payment(certificate=certificate, by=person)
    assert not PaymentOrder.objects.exists()
    order = road.ordered(certificate)
    with pytest.raises(NotAllowed, match="another paying officer"):
        payments.record_payment(order=order, executed_on=clock.today(), by=person)
    payments.record_payment(order=order, executed_on=clock.today(), by=world.payer)
    road.service()
    road.verified()
    with pytest.raises(NotAllowed, match="another paying officer"):
        payments.pay(dossier=road.dossier, by=person)


def test_who_checked_an_earlier_version_does_not_pay_the_next_one(road, world):
    certificate = road.claimed(ClaimKind.FINAL, "30000", accepted=["20000"])
    claims.contest(claim=certificate.claim, text="No.", by=road.signatory)
    third = world.give(world.person("Third Officer"), Role.INSTRUCTING_OFFICER)
    fourth = world.give(world.person("Fourth Officer"), Role.INSTRUCTING_OFFICER)
    road.checked(certificate.claim, "30000", by=third)
    second = verification.approve_certificate(certificate=road.issued(certificate.claim, by=third), by=fourth)
    with pytest.raises(NotAllowed):
        payments.order_payment(certificate=second, by=world.give(world.officer, Role.PAYING_OFFICER))
    assert road.ordered(second).amount == 15000


def test_who_paid_has_no_part_in_the_next_version(road, world):
    payer = world.give(world.payer, Role.INSTRUCTING_OFFICER)
    certificate = road.claimed(ClaimKind.FINAL, "30000", accepted=["20000"])
    road.paid(certificate)
    claim = certificate.claim
    claims.contest(claim=claim, text="No.", by=road.signatory)
    with pytest.raises(NotAllowed, match="another person verifies"):
        road.checked(claim, "30000", by=payer)
    road.checked(claim, "30000")
    with pytest.raises(NotAllowed, match="another person verifies"):
        road.issued(claim, by=payer)
    second = road.issued(claim)
    assert missing(again(claim), "approve", approver=payer) == [
        "You ordered a payment of this claim, so another person approves the certificate."
    ]
    with pytest.raises(Unmet):
        verification.approve_certificate(certificate=second, by=payer)


@pytest.mark.parametrize("who", ["officer", "manager", "secretary", "auditor", "administrator"])
def test_only_paying_officers_order(road, world, who):
    certificate = road.claimed(ClaimKind.FINAL, "30000")
    with pytest.raises(NotAllowed):
        payments.order_payment(certificate=certificate, by=getattr(world, who))


def test_a_sum_is_ordered_once(road, world):
    certificate = road.claimed(ClaimKind.FINAL, "30000")
    road.ordered(certificate)
    with pytest.raises(Conflict, match="ordered already"):
        road.ordered(certificate)
    assert PaymentOrder.objects.count() == 1


def test_an_unapproved_or_replaced_certificate_is_not_paid(road):
    claim = road.filed(ClaimKind.FINAL, ["30000"])
    road.checked(claim, "20000")
    certificate = road.issued(claim)
    with pytest.raises(Conflict, match="not approved"):
        road.ordered(certificate)
    verification.approve_certificate(certificate=certificate, by=road.world.other_officer)
    claims.contest(claim=claim, text="No.", by=road.signatory)
    road.certified(claim, "30000")
    with pytest.raises(Conflict, match="replaced"):
        road.ordered(certificate)


def test_a_certificate_of_nothing_is_settled_at_once(road):
    road.paid(road.claimed(ClaimKind.INTERIM, "80000"))
    certificate = road.claimed(ClaimKind.INTERIM, "10")
    assert (certificate.due, again(certificate.claim).state) == (0, ClaimState.SETTLED)
    with pytest.raises(Unmet) as unmet:
        road.ordered(certificate)
    assert unmet.value.missing == ["Nothing is due on this certificate."]


def test_the_order_goes_to_the_account_in_use(road, world):
    certificate = road.claimed(ClaimKind.FINAL, "30000")
    details = world.bank_details(road.dossier, OTHER_IBAN)
    assert road.ordered(certificate).bank_details == details


def test_the_payment_is_recorded_and_the_claim_settled(road, world):
    order = road.ordered(road.claimed(ClaimKind.FINAL, "30000"))
    with clock.at(after(3)):
        recorded = payments.record_payment(order=order, executed_on=date(2027, 3, 3), by=world.payer)
    assert (recorded.state, recorded.executed_on, recorded.recorded_by) == (
        OrderState.EXECUTED,
        date(2027, 3, 3),
        world.payer,
    )
    assert standing_money(road.dossier) == euros(left=60000, committed=25000, paid=15000)
    assert again(order.claim).state == ClaimState.SETTLED
    assert acts(road.dossier)[-2:] == ["payment.recorded", "claim.settled"]
    assert "€15,000.00 was paid on 3 March 2027" in mails(road.dossier, "paid")[0].text
    with pytest.raises(Conflict):
        payments.record_payment(order=order, executed_on=clock.today(), by=world.payer)
    with pytest.raises(Conflict):
        payments.record_refusal(order=order, reason="Closed account.", by=world.payer)


@pytest.mark.parametrize("day", [date(2027, 2, 28), date(2027, 3, 2)])
def test_a_payment_is_neither_before_its_order_nor_in_the_future(road, world, day):
    order = road.ordered(road.claimed(ClaimKind.FINAL, "30000"))
    with pytest.raises(Refused) as refused:
        payments.record_payment(order=order, executed_on=day, by=world.payer)
    assert refused.value.field == "executed_on"
    assert again(order).state == OrderState.ORDERED


@pytest.mark.parametrize(("kind", "stage"), [(ClaimKind.ADVANCE, "advanced"), (ClaimKind.INTERIM, "verified")])
def test_what_the_bank_refused_is_due_again(road, world, kind, stage):
    certificate = road.claimed(kind, *([] if kind == ClaimKind.ADVANCE else ["24000"]))
    order = road.ordered(certificate)
    with pytest.raises(Unmet):
        payments.record_refusal(order=order, reason=" ", by=world.payer)
    refused = payments.record_refusal(order=order, reason="Account closed.", by=world.payer)
    assert (refused.state, refused.refusal_reason, refused.recorded_by) == (
        OrderState.REFUSED,
        "Account closed.",
        world.payer,
    )
    assert standing_money(road.dossier) == euros(left=60000, committed=28000, **{stage: 12000})
    assert again(order.claim).state == ClaimState.CERTIFIED
    assert "Account closed." in mails(road.dossier, "payment_refused")[0].text
    assert "Payer" in recipients(road.dossier, "payment_refused")
    second = road.ordered(certificate)
    assert (second.number, second.amount) == (f"OP-{road.dossier.reference}-02", 12000)
    payments.record_payment(order=second, executed_on=clock.today(), by=world.payer)
    assert standing_money(road.dossier) == euros(left=60000, committed=28000, paid=12000)


def test_two_refusals_and_a_payment_move_the_money_there_and_back(road, world):
    certificate = road.claimed(ClaimKind.FINAL, "30000")
    for _attempt in range(2):
        payments.record_refusal(order=road.ordered(certificate), reason="No.", by=world.payer)
    road.paid(certificate)
    assert standing_money(road.dossier) == euros(left=60000, committed=25000, paid=15000)
    assert [order.state for order in PaymentOrder.objects.order_by("pk")] == ["refused", "refused", "executed"]


def test_the_grant_is_settled_once_every_claim_is(road):
    certificate = road.claimed(ClaimKind.FINAL, "30000")
    road.service()
    road.verified()
    with pytest.raises(Unmet) as unmet:
        road.settled()
    assert unmet.value.missing == ["€15,000.00 is due on claim no. 1 and not paid yet."]
    road.paid(certificate)
    assert road.settled().state == State.PAID
    assert standing_money(road.dossier) == euros(left=85000, paid=15000)
    assert recipients(road.dossier, "grant_paid") == sorted([road.editor.full_name, road.signatory.full_name])


def test_the_unspent_commitment_lets_the_reserve_list_rise(world):
    road = Road(world)
    waiting = world.dossier(State.SUBMITTED, call=road.dossier.call)
    with exempt_bulk_write():
        waiting.place_on_reserve()
        waiting.reserve_rank, waiting.decided_at = 1, clock.now()
        waiting.save()
    world.secretary  # appointed before the mail
    road.finished("30000")
    assert recipients(waiting, "reserve_proposed") == ["Secretary"]


def test_a_dossier_is_not_settled_before_its_service_fact(road):
    road.paid(road.claimed(ClaimKind.FINAL, "30000"))
    with pytest.raises(NotAllowed):
        road.settled()


def test_the_grant_is_capped_whatever_is_spent(road):
    certificate = road.claimed(ClaimKind.FINAL, "99999.99", "50000")
    assert (certificate.verified, certificate.due) == (Decimal("149999.99"), 40000)


def test_interim_payments_stop_at_their_share(road):
    road.paid(road.claimed(ClaimKind.ADVANCE))
    certificate = road.claimed(ClaimKind.INTERIM, "100000")
    assert certificate.due == 20000
    road.paid(certificate)
    assert road.claimed(ClaimKind.FINAL, "1").due == 8000
