"""Asking for completion, giving time, dropping the request, declaring ineligible: one page each."""

from datetime import date

import pytest

from grants.lifecycle import State
from tests.web.officer.test_dossiers import at
from tests.web.visits import text
from tests.world import acts, fresh

pytestmark = pytest.mark.usefixtures("staged_draft")

ASKED = {"sections": ["budget", "documents"], "message": "Join the quotes.", "last_day": "2027-03-31"}


def test_whole_sections_are_sent_back_with_a_last_day(world, visit):
    dossier = world.dossier()
    browser = visit(world.officer)
    assert "Parts to complete" in text(browser.get(at(dossier, "/completer")))
    answer = browser.post(at(dossier, "/completer"), ASKED)
    assert (answer.status_code, answer.url) == (302, at(dossier))
    request = dossier.completion_requests.get()
    assert fresh(dossier).state == State.RETURNED
    assert (request.sections, request.message) == (["budget", "documents"], "Join the quotes.")
    assert request.due_at.isoformat() == "2027-03-31T22:00:00+00:00"  # midnight in Paris, summer time
    assert "Join the quotes." in text(browser.get(at(dossier)))


def test_what_is_missing_in_the_form_is_said_and_nothing_is_done(world, visit):
    dossier = world.dossier()
    page = text(visit(world.officer).post(at(dossier, "/completer"), {"message": "", "last_day": ""}))
    assert "Error:" in page
    assert "Choose an answer." in page
    page = text(visit(world.officer).post(at(dossier, "/completer"), {**ASKED, "last_day": "2027-01-01"}))
    assert "Choose a date that is still to come." in page
    assert fresh(dossier).state == State.SUBMITTED


def test_more_time_is_given_and_the_request_dropped(world, visit):
    dossier = world.dossier(State.RETURNED)
    browser = visit(world.officer)
    assert "Due now" in text(browser.get(at(dossier, "/prolonger")))
    browser.post(at(dossier, "/prolonger"), {"last_day": "2027-04-30"})
    request = dossier.completion_requests.get()
    assert request.due_at.date() == date(2027, 4, 30)
    assert "The message that was sent is kept" in text(browser.get(at(dossier, "/annuler-demande")))
    browser.post(at(dossier, "/annuler-demande"))
    assert fresh(dossier).state == State.SUBMITTED
    assert fresh(request).cancelled_at is not None


def test_a_dossier_is_declared_ineligible_against_a_named_rule(world, visit):
    dossier = world.dossier()
    browser = visit(world.officer)
    text(browser.get(at(dossier, "/ineligible")))
    browser.post(at(dossier, "/ineligible"), {"rule": "Rule 2", "reasons": "Outside the region."})
    dossier = fresh(dossier)
    assert (dossier.state, dossier.decision_reasons) == (State.INELIGIBLE, "Rule 2\n\nOutside the region.")
    assert acts(dossier)[-1] == "dossier.declared_ineligible"
    assert "Outside the region." in text(browser.get(at(dossier)))


@pytest.mark.parametrize("end", ["/completer", "/prolonger", "/annuler-demande", "/ineligible"])
def test_nobody_else_finds_the_page(world, visit, end):
    dossier = world.dossier()
    for person in (world.auditor, world.secretary, world.manager, world.signatory(dossier)):
        assert visit(person).get(at(dossier, end)).status_code == 404
        assert visit(person).post(at(dossier, end), ASKED).status_code == 404
    assert fresh(dossier).state == State.SUBMITTED


def test_the_page_says_why_at_another_step(world, visit):
    dossier = world.dossier()
    page = text(visit(world.officer).get(at(dossier, "/prolonger")))
    assert "This is not possible at the present step" in page
    assert '<button class="btn btn-primary"' not in page
    assert visit(world.officer).post(at(dossier, "/prolonger"), {"last_day": "2027-04-30"}).status_code == 200
    assert not dossier.completion_requests.exists()
