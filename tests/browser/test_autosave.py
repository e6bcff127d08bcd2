"""Nothing typed is ever lost: a network cut, a session that ended, another device, two writers of one answer."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from grants.actions import drafting
from grants.models import Dossier
from grants.rules.drafts import digest
from kit import clock
from programmes.models import FormVersion
from programmes.rules.form import Column, Condition, Field, Form, Section, Words
from tests.browser.conftest import Window
from tests.world import PASSWORD, START, World, fresh

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
AXE = Axe()
NEED = "#id_need"
KINDS = Section(
    "project",
    Words("Décrire le projet", "Describe the project"),
    fields=(
        Field("local", Words("Sur place ?", "On site?"), kind="yes_no"),
        Field("where", Words("Où", "Where"), shown_when=Condition("project", "local", ("yes",))),
        Field(
            "people", Words("Personnes", "People"), kind="number", shown_when=Condition("project", "where", ("Cahors",))
        ),
        Field("steps", Words("Étapes", "Steps"), kind="table", columns=(Column("what", Words("Quoi", "What")),)),
    ),
)
FIVE_MINUTES = 5 * 60 * 1000
Open = Callable[..., Page]


@pytest.fixture
def world(transactional_db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> World:
    """The world at `START`, also for the server, whose clock goes on from there."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    began = datetime.now(UTC)
    monkeypatch.setattr(clock, "real_now", lambda: START + (datetime.now(UTC) - began))
    return World()


@pytest.fixture
def draft(world: World) -> Dossier:
    with clock.at(START):
        return world.draft()


