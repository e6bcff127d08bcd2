"""Every page that a link leads to, as each demo account: no axe violation, no sideways scroll, no script error.

Each page is looked at once a width (desktop, 390 px), the two languages alternating from page to page; pages that
differ by role, the home page and a dossier's, once for each role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from django.utils import translation
from playwright.sync_api import Browser, Error

from demo.cast import ADMINISTRATORS, APPLICANTS, PASSWORD, STAFF
from tests.browser.conftest import Window

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": STANDARDS, "resultTypes": ["violations"]}
AXE = Axe()
LINKS = "[...document.querySelectorAll('a[href]:not([download])')].map(link => link.getAttribute('href'))"
WIDTHS = (1280, 390)
ACCOUNTS = [
    "",
    *(part.address for part in STAFF if part.address != "instruction2@demo.example"),
    *(address for address, _name in ADMINISTRATORS[:1]),
    *(address for address, _name, _role in APPLICANTS),
]
DIFFERENT_BY_ROLE = {"public:home", "officer:dossier"}


@dataclass
class Crawl:
    """One account's walk: a page for each address pattern, at both widths, the languages alternating."""

    window: Window
    account: str
    seen: set[tuple[str, ...]]
    faults: list[str] = field(default_factory=list)
    visited: list[str] = field(default_factory=list)

    def walk(self, start: str) -> None:
        waiting = [start]
        followed: set[tuple[str, ...]] = set()
        while waiting:
            path = re.sub(r"^/en/", "/fr/", waiting.pop(0))
            kind = page_kind(path)
            if kind is None or kind in followed:
                continue
            followed.add(kind)
            own = (*kind, self.account) if kind[0] in DIFFERENT_BY_ROLE else kind
            if own in self.seen:
                continue
            self.seen.add(own)
            waiting += self.look(path)

    def look(self, path: str) -> list[str]:
        """Look at one page at both widths; the addresses that it links to."""
        self.visited.append(path)
        # Every other page in English, across the accounts too; its colours, the same at every width, at one of them.
        language = ("fr", "en")[len(self.seen) % 2]
        address, page = re.sub(r"^/(fr|en)/", f"/{language}/", path), self.window.page
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        try:
            status = self.window.open(address)
        except Error as error:
            if "Download is starting" in str(error):
                return []
            raise
        if status != 200:
            self.faults.append(f"{address}: status {status}")
            return []
        page.evaluate(AXE.axe_script)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            colours = width == WIDTHS[len(self.seen) // 2 % 2]
            self.faults += [f"{address} at {width} px: {fault}" for fault in self.violations(width, colours)]
        found = page.evaluate(LINKS)
        return [urlsplit(link).path for link in found if link.startswith("/")]

    def violations(self, width: int, colours: bool) -> Iterator[str]:
        options = {**OPTIONS, "rules": {"color-contrast": {"enabled": colours}}}
        answer = self.window.page.evaluate("options => axe.run(document, options)", options)
        for violation in answer["violations"]:
            where = ", ".join(str(node["target"][0]) for node in violation["nodes"][:3])
            yield f"{violation['id']}: {violation['help']} ({where})"
        wide = self.window.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            yield f"scrolls sideways: {wide} px"


def page_kind(path: str) -> tuple[str, ...] | None:
    """What makes two addresses the same page: the pattern that they match, and a tab; None for what is not a page."""
    if path.startswith(("/static/", "/d/")) or "logout" in path:
        return None
    try:
        with translation.override("fr"):
            match = resolve(path)
    except Resolver404:
        return ("unknown", path)
    if match.url_name in {"document", "attachment"} or path.endswith(("/csv", ".ics")):
        return None
    return (match.view_name, str(match.kwargs.get("tab", "")), str(match.kwargs.get("code", "")))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_every_page_of_every_account_is_accessible(address: str, browser: Browser, settings: Any) -> None:
    # The demo belongs to the embedded product, which asks nobody to confirm an address.
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    faults: list[str] = []
    seen: set[tuple[str, ...]] = set()
    for account in ACCOUNTS:
        crawl = Crawl(Window(browser, address), account, seen)
        if account:
            crawl.window.sign_in(account, PASSWORD)
        crawl.walk("/fr/")
        crawl.walk("/fr/account/login/" if not account else "/fr/account/")
        faults += [f"{account or 'anonymous'} {fault}" for fault in [*crawl.faults, *crawl.window.faults]]
        crawl.window.close()

    assert "\n".join(faults) == ""
    assert len(seen) > 100
