"""The adviser's pages: one's own missions, a day in one form, the report that begins with the log."""

from datetime import date
from decimal import Decimal

import pytest

from selection.actions import advice
from tests.web.visits import sent, text
from tests.world import fresh, pdf

MISSIONS = "/en/missions"
DAY = {"worked_on": "2027-02-26", "days": "0.5", "on_site": "yes", "deliverable": "Visit of the library."}


@pytest.fixture
def mission(world):
    contract = advice.open_framework(
        programme=world.programme,
        provider=world.organisation("Conseil", kind="provider"),
        reference="AO-1",
        days=Decimal(10),
        day_price=Decimal("650.00"),
        starts_on=date(2027, 1, 1),
        ends_on=date(2029, 12, 31),
        by=world.manager,
    )
    return advice.open_mission(
        dossier=world.dossier(),
        contract=contract,
        adviser=world.adviser,
        days=Decimal(3),
        purpose="Write the needs.",
        by=world.officer,
    )


def test_a_day_is_logged_from_the_mission(world, visit, mission):
    browser, url = visit(world.adviser), f"{MISSIONS}/{mission.pk}"
    assert url in text(browser.get(MISSIONS))
    assert "Write the needs." in text(browser.get(url))
    assert browser.get(f"{MISSIONS}/dossiers/{mission.dossier.reference}").url == url
    assert "Error:" in text(browser.post(url, {**DAY, "worked_on": "2027-03-02"}))
    assert not mission.days_log.exists()
    assert browser.post(url, DAY).status_code == 302
    day = mission.days_log.get()
    assert (day.worked_on, day.days, day.on_site, day.deliverable, day.logged_by) == (
        date(2027, 2, 26),
        Decimal("0.5"),
        True,
        "Visit of the library.",
        world.adviser,
    )
    assert "0.5 / 3</strong>" in text(browser.get(url))
    assert "Visit of the library." in text(browser.get(f"{MISSIONS}/agenda"))


def test_the_report_begins_with_the_log_and_carries_a_document(world, visit, mission):
    browser, url = visit(world.adviser), f"{MISSIONS}/{mission.pk}"
    browser.post(url, DAY)
    assert "26 February 2027: Visit of the library." in text(browser.get(f"{url}/rapport"))
    answer = browser.post(f"{url}/rapport", {"report": "All is said.", "document": pdf("Report")})
    assert answer.status_code == 302
    mission = fresh(mission)
    assert mission.report == "All is said."
    document = f"/en/documents/{mission.report_document_id}"
    assert document in text(browser.get(url))
    assert sent(visit(world.officer).post(document)).startswith(b"%PDF")
    assert visit(world.payer).post(document).status_code == 404


def test_nobody_else_finds_the_mission(world, visit, mission):
    other = world.staff("adviser", "Other Adviser")
    for person in (other, world.officer, world.signatory(mission.dossier)):
        browser = visit(person)
        for end in ("", "/rapport"):
            assert browser.get(f"{MISSIONS}/{mission.pk}{end}").status_code == 404
            assert browser.post(f"{MISSIONS}/{mission.pk}{end}", DAY).status_code == 404
    assert "You have no mission yet" in text(visit(other).get(MISSIONS))
    assert "No day is logged yet" in text(visit(other).get(f"{MISSIONS}/agenda"))
    assert visit(world.officer).get(MISSIONS).status_code == 404
    assert not mission.days_log.exists()


def test_a_mission_that_is_over_takes_no_more_days(world, visit, mission):
    advice.waive_mission(dossier=mission.dossier, reason="Enough.", by=world.officer)
    browser, url = visit(world.adviser), f"{MISSIONS}/{mission.pk}"
    page = text(browser.get(url))
    assert "Log a day" not in page
    browser.post(url, DAY)
    assert not mission.days_log.exists()