@pytest.fixture
def opened(browser: Browser, live_server: Any, world: World, draft: Dossier) -> Iterator[Open]:
    """Open the draft's project in a window of its own, as one of its two editors."""
    windows: list[Window] = []

    def opening(mayor: bool = False, **options: Any) -> Page:
        window = Window(browser, live_server.url, **options)
        windows.append(window)
        person = world.signatory(draft) if mayor else world.editor(draft)
        window.sign_in(person.email, PASSWORD)
        window.page.clock.install()
        assert window.open(f"/{window.language}/mes-dossiers/{draft.reference}/demande/project") == 200
        return window.page

    yield opening
    # A cut network is an error of the console to the browser itself.
    faults = [fault for window in windows for fault in window.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
    for window in windows:
        window.close()
    assert faults == []


def sound(page: Page) -> None:
    """Nothing hinders a reader of this page, which is narrow enough for a phone, and wide enough for a desk."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = AXE.run(page, options=OPTIONS)
    assert [(item["id"], item["nodes"][0]["target"]) for item in found.response["violations"]] == []


def said(page: Page, words: str) -> None:
    expect(page.locator("[data-save-status]")).to_contain_text(words)


def kept(draft: Dossier) -> str:
    answer: str = fresh(draft).answers["project"]["need"]
    return answer


def unsent(page: Page) -> int:
    count: int = page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('escalier:')).length")
    return count


def test_what_is_typed_is_saved_within_two_seconds_of_the_last_key(opened: Open, draft: Dossier) -> None:
    page = opened()
    page.fill(NEED, "")
    page.locator(NEED).press_sequentially("Un accueil numérique, ouvert à tous.")
    last_key = time.monotonic()
    said(page, "Enregistré à")
    assert time.monotonic() - last_key < 2
    assert kept(draft) == "Un accueil numérique, ouvert à tous."
    assert unsent(page) == 0
    expect(page.locator(NEED)).to_be_focused()
    sound(page)
    page.clock.fast_forward("07:56:00")
    said(page, "vous devrez vous reconnecter")


def test_five_minutes_without_network_lose_nothing(opened: Open, draft: Dossier) -> None:
    page = opened()
    page.context.set_offline(True)
    page.fill(NEED, "Écrit dans le train")
    said(page, "Hors ligne")
    page.clock.fast_forward(FIVE_MINUTES)
    page.locator(NEED).press_sequentially(" sans réseau.")
    sound(page)
    assert unsent(page) == 1
    page.get_by_role("button", name="Enregistrer et continuer").click()
    said(page, "Hors ligne")
    page.context.set_offline(False)
    said(page, "Enregistré à")
    assert (kept(draft), unsent(page)) == ("Écrit dans le train sans réseau.", 0)


def test_a_closed_page_sends_its_text_when_the_person_returns(opened: Open, draft: Dossier) -> None:
    """To the same page, or to the list of the parts."""
    page = opened()
    address, context = page.url, page.context
    for place, text in (("/project", "Écrit puis fermé."), ("", "Envoyé depuis la liste.")):
        context.set_offline(True)
        page.fill(NEED, text)
        said(page, "Hors ligne")
        page.close()
        context.set_offline(False)
        page = context.new_page()
        page.goto(address.removesuffix("/project") + place)
        said(page, "Enregistré à")
        assert (kept(draft), unsent(page)) == (text, 0)


def test_a_cut_network_then_an_ended_session_then_another_device_lose_not_one_character(
    opened: Open, world: World, draft: Dossier
) -> None:
    page = opened()
    page.fill(NEED, "")
    page.locator(NEED).press_sequentially("Un. ")
    page.context.set_offline(True)
    page.locator(NEED).press_sequentially("Deux. ")
    said(page, "Hors ligne")
    Session.objects.all().delete()
    page.context.set_offline(False)
    said(page, "Session terminée")
    page.locator(NEED).press_sequentially("Trois.")
    sound(page)
    page.get_by_role("button", name="Se reconnecter").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[name=login]")).to_be_focused()
    dialog.locator("[name=login]").fill(world.editor(draft).email)
    dialog.locator("[name=password]").fill("wrong")
    dialog.get_by_role("button", name="Se connecter").click()
    expect(dialog.locator(".es-errors")).to_be_visible()
    sound(page)
    dialog.locator("[name=password]").fill(PASSWORD)
    dialog.locator("[name=password]").press("Enter")
    expect(dialog).to_be_hidden()
    said(page, "Enregistré à")
    assert (kept(draft), unsent(page)) == ("Un. Deux. Trois.", 0)

    other = opened(language="en", width=390)
    other.locator(NEED).press("Control+End")
    other.locator(NEED).press_sequentially(" Quatre.")
    other.get_by_role("button", name="Save and go on").click()
    expect(other.locator(NEED)).to_have_count(0)
    assert kept(draft) == "Un. Deux. Trois. Quatre."


def test_two_writers_of_one_answer_compare(opened: Open, draft: Dossier) -> None:
    page, mayor = opened(), opened(mayor=True)
    mayor.fill(NEED, "Du maire.")
    said(mayor, "Enregistré à")
    page.fill(NEED, "De la secrétaire.")
    panel = page.locator(".es-compare")
    expect(panel.locator("[data-compare-theirs]")).to_have_text("Du maire.")
    expect(panel.locator("[data-compare-mine]")).to_have_text("De la secrétaire.")
    expect(panel).to_contain_text("Modifié par Mayor of")
    assert kept(draft) == "Du maire."
    sound(page)
    page.get_by_role("button", name="Comparer").click()
    expect(panel).to_be_focused()
    page.get_by_role("button", name="Garder ma saisie").click()
    said(page, "Enregistré à")
    assert kept(draft) == "De la secrétaire."
    mayor.locator(NEED).press_sequentially(" Suite.")
    mayor.get_by_role("button", name="Prendre le texte enregistré").click()
    expect(mayor.locator(NEED)).to_have_value("De la secrétaire.")
    assert (kept(draft), unsent(mayor)) == ("De la secrétaire.", 0)


def test_signing_out_leaves_nothing_in_the_browser(opened: Open, draft: Dossier) -> None:
    page = opened()
    page.fill(NEED, "Un dernier mot.")
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/")
    assert (kept(draft), unsent(page)) == ("Un dernier mot.", 0)


def test_questions_show_with_the_answers_they_hang_on_and_each_kind_is_saved(
    opened: Open, world: World, draft: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FormVersion, "form", property(lambda _version: Form((KINDS,))))
    page = opened()
    for name in ("where", "people"):
        expect(page.locator(f"#id_{name}")).to_be_hidden()
    page.get_by_label("Oui").check()
    page.fill("#id_where", "Cahors")
    page.fill("#id_people", "douze")
    page.fill("#id_steps-0-what", "Commencer")
    expect(page.locator("#told_people")).to_be_visible()
    expect(page.locator("#id_people")).to_have_accessible_description(re.compile("1250"))
    said(page, "Une réponse ne peut pas être enregistrée")
    sound(page)
    page.get_by_role("button", name="Voir la réponse").click()
    expect(page.locator("#id_people")).to_be_focused()
    page.reload()
    expect(page.locator("#id_people")).to_have_value("douze")
    expect(page.locator("#told_people")).to_be_visible()
    page.fill("#id_people", "12")
    said(page, "Enregistré à")
    answers = fresh(draft).answers["project"]
    assert [answers[name] for name in ("local", "where", "people")] == ["yes", "Cahors", "12"]
    assert answers["steps"] == [{"what": "Commencer"}]
    longer = [{"what": f"Étape {number}"} for number in range(9)]
    written = {"section": "project", "field": "steps", "answer": longer, "base": digest(answers["steps"])}
    drafting.save_answer(dossier=fresh(draft), by=world.signatory(draft), **written)
    page.fill("#id_steps-1-what", "Finir")
    page.get_by_role("button", name="Prendre le texte enregistré").click()
    expect(page.locator("#id_steps-8-what")).to_have_value("Étape 8")
    page.get_by_label("Non").check()
    expect(page.locator("#id_where")).to_be_hidden()
    expect(page.locator("#id_people")).to_be_hidden()
    shorter = replace(KINDS, fields=KINDS.fields[:2])
    monkeypatch.setattr(FormVersion, "form", property(lambda _version: Form((shorter,))))
    page.fill("#id_steps-8-what", "Encore")
    said(page, "cette question n’est plus posée")
    page.get_by_role("button", name="Effacer").click()
    assert unsent(page) == 0


def test_who_signs_in_beside_it_is_asked_for_by_the_page(opened: Open, world: World, draft: Dossier) -> None:
    """The same person: the page goes on. Another one: nothing is sent under their name."""
    page = opened()
    for person, words in (world.signatory(draft), "Une autre personne"), (world.editor(draft), "Enregistré à"):
        page.context.clear_cookies()
        beside = page.context.new_page()
        beside.goto(page.url.split("/fr/")[0] + "/fr/account/login/")
        beside.fill("input[name=login]", person.email)
        beside.fill("input[name=password]", PASSWORD)
        beside.press("input[name=password]", "Enter")
        beside.wait_for_url(lambda url: "/login" not in url)
        beside.close()
        if words.startswith("Une"):
            page.fill(NEED, "De la secrétaire.")
        else:
            page.get_by_role("button", name="Se reconnecter").click()
        said(page, words)
        assert kept(draft) == ("A plain answer." if words.startswith("Une") else "De la secrétaire.")
