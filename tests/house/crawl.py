"""Every address as every visitor, once: what the sweep and the canary crawl both look at."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from django.http import Http404
from django.test import Client, RequestFactory

from people.permissions.table import PUBLIC
from tests import pdf
from tests.house.addresses import Address, addresses
from tests.house.cast import Visitor
from tests.house.expected import ABSENT, expected, rules_for
from tests.house.guards import reading_only, undone
from tests.house.populated import House
from tests.house.spots import Spot, spots
from tests.house.words import Secret

# Who sees the same as another: two officers, of whom one approves what the other issued.
TWINS = frozenset({"other_officer"})

# A view of a package copies the person's address into its own table at the first visit.
OWN_TABLES = {"account_email": frozenset({"account_emailaddress"})}


@dataclass
class Visit:
    """One page, asked for by one visitor."""

    address: Address
    spot: Spot
    visitor: Visitor
    url: str
    status: int
    headers: dict[str, str]
    secrets: set[Secret]
    fault: str = ""

    def __str__(self) -> str:
        return f"{self.visitor} at {self.url}: {self.status} {self.fault}".rstrip()


@dataclass(frozen=True)
class Asked:
    """One page to ask for."""

    house: House
    client: Client
    visitor: Visitor
    address: Address
    spot: Spot
    language: str = "en"
    method: str = "GET"
    query: str = ""

    @property
    def url(self) -> str:
        return self.address.url(self.spot.arguments, self.language) + self.query

    @property
    def guard(self) -> AbstractContextManager[None]:
        """What is read writes nothing; what is sent away on request is logged."""
        return reading_only(OWN_TABLES.get(self.address.name, frozenset())) if self.method == "GET" else nullcontext()


@dataclass
class Crawl:
    """The visits, by address."""

    visits: dict[str, list[Visit]] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    """The tables that are other ones after it."""

    def of(self, name: str) -> list[Visit]:
        return self.visits.get(name, [])

    def all(self) -> Iterator[Visit]:
        for found in self.visits.values():
            yield from found


def browser(visitor: Visitor) -> Client:
    """A browser in which the visitor is signed in; errors of the product are answers of 500."""
    client = Client(raise_request_exception=False)
    if visitor.person is not None:
        client.force_login(visitor.person)
    return client


def crawl(house: House, cast: dict[str, Visitor], browsers: dict[str, Client]) -> Crawl:
    """Visit everything that may differ; see `planned`."""
    found = Crawl()
    with quiet():
        for number, address in enumerate(addresses()):
            if not address.reads:
                continue
            try:
                places = spots(address, house)
            except LookupError as error:
                found.unknown[address.name] = str(error)
                continue
            visits = found.visits.setdefault(address.name, [])
            for place, spot, visitor, by_browser in planned(number, address, places, cast):
                language = ("en", "fr")[(number + place) % 2]
                asked = Asked(house, browsers[visitor.name], visitor, address, spot, language)
                visits.append(visit(asked) if by_browser else call(asked))
    return found


def kinds(cast: dict[str, Visitor]) -> list[str]:
    """One visitor for each set of roles that somebody holds."""
    first: dict[Any, str] = {}
    for name, visitor in cast.items():
        first.setdefault(visitor.person and visitor.person.standing.holds(), name)
    return list(first.values())


def planned(
    number: int, address: Address, places: list[Spot], cast: dict[str, Visitor]
) -> Iterator[tuple[int, Spot, Visitor, bool]]:
    """Who goes to which spots of an address, and whether in a browser.

    Where nothing is to be found, the view alone is asked: the answer is the one page of 404. Whoever can never do an
    act is told so before the object is looked at: one spot is enough for one visitor of each set of roles, and one of
    them in turn comes with a browser. Public pages look at no person: one visitor of each set of roles sees them.
    """
    alike = kinds(cast)
    refused = [name for name, visitor in cast.items() if not rules_for(visitor, address)]
    sample = refused[number % len(refused)] if refused else ""
    for name, visitor in cast.items():
        if name in TWINS:
            continue
        if name in refused:
            if name in (*alike, sample):
                in_browser = visitor.person is None or name == sample or not hasattr(address.view, "action_name")
                yield 0, places[0], visitor, in_browser
        elif is_site(visitor, address) and name not in alike:
            continue
        else:
            for place, spot in enumerate(places):
                yield place, spot, visitor, expected(visitor, address, spot) != ABSENT


def is_site(visitor: Visitor, address: Address) -> bool:
    """The page is the same for everybody: a public act."""
    return any(rule.role == PUBLIC for rule in rules_for(visitor, address))


def call(asked: Asked) -> Visit:
    """Ask the view alone, without the site around it; whatever it answers but 404 is looked at in the browser."""
    request = RequestFactory().generic(asked.method, asked.url)
    request.user = asked.visitor.person
    try:
        with undone(), asked.guard:
            answer = asked.address.view(request, **asked.spot.arguments)
            for close in answer._resource_closers:  # the file, without telling Django that a request is over
                close()
    except Http404:
        return Visit(asked.address, asked.spot, asked.visitor, asked.url, 404, {}, set())
    except Exception:  # noqa: BLE001 - whatever it is, the browser shows it
        pass
    return visit(asked)


def _keep_none(*_args: Any, **_kwargs: Any) -> None:
    pass


@contextmanager
def quiet() -> Iterator[None]:
    """Ten thousand answers of 404 are no news, and nobody looks at the contexts that the test client would copy."""
    logger = logging.getLogger("django.request")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with mock.patch("django.test.client.store_rendered_templates", _keep_none):
            yield
    finally:
        logger.setLevel(level)


def visit(asked: Asked) -> Visit:
    """Ask for one page, where nothing may be written."""
    # Undone at once: an error of the database would end the transaction that the house stands in.
    with undone(), asked.guard:
        response: Any = asked.client.generic(asked.method, asked.url)
        return answered(asked, response)


def answered(asked: Asked, response: Any) -> Visit:
    """What came back."""
    fault = ""
    if response.status_code >= 500 and getattr(response, "exc_info", None):
        fault = f"{response.exc_info[0].__name__}: {response.exc_info[1]}"
    return Visit(
        address=asked.address,
        spot=asked.spot,
        visitor=asked.visitor,
        url=asked.url,
        status=response.status_code,
        headers=dict(response.headers),
        secrets=asked.house.words.found_in(said_by(response)),
        fault=fault,
    )


def said_by(response: Any) -> str:
    """Everything that an answer says: its body, and where it leads."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers.get("Content-Type") == "application/pdf" and pdf.is_whole(body):
        return pdf.said(body)
    return f"{response.headers.get('Location', '')} {body.decode('utf-8', 'replace')}"
