"""Usage reports, recoveries, and the end of a dossier, by the officer's and the manager's pages."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from grants.lifecycle import State
from kit import clock
from monitoring.actions import claims, payments, services, verification
from monitoring.models import UsageState
from tests.web.officer.test_dossiers import at
from tests.web.visits import text
from tests.world import fresh, standing_money


@pytest.fixture
def used(project, world):
    """A paid dossier whose service was used for a year: its report is filled in."""
    service = project.service()
    services.confirm_service(service=service, by=world.officer)
    project.paid(project.certified("1000"))
    verification.verify_service_fact(dossier=project.dossier, by=world.officer)
    payments.pay(dossier=project.dossier, by=world.payer)
    with clock.at(datetime(2028, 3, 2, 9, tzinfo=UTC)):
        report = services.fill_usage_report(
            report=service.usage_report, visits=1200, users=300, comment="Fewer queues.", by=project.beneficiary
        )
        yield report


def test_a_usage_report_is_sent_back_then_accepted_and_the_dossier_closed(world, project, used, visit):
    officer, manager = visit(world.officer), visit(world.manager)
    url = f"/en/instruction/bilans/{used.pk}"
    assert url in text(officer.get("/en/instruction"))
    assert url in text(officer.get(at(project.dossier, "/volet/services")))
    assert "Fewer queues." in text(officer.get(f"{url}/renvoyer"))
    assert officer.post(f"{url}/renvoyer", {"reason": "Count the visitors."}).status_code == 302
    assert (fresh(used).state, fresh(used).sent_back_reason) == (UsageState.DUE, "Count the visitors.")
    closing = text(manager.get(at(project.dossier, "/clore")))
    assert "is not accepted yet" in closing
    assert "Nothing more is filed or paid in this dossier; it stays readable." in closing
    text(manager.post(at(project.dossier, "/clore")))
    assert fresh(project.dossier).state == State.PAID
    services.fill_usage_report(report=fresh(used), visits=1300, users=310, by=project.beneficiary)
    text(officer.get(url))
    assert officer.post(url).status_code == 302
    assert (fresh(used).state, fresh(used).accepted_by) == (UsageState.ACCEPTED, world.officer)
    assert manager.post(at(project.dossier, "/clore")).status_code == 302
    assert fresh(project.dossier).state == State.CLOSED
    text(manager.get(at(project.dossier)))


def test_what_was_paid_too_much_is_claimed_back(world, project, visit):
    advance = claims.open_claim(dossier=project.dossier, kind="advance", by=project.beneficiary)
    claims.submit_claim(claim=advance, by=project.beneficiary)
    officer = visit(world.officer)
    place = f"/en/instruction/factures/{advance.pk}"
    assert "An advance claims no expense." in text(officer.get(place))
    assert officer.post(f"{place}/certificat", {"deliverables_seen": ""}).status_code == 302
    certificate = advance.certificates.get()
    verification.approve_certificate(certificate=certificate, by=world.other_officer)
    project.paid(fresh(certificate))
    paid = standing_money(project.dossier)["paid"]
    final = project.certified("1000")
    assert final.to_recover == paid - Decimal(500)
    manager, url = visit(world.manager), at(project.dossier, "/reversement")
    text(manager.get(url))
    assert manager.post(url, {"certificate": final.pk}).status_code == 302
    recovery = project.dossier.recoveries.get()
    assert (recovery.amount, recovery.issued_by) == (final.to_recover, world.manager)


def test_the_agreement_is_ended_by_a_decision_and_a_reason(world, project, visit):
    manager, url = visit(world.manager), at(project.dossier, "/resilier")
    decision = world.decide()
    assert "Error:" in text(manager.post(url, {"decision": decision.pk, "reason": ""}))
    assert fresh(project.dossier).state == State.CONTRACTED
    assert manager.post(url, {"decision": decision.pk, "reason": "Given up."}).status_code == 302
    assert (fresh(project.dossier).state, fresh(project.dossier).decision_reasons) == (State.CANCELLED, "Given up.")
    assert standing_money(project.dossier) == {"left": Decimal("100000.00")}


@pytest.mark.parametrize("end", ["/clore", "/resilier", "/reversement"])
def test_only_the_manager_finds_the_page(world, project, visit, end):
    for person in (world.officer, world.payer, world.auditor, project.beneficiary):
        assert visit(person).get(at(project.dossier, end)).status_code == 404
        assert visit(person).post(at(project.dossier, end), {"reason": "x"}).status_code == 404
    assert fresh(project.dossier).state == State.CONTRACTED
