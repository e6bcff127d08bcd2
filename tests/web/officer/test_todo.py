"""What waits for the officer, at the same cost however much there is."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.actions import agreements
from grants.lifecycle import State
from tests.web.officer.test_dossiers import at
from tests.web.visits import text

TODO = "/en/instruction"


def test_each_kind_of_work_is_listed_with_its_page(world, visit):
    browser = visit(world.officer)
    assert "Nothing waits for you" in text(browser.get(TODO))
    advice, agreement = world.dossier(), world.dossier(State.SELECTED)
    simple = world.dossier(call=world.call(needs_advice=False))
    late = world.dossier()
    world.send_back(late, days=5)
    far = world.dossier(State.RETURNED)
    page = text(browser.get(TODO))
    assert at(advice) in page
    assert at(agreement, "/convention") in page
    assert at(simple, "/avis") in page
    assert at(late) in page
    assert "in 5 days" in page
    assert far.reference not in page


def test_the_list_costs_the_same_however_much_there_is(world, visit):
    browser = visit(world.officer)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            text(browser.get(TODO))
        return len(seen)

    world.dossier()
    few = queries()
    for _ in range(3):
        world.dossier()
    assert queries() == few


def test_it_is_the_officer_s(world, visit):
    for person in (world.manager, world.auditor, world.secretary, world.person()):
        assert visit(person).get(TODO).status_code == 404


def test_the_manager_finds_what_waits_in_the_dossiers(world, project, visit):
    browser, url = visit(world.manager), "/en/pilotage/a-faire"
    assert "Nothing waits for you" in text(browser.get(url))
    selected = world.dossier(State.SELECTED)
    agreement = world.agreement(selected)
    world.bank_details(selected)
    agreements.sign_as_beneficiary(agreement=agreement, by=world.signatory(selected))
    assert at(selected, "/convention/signer") in text(browser.get(url))
    page = text(browser.get("/en/instruction/dossiers"))
    assert url in page
    for person in (world.officer, world.auditor, project.beneficiary):
        assert visit(person).get(url).status_code == 404
