"""Mandates: asked for with a deed, answered by a programme manager who is somebody else."""

import pytest

from people.actions import mandates
from people.models import Mandate
from records.models import AccessLog, Document
from tests.web.visits import sent, text
from tests.world import fresh, pdf

HOME = "/en/mandats"


def asked(world, person=None):
    return mandates.request_mandate(
        organisation=world.organisation(), function="Mayor", upload=pdf(), by=person or world.person()
    )


def at(row, end=""):
    return f"{HOME}/{row.pk}{end}"


def test_a_mandate_is_asked_for_with_its_deed(world, visit):
    town, person = world.organisation(), world.person()
    browser = visit(person)
    page = text(browser.get(f"{HOME}/demander", {"identifiant": town.siret}))
    assert town.siret in page
    given = {"identifier": town.siret, "function": "Mayor", "evidence": pdf()}
    assert browser.post(f"{HOME}/demander", given).status_code == 302
    row = Mandate.objects.get(person=person)
    assert (row.organisation, row.function, row.status) == (town, "Mayor", "requested")
    assert row.evidence.kind == "mandate_evidence"
    assert "To be" not in text(browser.get(at(row)))
    assert "A programme manager answers" in text(browser.get(at(row)))


def test_without_deed_or_with_an_unknown_number_nothing_is_kept(world, visit):
    town, browser = world.organisation(), visit(world.person())
    given = {"identifier": town.siret, "function": "Mayor"}
    assert 'href="#id_evidence"' in text(browser.post(f"{HOME}/demander", given))
    page = text(browser.post(f"{HOME}/demander", {**given, "identifier": "12345", "evidence": pdf()}))
    assert 'href="#id_identifier"' in page
    assert not Mandate.objects.exists()


def test_a_refused_request_keeps_no_document(world, visit):
    person = world.person()
    row = asked(world, person)
    kept = Document.objects.count()
    given = {"identifier": row.organisation.siret, "function": "Mayor", "evidence": pdf("Again")}
    assert "already" in text(visit(person).post(f"{HOME}/demander", given))
    assert Document.objects.count() == kept


def test_the_manager_reads_the_deed_and_confirms(world, visit):
    row, browser = asked(world), visit(world.manager)
    assert row.organisation.name in text(browser.get(HOME))
    page = text(browser.get(at(row)))
    assert at(row, "/confirmer") in page
    assert at(row, "/justificatif") in page
    assert sent(browser.post(at(row, "/justificatif"))).startswith(b"%PDF")
    assert AccessLog.objects.filter(what="document.downloaded").count() == 1
    assert browser.post(at(row, "/confirmer")).status_code == 302
    assert (fresh(row).status, fresh(row).confirmed_by) == ("confirmed", world.manager)
    assert at(row, "/terminer") in text(browser.get(at(row)))
    assert browser.post(at(row, "/terminer"), {"reason": "Election."}).status_code == 302
    assert (fresh(row).status, fresh(row).reason) == ("ended", "Election.")


def test_the_manager_refuses_with_a_reason(world, visit):
    row, browser = asked(world), visit(world.manager)
    assert "Error:" in text(browser.post(at(row, "/refuser"), {"reason": " "}))
    assert browser.post(at(row, "/refuser"), {"reason": "Not signed."}).status_code == 302
    assert (fresh(row).status, fresh(row).reason) == ("refused", "Not signed.")


def test_a_manager_does_not_answer_their_own_request(world, visit):
    row = asked(world, world.manager)
    page = text(visit(world.manager).get(at(row)))
    assert at(row, "/confirmer") not in page
    assert visit(world.manager).post(at(row, "/confirmer")).status_code == 200
    assert fresh(row).status == "requested"
    assert at(row, "/confirmer") in text(visit(world.other_manager).get(at(row)))


@pytest.mark.parametrize("end", ["", "/justificatif", "/confirmer", "/refuser", "/terminer"])
def test_nobody_else_finds_the_mandate(world, visit, end):
    row = asked(world)
    for person in (world.officer, world.auditor, world.person()):
        assert visit(person).get(at(row, end)).status_code in (404, 405)
        assert visit(person).post(at(row, end), {"reason": "No."}).status_code in (404, 405)
    for action in ("/confirmer", "/refuser"):
        assert visit(row.person).post(at(row, action), {"reason": "No."}).status_code == 404
    assert visit(world.officer).get(HOME).status_code == 404
    assert fresh(row).status == "requested"
