"""Claims from the first check to the approved certificate, then the service fact, by the pages of the officers."""

from decimal import Decimal

import pytest

from grants.lifecycle import State
from monitoring.actions import claims, payments, verification
from monitoring.models import Certificate, ClaimState
from tests.web.officer.test_dossiers import at
from tests.web.visits import sent, text
from tests.world import fresh

CLAIMS = "/en/instruction/factures"
CERTIFICATES = "/en/instruction/certificats"


def verdicts(claim, *answers):
    found = {}
    for item, (accepted, reason) in zip(claim.items.order_by("pk"), answers, strict=True):
        found |= {f"item-{item.pk}-accepted": accepted, f"item-{item.pk}-reason": reason}
    return found


def test_each_expense_is_accepted_or_rejected_with_a_reason(world, project, visit):
    claim, browser = project.claim("1000", "500"), visit(world.officer)
    url = f"{CLAIMS}/{claim.pk}"
    assert url in text(browser.get(CLAIMS))
    text(browser.get(url))
    document = claim.items.order_by("pk").first().document
    assert sent(browser.post(f"/en/documents/{document.pk}")).startswith(b"%PDF")
    page = text(browser.post(url, verdicts(claim, ("1000", ""), ("200", ""))))
    assert "Say why" in page
    assert "No more can be accepted" in text(browser.post(url, verdicts(claim, ("1000.01", ""), ("500", ""))))
    assert fresh(claim).state == ClaimState.SUBMITTED
    assert browser.post(url, verdicts(claim, ("1,000.00", ""), ("200", "Outside the plan."))).url == url
    claim = fresh(claim)
    rows = [(item.accepted, item.reason) for item in claim.items.order_by("pk")]
    assert rows == [(Decimal(1000), ""), (Decimal(200), "Outside the plan.")]
    assert (claim.state, claim.checked_by) == (ClaimState.CHECKED, world.officer)


def test_an_invoice_that_stands_elsewhere_is_found(world, project, visit):
    first = project.claim("1000", kind="interim")
    certificate = project.issued(first)
    other = type(project)(world)
    claim = other.claim("1000")
    page = text(visit(world.officer).get(f"{CLAIMS}/{claim.pk}"))
    assert f"the same invoice stands in claim {certificate.claim}" in page


def test_one_issues_and_another_approves(world, project, visit):
    claim, browser = project.claim("1000"), visit(world.officer)
    browser.post(f"{CLAIMS}/{claim.pk}", verdicts(claim, ("1000", "")))
    assert "Issue the certificate" in text(browser.get(f"{CLAIMS}/{claim.pk}"))
    text(browser.get(f"{CLAIMS}/{claim.pk}/certificat"))
    assert browser.post(f"{CLAIMS}/{claim.pk}/certificat", {"deliverables_seen": "The site."}).status_code == 302
    certificate = Certificate.objects.get()
    url = f"{CERTIFICATES}/{certificate.pk}"
    assert url in text(browser.get(CERTIFICATES))
    assert "another person approves it" in text(browser.get(url))
    text(browser.post(url))
    assert fresh(certificate).approved_at is None
    second = visit(world.other_officer)
    assert "The site." in text(second.get(url))
    assert second.post(url).status_code == 302
    certificate = fresh(certificate)
    assert (certificate.approved_by, certificate.due) == (world.other_officer, Decimal("500.00"))
    assert second.get(url).status_code == 302
    assert "Approved certificates" in text(second.get(CERTIFICATES))


def test_the_service_fact_is_verified_once_the_final_claim_is_certified(world, project, visit):
    browser = visit(world.officer)
    url = at(project.dossier, "/service-fait")
    assert "has not claimed the final balance yet" in text(browser.get(url))
    text(browser.post(url))
    assert fresh(project.dossier).state == State.CONTRACTED
    project.certified("1000")
    service = project.service()
    tab = at(project.dossier, "/volet/services")
    assert "Bookings" in text(browser.get(tab))
    assert browser.post(f"/en/instruction/services/{service.pk}/confirmer").status_code == 302
    assert fresh(service).confirmed_by == world.officer
    assert browser.post(url).status_code == 302
    assert fresh(project.dossier).state == State.SERVICE_FACT_VERIFIED
    assert "500.00" in text(browser.get(at(project.dossier, "/volet/money")))
    text(browser.get(at(project.dossier)))


@pytest.mark.parametrize("place", ["claim", "issue", "approve", "service-fait"])
def test_nobody_else_finds_the_page(world, project, visit, place):
    claim = project.claim("1000")
    certificate = project.issued(claim)
    url = {
        "claim": f"{CLAIMS}/{claim.pk}",
        "issue": f"{CLAIMS}/{claim.pk}/certificat",
        "approve": f"{CERTIFICATES}/{certificate.pk}",
        "service-fait": at(project.dossier, "/service-fait"),
    }[place]
    for person in (world.payer, world.auditor, world.secretary, project.beneficiary):
        assert visit(person).get(url).status_code == 404
        assert visit(person).post(url).status_code == 404
    assert fresh(certificate).approved_at is None


def test_a_draft_claim_is_not_there(world, project, visit):

    draft = claims.open_claim(dossier=project.dossier, kind="final", by=project.beneficiary)
    assert visit(world.officer).get(f"{CLAIMS}/{draft.pk}").status_code == 404
    assert "No claim here" in text(visit(world.officer).get(CLAIMS))


def test_the_dossier_leads_each_to_the_page_of_the_next_step(world, project, visit):
    claim = project.claim("1000")
    officer, second, payer = visit(world.officer), visit(world.other_officer), visit(world.payer)
    page = at(project.dossier)
    assert f"{CLAIMS}/{claim.pk}" in text(officer.get(page))
    certificate = project.issued(claim)
    assert f"{CERTIFICATES}/{certificate.pk}" in text(second.get(page))
    verification.approve_certificate(certificate=certificate, by=world.other_officer)
    assert f"/en/paiements/certificats/{certificate.pk}" in text(payer.get(page))
    order = payments.order_payment(certificate=fresh(certificate), by=world.payer)
    assert f"/en/paiements/ordres/{order.pk}/payer" in text(payer.get(page))
    project.service()
    assert at(project.dossier, "/volet/services") in text(officer.get(page))
