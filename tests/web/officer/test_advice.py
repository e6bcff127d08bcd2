"""Missions and the opinion, from the officer's pages."""

from datetime import date
from decimal import Decimal

import pytest

from grants.lifecycle import State
from selection.actions import advice
from selection.models import MissionState
from tests.web.officer.test_dossiers import at
from tests.web.visits import text
from tests.world import fresh

pytestmark = pytest.mark.usefixtures("staged_draft")


@pytest.fixture
def contract(world):
    return advice.open_framework(
        programme=world.programme,
        provider=world.organisation("Conseil", kind="provider"),
        reference="AO-1",
        days=Decimal(10),
        day_price=Decimal("650.00"),
        starts_on=date(2027, 1, 1),
        ends_on=date(2029, 12, 31),
        by=world.manager,
    )


def test_a_mission_is_opened_from_a_contract_then_closed(world, visit, contract):
    dossier, browser = world.dossier(), visit(world.officer)
    adviser = world.adviser
    page = text(browser.get(at(dossier, "/mission")))
    assert "10 days left at €650.00 a day" in page
    asked = {"contract": contract.pk, "adviser": adviser.pk, "days": "3.5", "purpose": "Write the needs."}
    assert "days left: order fewer" in text(browser.post(at(dossier, "/mission"), {**asked, "days": "12"}))
    assert browser.post(at(dossier, "/mission"), asked).status_code == 302
    mission = dossier.missions.get()
    assert (mission.adviser, mission.days_allotted, mission.purpose) == (adviser, Decimal("3.5"), "Write the needs.")
    page = text(browser.get(at(dossier, "/mission/clore")))
    assert "report has not been received" in page
    text(browser.post(at(dossier, "/mission/clore")))
    assert fresh(mission).state == MissionState.OPEN
    advice.log_day(
        mission=mission, worked_on=date(2027, 2, 20), days=Decimal(1), on_site=True, deliverable="Visit", by=adviser
    )
    advice.file_report(mission=mission, report="Done.", by=adviser)
    advice.countersign(mission=mission, by=world.signatory(dossier))
    assert browser.post(at(dossier, "/mission/clore")).status_code == 302
    assert fresh(mission).state == MissionState.CLOSED


def test_advice_is_waived_with_a_reason_and_the_opinion_passes_the_dossier_on(world, visit):
    dossier, browser = world.dossier(), visit(world.officer)
    assert "Advice is not settled" in text(browser.get(at(dossier, "/avis")))
    given = {"favourable": "yes", "opinion": "Sound."}
    assert "Advice is not settled" in text(browser.post(at(dossier, "/avis"), given))
    assert "Fill in this field." in text(browser.post(at(dossier, "/sans-mission"), {"reason": ""}))
    assert browser.post(at(dossier, "/sans-mission"), {"reason": "Small project."}).status_code == 302
    assert dossier.missions.get().reason == "Small project."
    assert browser.post(at(dossier, "/avis"), given).status_code == 302
    opinion = dossier.opinions.get()
    assert (opinion.favourable, opinion.text, opinion.given_by) == (True, "Sound.", world.officer)
    assert fresh(dossier).state == State.ADVISED
    assert "Sound." in text(browser.get(at(dossier)))


@pytest.mark.parametrize("end", ["/mission", "/mission/clore", "/sans-mission", "/avis"])
def test_nobody_else_finds_the_page(world, visit, end):
    dossier = world.dossier()
    for person in (world.auditor, world.secretary, world.manager, world.adviser, world.signatory(dossier)):
        assert visit(person).get(at(dossier, end)).status_code == 404
        assert visit(person).post(at(dossier, end), {"reason": "x"}).status_code == 404
    assert not dossier.missions.exists()


def test_there_is_nothing_to_close_without_a_mission(world, visit):
    assert visit(world.officer).get(at(world.dossier(), "/mission/clore")).status_code == 404
