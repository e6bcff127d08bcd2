"""The application on paper for the staff: to whoever reads its parts, and no more of it than they read."""

import pytest

from grants import documents
from grants.lifecycle import State
from grants.models import Capacity, Participation
from grants.queries import parts as reading
from tests import pdf
from tests.world import START

pytestmark = pytest.mark.django_db

PAYER_READS = frozenset({reading.PLAN, reading.DOCUMENTS})


def at(dossier, query=""):
    return f"/en/instruction/dossiers/{dossier.reference}/demande.pdf{query}"


def test_an_officer_downloads_what_the_pages_show(world, visit):
    dossier = world.dossier()
    browser = visit(world.officer)
    response = browser.get(at(dossier))
    assert response.content == documents.application(dossier, reading.CONTENT, dossier.snapshots.get())
    assert response["Content-Disposition"] == f'attachment; filename="{dossier.reference}-application-1.pdf"'
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert browser.get(at(dossier, "?version=2")).status_code == 404
    tab = browser.get(f"/en/instruction/dossiers/{dossier.reference}/volet/application").content.decode()
    assert tab.count(f'href="{at(dossier)}"') == 1
    papers = browser.get(f"/en/instruction/dossiers/{dossier.reference}/volet/documents").content.decode()
    assert papers.count(f'href="{at(dossier)}?version=1"') == 1


def test_a_payer_reads_the_plan_and_the_documents_alone(world, visit):
    dossier = world.dossier(State.CONTRACTED)
    response = visit(world.payer).get(at(dossier))
    assert response.content == documents.application(dossier, PAYER_READS, dossier.snapshots.get())
    said = pdf.said(response.content)
    assert (said.count("A plain answer."), said.count("may not read: the answers, the partners.")) == (0, 1)


def test_an_assessor_reads_nothing_before_answering_the_question_of_conflicts(world, visit):
    dossier = world.dossier()
    part = Participation.objects.create(
        dossier=dossier, person=world.member, capacity=Capacity.ASSESSOR, opened=False, since=START
    )
    assert visit(world.member).get(at(dossier)).status_code == 404
    part.opened = True
    part.save()
    assert visit(world.member).get(at(dossier)).status_code == 200


def test_nobody_else_finds_it(world, visit):
    dossier, draft = world.dossier(), world.dossier(State.DRAFT)
    assert visit(world.signatory(dossier)).get(at(dossier)).status_code == 404
    assert visit(world.officer).get(at(draft)).status_code == 404
    assert visit(None).get(at(dossier)).status_code == 302
    tied = world.tie(world.other_officer, dossier.applicant)
    assert visit(tied).get(at(dossier)).status_code == 404
