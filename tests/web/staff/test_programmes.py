"""Programmes, from the administrator's desk."""

from datetime import date

import pytest

from programmes.models import Programme
from tests.web.visits import text

HOME = "/en/programmes"
GIVEN = {
    "code": "NEW-2027",
    "title_fr": "Nouveau programme",
    "managing_body": "Région",
    "fund": "FEDER",
    "starts_on": "2027-01-01",
    "ends_on": "2029-12-31",
}


@pytest.mark.usefixtures("bare")
def test_an_administrator_opens_a_programme(world, visit):
    browser = visit(world.administrator)
    assert "No programme yet" in text(browser.get(HOME))
    assert browser.post(f"{HOME}/nouveau", GIVEN)["Location"] == "/en/roles/proposer"
    made = Programme.objects.get()
    assert (made.code, made.title_fr, made.fund, made.ends_on) == (
        "NEW-2027",
        "Nouveau programme",
        "FEDER",
        date(2029, 12, 31),
    )
    page = text(browser.get(HOME))
    assert "NEW-2027" in page
    assert "Propose a manager" in page


def test_a_code_that_is_taken_and_a_period_that_cannot_be_are_refused(world, visit):
    browser = visit(world.administrator)
    code = world.programme.code
    assert 'href="#id_code"' in text(browser.post(f"{HOME}/nouveau", {**GIVEN, "code": code}))
    assert 'href="#id_ends_on"' in text(browser.post(f"{HOME}/nouveau", {**GIVEN, "ends_on": "2026-12-31"}))
    assert Programme.objects.count() == 1


def test_nobody_else_finds_the_pages(world, visit):
    for person in (world.manager, world.officer, world.person()):
        for url in (HOME, f"{HOME}/nouveau"):
            assert visit(person).get(url).status_code == 404
        assert visit(person).post(f"{HOME}/nouveau", GIVEN).status_code == 404
    assert not Programme.objects.filter(code="NEW-2027").exists()
