"""Windows for several people at once, and a calendar that the server lives by."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from demo.story import paper
from kit import clock
from tests.browser.conftest import PLAIN, Window, started
from tests.journeys.actor import OpenWindow


class Calendar:
    """The days of a journey, in the past: it begins 1000 days ago, at ten in Paris."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch
        first = clock.real_now().astimezone(clock.PARIS) - timedelta(days=1000)
        self.first = first.replace(hour=10, minute=0, second=0, microsecond=0)
        # A proof of having signed in again carries the machine's own instant.
        patch.setattr("web.pages.now", clock.real_now)

    def move(self, days: int) -> date:
        """Let everybody live `days` days after the beginning; the day."""
        self.set(self.first + timedelta(days=days))
        return clock.today()

    def set(self, instant: datetime) -> None:
        """Let everybody live at `instant`, the threads of the server included: a new clock, which starts there."""
        there = instant.astimezone(clock.UTC)
        moved: ContextVar[datetime | None] = ContextVar("moved_instant", default=there)
        self.patch.setattr(clock, "_replayed", moved)


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for the folder, which shows the words alone."""
    with started(chromium, *PLAIN) as found:
        yield found


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    """The calendar, at its first day."""
    found = Calendar(monkeypatch)
    found.move(0)
    return found


@pytest.fixture
def windows() -> list[Window]:
    """The windows opened in the test."""
    return []


@pytest.fixture
def open_window(
    request: pytest.FixtureRequest,
    browser: Browser,
    live_server: Any,
    windows: list[Window],
) -> Iterator[OpenWindow]:
    """Open a window of one person: `open_window(width=390, language="fr")`; a parameter holds options for all."""
    common: dict[str, Any] = getattr(request, "param", {})

    def opened(**options: Any) -> Window:
        window = Window(browser, live_server.url, **common, **options)
        windows.append(window)
        return window

    yield opened
    for window in windows:
        window.close()


class Papers:
    """Files that people have at hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, name: str) -> Path:
        """A page of PDF with this name."""
        path = self.folder / f"{name}.pdf"
        upload = paper(path.name, name)
        path.write_bytes(upload.read())
        return path


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    """Papers to attach."""
    return Papers(tmp_path)


@pytest.fixture
def running(open_window: OpenWindow, calendar: Calendar, papers: Papers) -> Any:
    """A programme that runs already."""
    from tests.journeys.stage import Running  # which itself needs the calendar and the papers of this file

    return Running(open_window, calendar, papers)
