"""The populated house, built once for all gates, and the crawl through it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings

from kit import clock
from tests.house.cast import Visitor, cast_of
from tests.house.crawl import Crawl, browser, crawl, quiet
from tests.house.guards import changed, digests, undone
from tests.house.populated import House
from tests.house.posts import Form, Sent, form_of, send, sent_addresses
from tests.strict import shuffle_unordered_rows
from tests.web.visits import proved
from tests.world import START


@pytest.fixture(scope="package")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    """The house, in one transaction that ends with the last gate; each test's own is a savepoint in it."""
    shuffle_unordered_rows("house")
    # The mailbox is a page of the embedded product: the gates look at it on every database.
    with django_db_blocker.unblock(), clock.at(START), override_settings(EMBEDDED=True), transaction.atomic():
        found = House().populate()
        connection.check_constraints()  # once for all: each test would check what it finds again
        with connection.cursor() as cursor:
            # The statistics that a database at work has: without them PostgreSQL plans for empty tables.
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
        yield found
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def cast(house: House) -> dict[str, Visitor]:
    return cast_of(house)


@pytest.fixture(scope="package")
def browsers(cast: dict[str, Visitor]) -> dict[str, Client]:
    """Each visitor's browser, signed in."""
    return {name: browser(visitor) for name, visitor in cast.items()}


@pytest.fixture(scope="package")
def untouched(browsers: dict[str, Client]) -> dict[str, str]:
    """A digest of each table of the house as it was built, everybody signed in."""
    return digests()


@pytest.fixture(scope="package")
def crawled(house: House, cast: dict[str, Visitor], browsers: dict[str, Client], untouched: dict[str, str]) -> Crawl:
    """Everybody was everywhere."""
    found = crawl(house, cast, browsers)
    found.changed = changed(untouched, digests())
    return found


@pytest.fixture(scope="package")
def forms(house: House, cast: dict[str, Visitor], browsers: dict[str, Client]) -> dict[str, Form | None]:
    """Every form, filled from its page."""
    return {address.name: form_of(address, house, cast, browsers) for address in sent_addresses()}


@pytest.fixture(scope="package")
def sent_forms(forms: dict[str, Form | None], browsers: dict[str, Client]) -> dict[str, tuple[Sent, Sent]]:
    """Every form sent by whom it is for, twice the same, each pair taken back."""
    found = {}
    with quiet():
        for name, form in forms.items():
            if form is not None:
                with undone():
                    browser = proved(browsers[form.sender.name])
                    found[name] = send(form, form.sender, browser), send(form, form.sender, browser)
    return found
