"""What the applicant's side downloads: its receipt and its application, and nobody else's."""

import pytest
from django.urls import reverse
from django.utils import translation

from grants import documents
from grants.actions import drafting, submission
from grants.lifecycle import State
from grants.queries import parts as reading
from tests import pdf
from tests.world import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("staged_draft")]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def at(name, dossier, query=""):
    return reverse(f"applicant:{name}", args=[dossier.reference]) + query


def test_a_signatory_downloads_the_receipt_and_the_application(world, browse):
    dossier = world.dossier(State.SUBMITTED)
    client = browse(world.signatory(dossier))
    receipt, application = client.get(at("receipt_pdf", dossier)), client.get(at("application_pdf", dossier))
    snapshot = dossier.snapshots.get()
    assert receipt.content == documents.receipt(snapshot)
    assert application.content == documents.application(dossier, reading.CONTENT, snapshot)
    for response, name in ((receipt, "receipt"), (application, "application")):
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == f'attachment; filename="{dossier.reference}-{name}-1.pdf"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


def test_the_pages_lead_to_them(world, browse):
    dossier = world.dossier(State.SUBMITTED)
    client = browse(world.editor(dossier))
    receipt, application = at("receipt_pdf", dossier), at("application_pdf", dossier)
    page = client.get(at("receipt", dossier)).content.decode()
    assert (page.count(f'href="{receipt}"'), page.count(f'href="{application}"')) == (1, 1)
    assert client.get(at("filed", dossier)).content.decode().count(f'href="{application}"') == 1
    papers = client.get(at("papers", dossier)).content.decode()
    assert papers.count(f'href="{receipt}?version=1"') == 1
    assert papers.count(f'href="{application}?version=1"') == 1


def test_each_filing_has_its_own(world, browse):
    dossier = world.dossier(State.RETURNED)
    submission.submit(dossier=dossier, by=world.signatory(dossier))
    client = browse(world.editor(dossier))
    assert pdf.said(client.get(at("receipt_pdf", dossier, "?version=1")).content).count("Filing 1") == 1
    assert pdf.said(client.get(at("receipt_pdf", dossier)).content).count("Filing 2") == 1
    for wrong in ("3", "0", "x", "-1", "9" * 30, "²", ""):
        assert client.get(at("receipt_pdf", dossier, f"?version={wrong}")).status_code == 404
        assert client.get(at("application_pdf", dossier, f"?version={wrong}")).status_code == 404


def test_a_draft_has_no_receipt_and_can_be_read_on_paper(world, browse):
    draft = world.dossier(State.DRAFT)
    client = browse(world.editor(draft))
    assert client.get(at("receipt_pdf", draft)).status_code == 404
    response = client.get(at("application_pdf", draft))
    assert pdf.said(response.content).count("Draft: this application is not filed") == 1
    assert response["Content-Disposition"] == f'attachment; filename="{draft.reference}-application.pdf"'


def test_a_partner_reads_them_and_a_stranger_and_the_staff_do_not(world, browse):
    draft = world.draft()
    partner = world.town()
    drafting.invite_partner(dossier=draft, organisation=partner.organisation, part="Room", by=world.editor(draft))
    drafting.confirm_partner(partner=draft.partners.get(), accepted=True, by=partner.signatory)
    submission.submit(dossier=fresh(draft), by=world.signatory(draft))
    statuses = {
        who: [browse(person).get(at(name, draft)).status_code for name in ("receipt_pdf", "application_pdf")]
        for who, person in {
            "partner": partner.editor,
            "stranger": world.town().editor,
            "officer": world.officer,
        }.items()
    }
    assert statuses == {"partner": [200, 200], "stranger": [404, 404], "officer": [404, 404]}


def test_a_french_reader_gets_french(world, browse):
    dossier = world.dossier(State.SUBMITTED)
    client = browse(world.editor(dossier))
    with translation.override("fr"):
        response = client.get(at("receipt_pdf", dossier))
    assert response["Content-Disposition"] == f'attachment; filename="{dossier.reference}-recepisse-1.pdf"'
    assert pdf.said(response.content).count("Récépissé d’une demande") == 1
