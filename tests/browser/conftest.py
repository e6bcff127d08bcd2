"""A real Chromium on a real server of the product."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process for all pages: they are all the product's own.
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
)
served = StaticFilesHandler.serve
PLAIN = ("--disable-remote-fonts", "--blink-settings=imagesEnabled=false")
"""Where only words matter."""


def kept(handler: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
    """A file that never changes, as the product serves it: a browser asks for it once."""
    answer = served(handler, request)
    answer.headers["Cache-Control"] = "max-age=3600, public, immutable"
    return answer


@contextmanager
def started(chromium: str, *flags: str) -> Iterator[Browser]:
    """A Chromium, until the end.

    Playwright keeps an event loop in this thread, which Django would mistake for an asynchronous view.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        patch.setattr(StaticFilesHandler, "serve", kept)
        found = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *flags])
        yield found
        found.close()


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for all tests of the folder; each opens its own windows."""
    with started(chromium) as found:
        yield found


class Window:
    """A window of one person: it remembers every error of the console and every answer of 500 and above."""

    def __init__(
        self, browser: Browser, base: str, *, width: int = 1280, language: str = "fr", scripts: bool = True
    ) -> None:
        self.base, self.language = base, language
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="fr-FR" if language == "fr" else "en-GB",
            java_script_enabled=scripts,
        )
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("console", self._console)
        self.page.on("response", self._response)
        self.page.on("dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}"))

    def _console(self, message: Any) -> None:
        # The browser itself reports each 4xx answer as an error of the console; a test that expects one reads it.
        if message.type == "error" and "status of 4" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _response(self, response: Any) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status}: {response.url}")

    def open(self, path: str) -> int:
        """Go to a path of the product; the status of its answer."""
        response = self.page.goto(self.base + path)
        assert response is not None
        return response.status

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the page, as a person does."""
        status = self.open(f"/{self.language}/account/login/")
        assert "/login" in self.page.url, f"{status} {self.page.url}: {self.page.content()}"
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", password)
        self.page.press("main form button[type=submit]", "Enter")
        self.page.wait_for_load_state()
        assert "/login" not in self.page.url, self.page.inner_text("main")

    def close(self) -> None:
        self.context.close()
