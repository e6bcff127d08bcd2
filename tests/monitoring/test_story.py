"""One project from its agreement to its end, and what the ledger says at each step."""

from decimal import Decimal

from grants.lifecycle import State
from kit import clock
from monitoring.actions import payments
from monitoring.models import ClaimKind, ClaimState
from tests.world import acts, last_entry, mails, standing_money
from tests.world_monitoring import after


def euros(**stages):
    return {stage: Decimal(amount) for stage, amount in stages.items()}


def test_a_project_is_claimed_certified_paid_used_and_closed(road, world):
    """The example of formula F6: advance 12 000, interim 3 000 and 17 000, balance 7 000."""
    assert standing_money(road.dossier) == euros(left=60000, committed=40000)

    advance = road.claimed(ClaimKind.ADVANCE)
    assert (advance.verified, advance.due, advance.to_recover) == (0, 12000, 0)
    assert standing_money(road.dossier) == euros(left=60000, committed=28000, advanced=12000)
    order = road.ordered(advance)
    assert (order.amount, order.number) == (12000, f"OP-{road.dossier.reference}-01")
    assert standing_money(road.dossier) == euros(left=60000, committed=28000, ordered=12000)

    with clock.at(after(1)):
        payments.record_payment(order=order, executed_on=clock.today(), by=world.payer)
    assert standing_money(road.dossier) == euros(left=60000, committed=28000, paid=12000)
    assert road.dossier.claims.get().state == ClaimState.SETTLED

    with clock.at(after(30)):
        first = road.claimed(ClaimKind.INTERIM, "20000", "10000")
        assert (first.verified, first.verified_total, first.due) == (30000, 30000, 3000)
        assert standing_money(road.dossier) == euros(left=60000, committed=25000, verified=3000, paid=12000)
        road.paid(first)
    with clock.at(after(60)):
        second = road.claimed(ClaimKind.INTERIM, "40000")
        assert (second.verified, second.verified_total, second.due) == (40000, 70000, 17000)
        road.paid(second)
    with clock.at(after(90)):
        final = road.claimed(ClaimKind.FINAL, "8000")
        assert (final.verified, final.verified_total, final.due) == (8000, 78000, 7000)
        road.paid(final)
        road.service()
        assert road.verified().state == State.SERVICE_FACT_VERIFIED
        assert standing_money(road.dossier) == euros(left=60000, committed=1000, paid=39000)
        paid = road.settled()
        assert (paid.state, paid.paid_at) == (State.PAID, clock.now())
        assert standing_money(road.dossier) == euros(left=61000, paid=39000)
        entry = last_entry(road.dossier)
        assert (entry.act, entry.from_state, entry.to_state) == (
            "dossier.paid",
            State.SERVICE_FACT_VERIFIED,
            State.PAID,
        )
        assert entry.data == {"paid": "39000.00", "released": "1000.00"}

    with clock.at(after(90 + 365)):
        road.reported()
        closed = road.closed()
    assert (closed.state, closed.ended_at is not None) == (State.CLOSED, True)
    assert acts(road.dossier)[-5:] == [
        "dossier.service_fact_verified",
        "dossier.paid",
        "usage_report.filled",
        "usage_report.accepted",
        "dossier.closed",
    ]
    told = {mail.kind for mail in mails(road.dossier)}
    assert told >= {"claim_received", "claim_to_check", "certificate_to_approve", "certified", "payment_to_order"}
    assert told >= {
        "payment_under_way",
        "paid",
        "grant_paid",
        "usage_report_to_read",
        "usage_report_accepted",
        "closed",
    }
