"""The receipt of a filing: every figure of it, the day on which silence rejects, the ways of appeal."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import translation

from grants import documents
from grants.actions import drafting, instruction, submission
from grants.lifecycle import State
from kit import clock
from tests import pdf
from tests.world import START, fresh
from tests.world import pdf as paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(world):
    dossier = world.dossier(State.SUBMITTED)
    return dossier.snapshots.get()


def test_the_receipt_says_number_time_digest_and_what_was_filed(world, filed):
    said = pdf.said(documents.receipt(filed))
    dossier = filed.dossier
    for sentence in (
        f"Number {dossier.reference} Received on 1 March 2027 at 10:00 (Paris time, UTC+1)",
        "By the server’s clock 2027-03-01T09:00:00.000000+00:00 Filing 1",
        f"Digest (SHA-256) {filed.digest}",
        f"{dossier.applicant} filed the application {dossier.reference}, signed by {world.signatory(dossier)}.",
        f"Project Digital welcome Applicant {dossier.applicant} ({dossier.applicant.siret})",
        "Cost of the project €36,209.96 Grant asked for €18,104.00",
        "Document Title Size Deliberation page.pdf 1 kB",
        "The form also lists these documents, which did not come and without which it can be filed: Quotes.",
        "page 1 of 1",
    ):
        assert said.count(sentence) == 1, sentence


def test_the_receipt_says_who_answers_when_silence_rejects_and_how_to_appeal(filed):
    said = pdf.said(documents.receipt(filed))
    for sentence in (
        "Service Région To write to it contact@example.org",
        f"Page of the application {settings.SITE_URL}/d/{filed.dossier.reference}",
        "Without a decision within 2 months, that is on 1 May 2027, the application is deemed rejected (CRPA, art. "
        "L231-4, 3°",
        "CRPA, art. L114-5",
        "CRPA, art. L232-4",
        "Within 60 days of a decision",
        "Within 2 months of a rejection",
        "art. R421-1, R421-2 and R312-1",
        "CRPA, art. L411-2",
    ):
        assert said.count(sentence) == 1, sentence


def test_a_french_reader_gets_it_in_french(filed):
    with translation.override("fr"):
        content = documents.receipt(filed)
    said = pdf.said(content)
    assert said.count("Reçu le 1er mars 2027 à 10 h 00 (heure de Paris, UTC+1)") == 1
    assert said.count("Coût du projet 36 209,96 € Subvention demandée 18 104,00 €") == 1
    assert said.count("c’est-à-dire le 1er mai 2027") == 1
    assert pdf.read(content).trailer["/Root"]["/Lang"] == "fr"


def test_without_an_address_the_page_of_the_application_is_left(filed):
    programme = filed.dossier.programme
    programme.contact_email = ""
    said = pdf.said(documents.receipt(filed))
    assert said.count("To write to it") == 0
    assert said.count("Page of the application") == 1


def test_a_receipt_is_the_same_bytes_each_time_whatever_came_after(world, filed):
    before = documents.receipt(filed)
    with clock.at(START + timedelta(days=20)):
        world.send_back(filed.dossier)
        again = fresh(filed.dossier).snapshots.get()
        assert documents.receipt(again) == before


def test_the_receipt_of_a_completion_adds_the_days_of_waiting_to_the_period_of_silence(world):
    dossier = world.dossier(State.SUBMITTED)
    with clock.at(START + timedelta(days=10)):
        world.send_back(dossier, days=15)
    with clock.at(START + timedelta(days=16)):
        submission.submit(dossier=fresh(dossier), by=world.signatory(dossier))
    second = dossier.snapshots.get(number=2)
    said = pdf.said(documents.receipt(second))
    assert said.count("Receipt of a completed application") == 1
    assert said.count("Filing 2") == 1
    assert said.count("that is on 7 May 2027") == 1


def test_waiting_for_a_dropped_request_counts_until_it_was_dropped(world):
    dossier = world.dossier(State.SUBMITTED)
    with clock.at(START + timedelta(days=3)):
        world.send_back(dossier, days=15)
    with clock.at(START + timedelta(days=5)):
        instruction.cancel_completion(dossier=fresh(dossier), by=world.officer)
    with clock.at(START + timedelta(days=6)):
        world.send_back(fresh(dossier), days=15)
    with clock.at(START + timedelta(days=7)):
        submission.submit(dossier=fresh(dossier), by=world.signatory(dossier))
    said = pdf.said(documents.receipt(dossier.snapshots.get(number=2)))
    assert said.count("that is on 4 May 2027") == 1


def test_a_bank_identity_document_is_not_named(world):
    draft = world.draft()
    drafting.attach_document(
        dossier=draft, upload=paper("Account"), kind="bank_identity", label="Our account", by=world.editor(draft)
    )
    submission.submit(dossier=fresh(draft), by=world.signatory(draft))
    said = pdf.said(documents.receipt(fresh(draft).snapshots.get()))
    assert (said.count("Our account"), said.count("Bank identity")) == (0, 0)
