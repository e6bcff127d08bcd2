"""Payment claims from the beneficiary's pages: prepared by an editor, filed and contested by a signatory."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from grants.lifecycle import State
from monitoring.actions import claims, verification
from monitoring.models import ClaimState
from tests.world import fresh, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def dossier(project):
    return project.dossier


def at(name, dossier, *more):
    return reverse(f"applicant:{name}", args=[dossier.reference, *more])


def text(response):
    return response.content.decode()


INVOICE = {
    "supplier": "Web SARL",
    "invoice_number": "F-1",
    "invoiced_on": "2027-03-01",
    "paid_on": "2027-03-01",
    "claimed": "1 200,50",
}


def claim_of(world, dossier, kind="interim"):
    return claims.open_claim(dossier=dossier, kind=kind, by=world.editor(dossier))


def documented(world, dossier):
    claim = claim_of(world, dossier)
    given = {"supplier": "Web SARL", "invoice_number": "F-1", "claimed": Decimal("1200.50")}
    days = {"invoiced_on": date(2027, 3, 1), "paid_on": date(2027, 3, 1)}
    claims.add_item(claim=claim, **given, **days, upload=pdf("invoice"), by=world.editor(dossier))
    return claim


def test_an_editor_opens_a_claim_and_lists_its_invoices(world, browse, dossier):
    client = browse(world.editor(dossier))
    assert "Claim a payment" in text(client.get(at("expenses", dossier)))
    sent = client.post(at("new_claim", dossier), {"kind": "interim"})
    assert sent["Location"] == at("claim", dossier, 1)
    assert "No invoice yet" in text(client.get(at("claim", dossier, 1)))
    line = dossier.agreement.plan.cost_lines.get()
    client.post(at("add_item", dossier, 1), {**INVOICE, "cost_line": line.pk, "file": pdf("i", "invoice.pdf")})
    item = dossier.claims.get().items.get()
    assert (item.claimed, item.cost_line, item.document.name) == (Decimal("1200.50"), line, "invoice.pdf")
    page = text(client.get(at("claim", dossier, 1)))
    assert "Web SARL" in page
    assert "A signatory files the claim." in page
    client.post(at("remove_item", dossier, 1, item.pk))
    assert not dossier.claims.get().items.exists()


def test_what_is_wrong_with_an_invoice_stands_at_its_field(world, browse, dossier):
    claim_of(world, dossier)
    client = browse(world.editor(dossier))
    late = client.post(at("add_item", dossier, 1), {**INVOICE, "paid_on": "2027-12-01"})
    assert "paid_on" in late.context["form"].errors
    assert "supplier" in client.post(at("add_item", dossier, 1), {**INVOICE, "supplier": ""}).context["form"].errors
    assert not dossier.claims.get().items.exists()


def test_an_invoice_gets_its_document_later(world, browse, dossier):
    claim_of(world, dossier)
    client = browse(world.editor(dossier))
    client.post(at("add_item", dossier, 1), INVOICE)
    item = dossier.claims.get().items.get()
    assert item.document is None
    client.post(at("attach_invoice", dossier, 1, item.pk), {"file": pdf("i", "invoice.pdf")})
    assert fresh(item).document.name == "invoice.pdf"


def test_a_claim_in_preparation_is_dropped(world, browse, dossier):
    claim_of(world, dossier)
    browse(world.editor(dossier)).post(at("drop_claim", dossier, 1))
    assert not dossier.claims.exists()


def test_a_signatory_certifies_and_files(world, browse, dossier):
    documented(world, dossier)
    assert browse(world.editor(dossier)).post(at("submit_claim", dossier, 1), {"certified": "on"}).status_code == 404
    client = browse(world.signatory(dossier))
    assert "certified" in client.post(at("submit_claim", dossier, 1), {}).context["form"].errors
    assert dossier.claims.get().state == ClaimState.DRAFT
    client.post(at("submit_claim", dossier, 1), {"certified": "on"})
    claim = dossier.claims.get()
    assert (claim.state, claim.submitted_by) == (ClaimState.SUBMITTED, world.signatory(dossier))
    assert "filed already" in text(client.get(at("submit_claim", dossier, 1)))
    for name in ("add_item", "drop_claim"):
        assert client.post(at(name, dossier, 1), INVOICE).status_code == 404


def test_an_undocumented_claim_says_so(world, browse, dossier):
    claim_of(world, dossier)
    client = browse(world.signatory(dossier))
    client.post(at("add_item", dossier, 1), INVOICE)
    assert "Still missing" in text(client.get(at("claim", dossier, 1)))
    client.post(at("submit_claim", dossier, 1), {"certified": "on"})
    assert dossier.claims.get().state == ClaimState.DRAFT


def test_a_rejection_is_shown_with_its_reason_and_contested_by_a_signatory(world, browse, dossier):
    claim = documented(world, dossier)
    claims.submit_claim(claim=claim, by=world.signatory(dossier))
    item = claim.items.get()
    verification.check_items(claim=claim, verdicts={item.pk: (Decimal(1000), "Not eligible.")}, by=world.officer)
    certificate = verification.issue_certificate(claim=claim, deliverables_seen="The site.", by=world.officer)
    verification.approve_certificate(certificate=certificate, by=world.other_officer)
    client = browse(world.signatory(dossier))
    page = text(client.get(at("claim", dossier, 1)))
    assert "Not eligible." in page
    assert "Contest the check" in page
    assert browse(world.editor(dossier)).get(at("contest", dossier, 1)).status_code == 404
    client.post(at("contest", dossier, 1), {"text": "It is eligible."})
    assert fresh(claim).state == ClaimState.CONTESTED
    assert claim.contests.get().text == "It is eligible."


@pytest.mark.parametrize("name", ["claim", "add_item", "submit_claim", "contest"])
def test_a_claim_is_there_for_its_beneficiary_alone(world, browse, dossier, name):
    documented(world, dossier)
    for stranger in (world.town().signatory, world.officer, world.payer):
        assert browse(stranger).get(at(name, dossier, 1)).status_code == 404
    assert browse(world.signatory(dossier)).get(at(name, dossier, 1)).status_code == 200
    assert browse(world.signatory(dossier)).get(at(name, dossier, 2)).status_code == 404


def test_nothing_is_claimed_before_the_agreement(world, browse):
    dossier = world.dossier(State.SELECTED)
    sent = browse(world.editor(dossier)).post(at("new_claim", dossier), {"kind": "advance"})
    assert "not possible at the present step" in text(sent)
    assert not dossier.claims.exists()


def test_the_pages_of_a_claim_speak_french(world, browse, dossier):
    documented(world, dossier)
    client = browse(world.signatory(dossier))
    with translation.override("fr"):
        for name in ("claim", "add_item", "submit_claim", "contest"):
            assert client.get(at(name, dossier, 1)).status_code == 200
        assert client.get(at("new_claim", dossier)).status_code == 200
