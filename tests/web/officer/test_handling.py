"""The page on which a dossier is put in the charge of an officer."""

import pytest

from grants.actions import handling
from tests.web.officer.test_dossiers import at
from tests.web.visits import text
from tests.world import fresh

pytestmark = pytest.mark.usefixtures("staged_draft")


def test_the_officer_takes_it_gives_it_and_returns_it(world, visit):
    dossier, other = world.dossier(), world.other_officer
    browser, url = visit(world.officer), at(dossier, "/charge")
    page = text(browser.get(at(dossier)))
    assert url in page
    assert "<dt>Officer in charge</dt><dd>Nobody</dd>" in page
    page = text(browser.get(url))
    # Oneself comes first, so that taking it is one press of the button.
    assert page.index("Myself") < page.index("Other Officer") < page.index("Nobody: return it to the pool")
    answer = browser.post(url, {"officer": world.officer.pk})
    assert (answer.status_code, answer.url) == (302, at(dossier))
    assert "<dt>Officer in charge</dt><dd>Officer</dd>" in text(browser.get(at(dossier)))
    browser.post(url, {"officer": other.pk})
    assert fresh(dossier).officer == other
    browser.post(url, {"officer": "pool"})
    assert fresh(dossier).officer is None
    assert "Nobody is in charge of this dossier." in text(browser.post(url, {"officer": "pool"}))


def test_whoever_is_tied_is_not_offered(world, visit):
    dossier = world.dossier()
    world.tie(world.other_officer, dossier.applicant)
    browser, url = visit(world.manager), at(dossier, "/charge")
    page = text(browser.get(url))
    assert "Other Officer" not in page
    assert "Select a valid choice" in text(browser.post(url, {"officer": world.other_officer.pk}))
    assert fresh(dossier).officer is None


def test_the_page_is_not_there_for_others(world, visit):
    dossier = world.dossier()
    for person in (world.auditor, world.secretary, world.payer, world.signatory(dossier)):
        assert visit(person).get(at(dossier, "/charge")).status_code == 404
    handling.assign_officer(dossier=dossier, officer=world.officer, by=world.manager)
    assert "<dd>Officer</dd>" in text(visit(world.auditor).get(at(dossier)))
