"""Lists cost the same at few rows and at many: the number of queries of each page does not grow with what it shows.

The pages are those of the resolver that take no form; a list is asked for by one visitor of every role that it serves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.models import Dossier
from people.permissions.table import PUBLIC, SIGNED_IN, STAFF_ROLES
from tests.house.addresses import Address, addresses
from tests.house.cast import Visitor
from tests.house.crawl import TWINS, quiet, said_by
from tests.house.expected import ABSENT, expected, rules_for
from tests.house.guards import undone
from tests.house.many import more_around, more_dossiers
from tests.house.populated import House
from tests.house.spots import Spot, spots

pytestmark = pytest.mark.django_db

COPIES = range(1, 6)
"""Of each of the house's 37 dossiers, so that there are more than 200."""

PAGES = [item for item in addresses() if item.reads and not item.writes and hasattr(item.view, "action_name")]

# Pages that everybody is served alike; the home page is another one for each role.
EACH_ROLE = "public:home"

# Pages without arguments that list nothing, or programmes, of which there is one for each visitor.
STILL = {
    *("root", "public:help", "public:data", "accessibility", "legal", "licence", "privacy"),
    *("audit:sample", "audit:reports", "manager:indicators", "manager:settings"),
    *("officer:bulk_report", "officer:saved_views"),
}


@dataclass(frozen=True)
class Cost:
    """What one page took: how many queries, for how much of an answer."""

    status: int
    queries: int
    size: int


@dataclass(frozen=True)
class Costs:
    few: dict[tuple[str, str], Cost]
    many: dict[tuple[str, str], Cost]

    def of(self, name: str) -> dict[str, tuple[Cost, Cost]]:
        """The costs of a page by visitor, with few rows and with many."""
        return {visitor: (cost, self.many[page, visitor]) for (page, visitor), cost in self.few.items() if page == name}


def planned(house: House, cast: dict[str, Visitor]) -> Iterator[tuple[Address, Spot, Visitor]]:
    """Each list as one visitor of every role that it serves; a page of one thing as the first of them."""
    # The manager first, who meets most: what is everybody's own is asked for by one of each side of the desk.
    visitors = sorted(cast.values(), key=lambda visitor: visitor.role != "programme_manager")
    for address in PAGES:
        places = [spot for spot in spots(address, house) if not spot.absent]
        seen: set[str] = set()
        for visitor in visitors:
            kind = kind_of(visitor, address)
            if visitor.name in TWINS or visitor.role == "stranger" or kind in seen:
                continue
            if visitor.person is None and not rules_for(visitor, address):
                continue
            spot = next((item for item in places if expected(visitor, address, item) != ABSENT), None)
            if spot is not None:
                seen.add(kind)
                yield address, spot, visitor


def kind_of(visitor: Visitor, address: Address) -> str:
    """Visitors of one kind are served the same list, each with rows of their own."""
    granted = {rule.role for rule in rules_for(visitor, address)}
    if address.name == EACH_ROLE:
        return visitor.role
    if address.arguments or PUBLIC in granted:
        return "anybody"
    if SIGNED_IN in granted:
        return "staff" if visitor.role in STAFF_ROLES else visitor.role
    return visitor.role


def cost(client: Client, url: str) -> Cost:
    with undone(), CaptureQueriesContext(connection) as queries:
        response: Any = client.get(url)
        size = len(said_by(response))
    return Cost(response.status_code, len(queries), size)


@pytest.fixture(scope="module")
def costs(house: House, cast: dict[str, Visitor], browsers: dict[str, Client]) -> Costs:
    """Every page with few rows and with many."""
    visits = [
        (address.name, visitor.name, address.url(spot.arguments)) for address, spot, visitor in planned(house, cast)
    ]
    with undone(), quiet():
        few = {(page, name): cost(browsers[name], url) for page, name, url in visits}
        more_dossiers(COPIES)
        more_around(COPIES)
        many = {(page, name): cost(browsers[name], url) for page, name, url in visits}
    return Costs(few, many)


@pytest.mark.parametrize("name", [address.name for address in PAGES])
def test_the_number_of_queries_is_the_same_with_many_rows(name: str, costs: Costs):
    found = costs.of(name)
    assert found != {}
    assert {who: few.queries for who, (few, _many) in found.items()} == {
        who: many.queries for who, (_few, many) in found.items()
    }
    assert {cost.status for both in found.values() for cost in both} <= {200, 302}


def test_the_lists_do_grow(costs: Costs):
    """A count that is the same because nothing more is shown would prove nothing."""
    lists = {address.name for address in PAGES if not address.arguments}
    grown = {page for (page, name), few in costs.few.items() if costs.many[page, name].size > few.size}
    assert lists - grown == STILL


def test_there_are_more_than_two_hundred_dossiers_then(house: House):
    with undone():
        more_dossiers(COPIES)
        assert Dossier.objects.count() == len(house.cases) * (len(COPIES) + 1)
    assert len(house.cases) * (len(COPIES) + 1) > 200


def test_a_query_for_each_row_would_be_found(house: House):
    """The control: a list that asks for the applicant of each dossier."""

    def names() -> list[str]:
        return [dossier.applicant.name for dossier in Dossier.objects.order_by("pk")]

    with undone():
        with CaptureQueriesContext(connection) as few:
            names()
        more_dossiers(COPIES)
        with CaptureQueriesContext(connection) as many:
            names()
    assert len(many) > len(few) > 1
