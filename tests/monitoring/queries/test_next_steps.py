"""Who acts next after the agreement, and each viewer's button or why there is none."""

from datetime import date

import pytest

from grants.queries.next_steps import check_steps, next_step
from kit import clock
from monitoring.actions import claims, payments, services, verification
from monitoring.models import ClaimKind, UsageReport
from tests.world import standing_money
from tests.world_monitoring import after


def step(road, person):
    found = next_step(road.dossier, person)
    return found.who, found.what, found.action, found.why_not


def test_every_state_has_its_step():
    assert check_steps() == []


def test_the_applicant_claims_first(road, world):
    town = str(road.dossier.applicant)
    claiming = "Carries out the project and claims its payments."
    assert step(road, road.editor) == (town, claiming, "claim.edit", "")
    road.draft(ClaimKind.ADVANCE)
    assert step(road, road.signatory) == (town, claiming, "claim.submit", "")
    assert step(road, road.editor) == (town, claiming, "claim.edit", "")
    who, what, action, why_not = step(road, world.officer)
    assert (who, what, action) == (town, claiming, None)
    assert why_not.startswith("This is done by: ")


def test_the_claim_goes_from_hand_to_hand(road, world):
    service, payer = "The instructing service", "The paying officer"
    claim = road.filed(ClaimKind.FINAL, ["30000", "100"])
    assert step(road, world.officer) == (service, "Checks each expense of claim no. 1.", "claim.check", "")
    road.checked(claim, "30000", "0")
    assert step(road, world.officer) == (service, "Issues the certificate of claim no. 1.", "certificate.issue", "")
    world.other_officer  # appointed
    certificate = road.issued(claim)
    approves = "Approves the certificate of claim no. 1, issued by another person."
    assert step(road, world.other_officer) == (service, approves, "certificate.approve", "")
    assert step(road, world.officer) == (
        service,
        approves,
        None,
        "You issued this certificate, so another person approves it.",
    )
    assert step(road, world.manager)[2:] == (None, "The service has another officer who approves: Other Officer.")

    verification.approve_certificate(certificate=certificate, by=world.other_officer)
    orders = "Orders the payment of claim no. 1."
    assert step(road, world.payer) == (payer, orders, "payment.order", "")
    world.give(world.officer, "paying_officer")
    assert step(road, world.officer) == (
        payer,
        orders,
        None,
        "You checked, issued or approved, so another person pays.",
    )
    claims.contest(claim=claim, text="No.", by=road.signatory)
    assert step(road, world.officer)[1] == "Checks each expense of claim no. 1 again, after the contest."
    order = road.ordered(road.certified(claim, "30000", "100"))
    records = "Records what the bank did with the payment of claim no. 1."
    assert step(road, world.payer) == (payer, records, "payment.record", "")
    payments.record_payment(order=order, executed_on=clock.today(), by=world.payer)
    assert step(road, road.editor)[1:3] == (
        "Names the services that the project put into operation.",
        "service.record",
    )
    road.service(confirmed=False)
    assert step(road, world.officer)[1:3] == ("Confirms that the services are in operation.", "service.confirm")
    services.confirm_service(service=road.dossier.services.get(), by=world.officer)
    assert step(road, world.officer)[1:3] == (
        "Verifies that what was promised was done.",
        "dossier.verify_service_fact",
    )
    road.verified()
    assert step(road, world.payer)[1:3] == (
        "Settles the grant; what was not spent returns to the envelope.",
        "dossier.pay",
    )


def test_an_advance_is_certified_at_once(road, world):
    road.filed(ClaimKind.ADVANCE)
    assert step(road, world.officer)[2] == "certificate.issue"


def test_what_was_paid_too_much_is_claimed_back_first(road, world):
    road.paid(road.claimed(ClaimKind.ADVANCE))
    road.claimed(ClaimKind.FINAL, "100", accepted=["0"])
    assert step(road, world.manager)[:3] == (
        "The programme manager",
        "Claims back what was paid too much after claim no. 2.",
        "recovery.issue",
    )


def test_after_the_payment_a_year_of_use_is_reported(road, world):
    road.finished()
    found = next_step(road.dossier, road.editor)
    assert (found.what, found.action) == ("Reports on the first year of use of each service.", "usage_report.fill")
    assert found.by_when is not None
    assert found.by_when.date() == date(2028, 3, 1)
    with clock.at(after(366)):
        report = UsageReport.objects.get()
        services.fill_usage_report(report=report, visits=1, users=1, by=road.editor)
        assert step(road, world.officer)[1:3] == ("Reads the usage report and accepts it.", "usage_report.accept")
        services.accept_usage_report(report=report, by=world.officer)
        assert step(road, world.manager) == ("The programme manager", "Closes the application.", "dossier.close", "")
        road.closed()
        assert step(road, world.manager)[0] == "Nobody"


def test_a_recovery_comes_in_before_the_end(road, world):
    road.paid(road.claimed(ClaimKind.ADVANCE))
    certificate = road.claimed(ClaimKind.FINAL, "100", accepted=["0"])
    payments.issue_recovery(certificate=certificate, by=world.manager)
    road.service()
    road.verified()
    road.settled()
    with clock.at(after(366)):
        road.reported()
        assert step(road, world.payer)[1:3] == (
            "Pays back what was claimed back; the paying officer records it.",
            "recovery.record",
        )
    assert standing_money(road.dossier)["recovered"] == 12000


@pytest.mark.parametrize("who", ["auditor", "follow_up_agent"])
def test_readers_are_told_whose_step_it_is(road, world, who):
    found = next_step(road.dossier, getattr(world, who))
    assert found.action is None
    assert found.why_not
