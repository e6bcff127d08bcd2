"""Registering an organisation by its SIRET: with and without scripts, in both languages, at a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from people.models import Organisation, Person
from tests.browser.conftest import Window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CAHORS = "214 600 421 00017"
PATH = "organismes/nouveau"
PASSWORD = "correct-horse-battery-42"
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
AXE = Axe()
Open = Callable[..., Window]


@pytest.fixture
def opened(browser: Browser, live_server: Any, settings: Any) -> Iterator[Open]:
    """Open a window of somebody who is signed in and belongs to no organisation."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    windows: list[Window] = []

    def opening(**options: Any) -> Window:
        person = Person.objects.create_user("anne@example.org", PASSWORD, full_name="Anne", language="fr")
        window = Window(browser, live_server.url, **options)
        windows.append(window)
        window.sign_in(person.email, PASSWORD)
        assert window.open(f"/{window.language}/{PATH}") == 200
        return window

    yield opening
    faults = [fault for window in windows for fault in window.faults]
    for window in windows:
        window.close()
    assert faults == []


def sound(page: Page) -> None:
    """Nothing hinders a reader of this page, on a wide or a narrow screen."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = AXE.run(page, options=OPTIONS)
        assert [(item["id"], item["nodes"][0]["target"]) for item in found.response["violations"]] == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_number_is_typed_the_rest_is_read_and_kept(opened: Open, language: str, scripts: bool) -> None:
    window = opened(language=language, scripts=scripts)
    page = window.page
    if scripts:
        sound(page)
    page.fill("#id_siret", CAHORS)
    page.press("#id_siret", "Enter")
    expect(page.locator("#id_name")).to_have_value("Commune de Cahors")
    expect(page.locator("#id_kind")).to_have_value("commune")
    expect(page.locator("#id_insee")).to_have_value("46042")
    if scripts:
        sound(page)
    page.fill("#id_street", "73 boulevard Gambetta")
    page.press("#id_street", "Enter")
    expect(page.locator("h1")).to_have_text("Commune de Cahors")
    made = Organisation.objects.get(siret="21460042100017")
    assert (made.street, made.city, made.department) == ("73 boulevard Gambetta", "Cahors", "46")


def test_with_scripts_it_is_filled_in_place_and_told_to_those_who_listen(opened: Open) -> None:
    page = opened().page
    page.evaluate("window.kept = true")
    page.fill("#id_siret", CAHORS)
    page.press("#id_siret", "Enter")
    expect(page.locator("#id_name")).to_have_value("Commune de Cahors")
    expect(page.locator("[role=status]")).to_be_focused()
    assert page.evaluate("window.kept") is True
    expect(page).to_have_url(re.compile(r"\?siret=214"))
    assert page.locator("main").count() == 1
    page.go_back()
    expect(page.locator("#id_siret")).to_be_visible()
    expect(page.locator("#id_name")).to_have_count(0)


def test_a_number_that_is_none_is_told_beside_the_field(opened: Open) -> None:
    page = opened().page
    page.fill("#id_siret", "214 600 421 00018")
    page.press("#id_siret", "Enter")
    expect(page.locator(".es-errors")).to_be_focused()
    expect(page.locator("#id_siret")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_siret")).to_have_value("214 600 421 00018")
    sound(page)


def test_what_nobody_knows_is_filled_in_by_hand(opened: Open) -> None:
    page = opened().page
    page.fill("#id_siret", "23350001600040")
    page.press("#id_siret", "Enter")
    expect(page.locator("[role=status]")).to_contain_text("ne contiennent pas ce numéro")
    sound(page)
    page.get_by_role("link", name="Rechercher un SIRET").click()
    page.get_by_role("link", name="Une association sans SIRET").click()
    expect(page.locator("#id_kind")).to_have_value("association")
    sound(page)
