"""Cancellation with its recovery, recoveries that come in, and the closing of a dossier."""

from decimal import Decimal

import pytest

from grants.lifecycle import State
from kit import clock
from kit.errors import Conflict, NotAllowed, Refused, Unmet
from kit.lifecycle import missing
from monitoring.actions import payments
from monitoring.models import ClaimKind, ClaimState, Recovery
from tests.world import acts, last_entry, mails, recipients, standing_money
from tests.world_monitoring import Road, after, again


def euros(**stages):
    return {stage: Decimal(amount) for stage, amount in stages.items()}


def cancel(road, **fields):
    given = {"reason": "The project stopped.", "by": road.world.manager, **fields}
    if "decision" not in given:
        given["decision"] = road.world.decide("COPIL-9", body="management")
    return payments.cancel(dossier=road.dossier, **given)


def test_cancelling_after_an_advance_releases_the_rest_and_claims_the_advance_back(road, world):
    road.paid(road.claimed(ClaimKind.ADVANCE))
    dossier = cancel(road)

    assert (dossier.state, dossier.ended_at, dossier.decision_reasons) == (
        State.CANCELLED,
        clock.now(),
        "The project stopped.",
    )
    recovery = Recovery.objects.get()
    assert (recovery.amount, recovery.number, recovery.issued_by, recovery.certificate) == (
        12000,
        f"TR-{dossier.reference}-01",
        world.manager,
        None,
    )
    assert standing_money(dossier) == euros(left=88000, recovered=12000)
    entry = last_entry(dossier)
    assert (entry.act, entry.from_state, entry.to_state, entry.reason) == (
        "dossier.cancelled",
        State.CONTRACTED,
        State.CANCELLED,
        "The project stopped.",
    )
    assert entry.data == {
        "decision": "COPIL-9",
        "released": "28000.00",
        "recovery": recovery.number,
        "claimed_back": "12000.00",
    }
    assert (
        f"€12,000.00 that was paid is claimed back (recovery {recovery.number})" in mails(dossier, "cancelled")[0].text
    )

    with clock.at(after(40)):
        received = payments.record_recovery(recovery=recovery, received_on=clock.today(), by=world.payer)
    assert (received.received_on, received.recorded_by) == ((after(40)).date(), world.payer)
    assert standing_money(dossier) == euros(left=100000)
    assert recipients(dossier, "recovery_received") == sorted([road.editor.full_name, road.signatory.full_name])


def test_cancelling_before_any_payment_claims_nothing_back(road):
    dossier = cancel(road)
    assert standing_money(dossier) == euros(left=100000)
    assert not Recovery.objects.exists()
    assert "claimed back" not in mails(dossier, "cancelled")[0].text


def test_what_was_certified_and_not_ordered_is_released_too(road):
    road.paid(road.claimed(ClaimKind.ADVANCE))
    road.claimed(ClaimKind.INTERIM, "60000")
    assert standing_money(road.dossier) == euros(left=60000, committed=10000, verified=18000, paid=12000)
    cancel(road)
    assert standing_money(road.dossier) == euros(left=88000, recovered=12000)


def test_cancelling_needs_a_decision_a_reason_and_no_order_in_flight(road, world):
    certificate = road.claimed(ClaimKind.ADVANCE)
    order = road.ordered(certificate)
    with pytest.raises(Unmet) as unmet:
        cancel(road, decision=None, reason=" ")
    assert unmet.value.missing == [
        "Give the reasons; the applicant receives them.",
        "Name the decision to end the agreement.",
        f"The bank has not executed the order {order.number} of €12,000.00 yet; record what it did first.",
    ]
    assert road.dossier.state == State.CONTRACTED
    payments.record_refusal(order=order, reason="No.", by=world.payer)
    assert cancel(road).state == State.CANCELLED


@pytest.mark.parametrize("who", ["officer", "payer", "secretary", "auditor"])
def test_only_the_manager_cancels(road, world, who):
    with pytest.raises(NotAllowed):
        cancel(road, by=getattr(world, who))


def test_a_settled_dossier_is_not_cancelled(road):
    road.finished()
    with pytest.raises(NotAllowed):
        cancel(road)


def test_nothing_is_claimed_after_the_end(road):
    claim = road.draft(ClaimKind.FINAL, ["1000"])
    cancel(road)
    with pytest.raises(NotAllowed):
        road.item(claim)


