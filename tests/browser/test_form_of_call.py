"""The form of a call, written by its manager with and without scripts, and sound at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from kit import clock
from programmes.queries import current_form
from tests.browser.conftest import Window
from tests.browser.test_register_organisation import sound
from tests.world import PASSWORD, START, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def made(settings: Any) -> World:
    """A call that is announced, for which a draft is begun."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    with clock.at(START):
        world = World()
        world.new_draft(call=world.any_call)
    return world


@pytest.fixture
def opened(browser: Browser, live_server: Any, made: World) -> Iterator[Callable[[bool], Page]]:
    """Open the form of the call in its manager's window, with scripts or without."""
    windows: list[Window] = []

    def opening(scripts: bool) -> Page:
        window = Window(browser, live_server.url, language="en", scripts=scripts)
        windows.append(window)
        window.sign_in(made.manager.email, PASSWORD)
        assert window.open(f"/en/pilotage/appels/{made.any_call.slug}/formulaire") == 200
        return window.page

    yield opening
    faults = [fault for window in windows for fault in window.faults]
    for window in windows:
        window.close()
    assert faults == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_question_is_added_moved_made_to_hang_and_published(
    opened: Callable[[bool], Page], made: World, scripts: bool
) -> None:
    page = opened(scripts)
    page.get_by_role("link", name="Add a question – Describe the project").click()
    page.get_by_role("link", name="Yes or no").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".es-errors")).to_be_visible()
    page.fill("[name=label_fr]", "Déjà commencé ?")
    page.fill("[name=label_en]", "Already begun?")
    page.get_by_role("button", name="Save").click()
    for _step in range(3):
        page.get_by_role("button", name="Move up “Already begun?”").click()
    page.get_by_role("link", name="When it is asked “Services planned”").click()
    page.get_by_role("button", name="Choose its answers").click()
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Asked when the answer to “Already begun?” is “Yes”.")).to_be_visible()
    if scripts:
        sound(page)
    page.get_by_role("link", name="Publish this version").click()
    page.fill("[name=reason]", "Clearer.")
    page.get_by_role("button", name="Publish the new version").click()
    expect(page.get_by_text("Version 2, published", exact=True)).to_be_visible()
    assert current_form(made.any_call).form.sections[0].fields[0].code == "deja_commence"
