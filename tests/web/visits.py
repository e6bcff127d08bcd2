"""Visits to the pages: a browser signed in as a person, where reading a page may write nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.account.internal.flows import login
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client

from kit import clock
from people.models import Person
from web.pages import ReadGuard

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@contextmanager
def no_writes() -> Iterator[None]:
    """Refuse every SQL statement that changes a row."""

    def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        assert not sql.lstrip().upper().startswith(WRITES), f"a page that is read writes: {sql}"
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Callable[[Person | None], Client]:
    """Make a browser that is signed in as the person; nobody's without one."""
    monkeypatch.setattr(ReadGuard, "around", staticmethod(no_writes))

    def browse(person: Person | None = None) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person)
        return client

    return browse


def text(response: Any) -> str:
    """The page as text; fails unless the page was answered."""
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def proved(browser: Client) -> Client:
    """The person of the browser has just given the password again."""
    session = browser.session
    proof = {"method": "password", "at": clock.now().timestamp() - 5, "reauthenticated": True}
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [proof]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = session[SESSION_KEY]
    session.save()
    return browser


def sent(response: Any) -> bytes:
    """The bytes of a file that was sent; closes the file alone, for closing the answer would close the database."""
    assert response.status_code == 200, response.status_code
    content = b"".join(response.streaming_content)
    for close in response._resource_closers:
        close()
    return content