def test_nothing_is_checked_or_paid_after_the_end(road):
    certificate = road.claimed(ClaimKind.ADVANCE)
    cancel(road)
    with pytest.raises(NotAllowed):
        road.ordered(certificate)


# Recoveries after the balance


def test_what_was_paid_too_much_is_claimed_back_before_the_grant_is_settled(road, world):
    """Formula F6: 12 000 paid in advance, 10 000 due for 20 000 of expenses, so that 2 000 come back."""
    road.paid(road.claimed(ClaimKind.ADVANCE))
    certificate = road.claimed(ClaimKind.FINAL, "20000", "1000", accepted=["20000", "0"])
    assert (certificate.verified_total, certificate.due, certificate.to_recover) == (20000, 0, 2000)
    road.service()
    road.verified()
    with pytest.raises(Unmet) as unmet:
        road.settled()
    assert unmet.value.missing == ["€2,000.00 is to be claimed back after claim no. 2: issue the recovery order."]

    recovery = payments.issue_recovery(dossier=road.dossier, certificate=certificate, by=world.manager)

    assert (recovery.amount, recovery.certificate) == (2000, certificate)
    assert again(certificate.claim).state == ClaimState.SETTLED
    assert acts(road.dossier)[-2:] == ["recovery.issued", "claim.settled"]
    assert standing_money(road.dossier) == euros(left=60000, committed=28000, paid=10000, recovered=2000)
    assert road.settled().state == State.PAID
    with clock.at(after(400)):
        road.reported()
        with pytest.raises(Unmet) as unmet:
            road.closed()
        assert unmet.value.missing == [f"The recovery {recovery.number} of €2,000.00 has not come back yet."]
        payments.record_recovery(recovery=recovery, received_on=clock.today(), by=world.payer)
        assert road.closed().state == State.CLOSED
    assert standing_money(road.dossier) == euros(left=90000, paid=10000)


def test_a_recovery_is_issued_once_and_only_where_one_is_due(road, world):
    road.paid(road.claimed(ClaimKind.ADVANCE))
    advance = road.dossier.certificates.get()
    with pytest.raises(Refused, match="Nothing is to be claimed back"):
        payments.issue_recovery(certificate=advance, by=world.manager)
    final = road.claimed(ClaimKind.FINAL, "1000", accepted=["0"])
    for person in (world.payer, world.officer):
        with pytest.raises(NotAllowed):
            payments.issue_recovery(certificate=final, by=person)
    with pytest.raises(Refused, match="another application"):
        payments.issue_recovery(certificate=final, dossier=Road(world).dossier, by=world.manager)
    payments.issue_recovery(certificate=final, by=world.manager)
    with pytest.raises(Conflict, match="claimed back already"):
        payments.issue_recovery(certificate=final, by=world.manager)
    assert Recovery.objects.count() == 1


def test_a_recovery_comes_in_once_and_not_in_the_future(road, world):
    road.paid(road.claimed(ClaimKind.ADVANCE))
    cancel(road)
    recovery = Recovery.objects.get()
    with pytest.raises(NotAllowed):
        payments.record_recovery(recovery=recovery, received_on=clock.today(), by=world.manager)
    with pytest.raises(Refused):
        payments.record_recovery(recovery=recovery, received_on=after(1).date(), by=world.payer)
    payments.record_recovery(recovery=recovery, received_on=clock.today(), by=world.payer)
    with pytest.raises(Conflict):
        payments.record_recovery(recovery=recovery, received_on=clock.today(), by=world.payer)


# Closing


def test_a_dossier_is_closed_once_the_year_of_use_is_accepted(road, world):
    road.finished()
    assert missing(road.dossier, "close") == [
        "The usage report of “Town site”, due on 1 March 2028, is not accepted yet."
    ]
    with clock.at(after(366)):
        with pytest.raises(Unmet):
            road.closed()
        road.reported()
        with pytest.raises(NotAllowed):
            payments.close(dossier=road.dossier, by=world.officer)
        dossier = road.closed()
        assert (dossier.state, dossier.ended_at) == (State.CLOSED, clock.now())
    assert recipients(dossier, "closed") == sorted([road.editor.full_name, road.signatory.full_name])
