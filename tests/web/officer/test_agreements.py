"""The agreement: written, signed for the programme, its conditions met."""

from datetime import date

import pytest

from grants.actions import agreements
from grants.lifecycle import State
from grants.models import Agreement
from tests.web.officer.test_dossiers import at
from tests.web.visits import text
from tests.world import fresh

pytestmark = pytest.mark.usefixtures("staged_selected")

TERMS = {"number": "CONV-1", "starts_on": "2027-03-01", "ends_on": "2028-12-31"}


def lines(*rows, initial=0):
    found = {"conditions-TOTAL_FORMS": len(rows), "conditions-INITIAL_FORMS": initial}
    for place, (words, due) in enumerate(rows):
        found |= {f"conditions-{place}-text": words, f"conditions-{place}-due_on": due}
    return found


def test_the_agreement_is_written_with_its_conditions_and_written_again(world, visit):
    dossier, browser = world.dossier(State.SELECTED), visit(world.officer)
    assert "€18,104.00" in text(browser.get(at(dossier, "/convention")))
    data = {**TERMS, **lines(("Open to all", "2027-12-31"), ("Publish the code", ""))}
    assert browser.post(at(dossier, "/convention"), data).status_code == 302
    agreement = Agreement.objects.get()
    assert (agreement.number, agreement.starts_on, agreement.drafted_by) == ("CONV-1", date(2027, 3, 1), world.officer)
    assert list(agreement.conditions.order_by("pk").values_list("text", "due_on")) == [
        ("Open to all", date(2027, 12, 31)),
        ("Publish the code", None),
    ]
    again = {**TERMS, **lines(("Open to all", "2027-12-31"), ("Publish the code", ""), initial=2)}
    assert browser.post(at(dossier, "/convention"), {**again, "conditions-1-DELETE": "on"}).status_code == 302
    assert [row.text for row in agreement.conditions.all()] == ["Open to all"]


def test_a_line_is_added_without_script_and_nothing_is_written(world, visit):
    dossier = world.dossier(State.SELECTED)
    data = {**TERMS, **lines(("Open to all", "")), "add_line": "conditions"}
    page = text(visit(world.officer).post(at(dossier, "/convention"), data))
    assert 'name="conditions-1-text"' in page
    assert not Agreement.objects.exists()


def test_the_manager_signs_last(world, visit):
    dossier = world.dossier(State.SELECTED)
    agreement, browser = world.agreement(dossier), visit(world.manager)
    assert "has not signed the agreement yet" in text(browser.get(at(dossier, "/convention/signer")))
    text(browser.post(at(dossier, "/convention/signer")))
    assert fresh(dossier).state == State.SELECTED
    world.bank_details(dossier)
    agreements.sign_as_beneficiary(agreement=agreement, by=world.signatory(dossier))
    assert browser.post(at(dossier, "/convention/signer")).status_code == 302
    assert fresh(dossier).state == State.CONTRACTED
    assert fresh(agreement).programme_signed_by == world.manager


def test_a_condition_is_recorded_as_met_with_its_proof(world, visit):
    dossier = world.dossier(State.SELECTED)
    agreement = world.agreement(dossier, conditions=[{"text": "Open to all", "due_on": None}])
    world.bank_details(dossier)
    agreements.sign_as_beneficiary(agreement=agreement, by=world.signatory(dossier))
    agreements.contract(dossier=dossier, by=world.manager)
    condition, browser = agreement.conditions.get(), visit(world.officer)
    url = at(dossier, f"/conditions/{condition.pk}")
    assert url in text(browser.get(at(dossier, "/volet/money")))
    paper = dossier.attachments.get().document
    assert browser.post(url, {"note": "Seen on the site.", "document": paper.pk}).status_code == 302
    condition = fresh(condition)
    assert (condition.satisfied_by, condition.evidence_note, condition.evidence) == (
        world.officer,
        "Seen on the site.",
        paper,
    )
    assert visit(world.officer).get(at(world.dossier(), f"/conditions/{condition.pk}")).status_code == 404


@pytest.mark.parametrize("end", ["/convention", "/convention/signer"])
def test_nobody_else_finds_the_page(world, visit, end):
    dossier = world.dossier(State.SELECTED)
    right = {"/convention": world.officer, "/convention/signer": world.manager}[end]
    for person in {world.officer, world.manager, world.auditor, world.secretary, world.signatory(dossier)} - {right}:
        assert visit(person).get(at(dossier, end)).status_code == 404
        assert visit(person).post(at(dossier, end), TERMS).status_code == 404
    assert not Agreement.objects.exists()
