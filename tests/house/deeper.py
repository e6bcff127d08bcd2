"""What the sweep leaves out: searches and filters, reports as files, and documents that are sent on request."""

from __future__ import annotations

from collections.abc import Iterator

from django.test import Client

from tests.house.addresses import named
from tests.house.cast import Visitor
from tests.house.crawl import Asked, Visit, call, quiet, visit
from tests.house.expected import rules_for
from tests.house.populated import House
from tests.house.spots import spots

# The first letters of a word are no word: a page that repeats what was searched for tells nothing.
QUERIES = {
    "officer:dossiers": (
        *("?q=zqtitle", "?q=Commune", "?state=draft", "?officer=nobody&sort=-requested"),
        "?columns=project,identifier,programme,call,step,state,officer,eligible,requested,granted,submitted,waiting",
    ),
    "officer:claims": ("?state=draft", "?state=certified"),
    "audit:trails": ("?q=zqtitle",),
    "audit:sample": ("?seed=word&size=50",),
    "audit:report": ("?format=json", "?format=html"),
    "public:projects": ("?q=zqtitle",),
    "staff:organisations": ("?q=Commune",),
    "staff:register_organisation": ("?siret=21460042100017", "?siret=zqtitle", "?by=rna"),
    "staff:roles": ("?view=ended",),
    "staff:mandates": ("?status=confirmed",),
}

# A POST that changes nothing but the log: a document, an export, a whole account number.
SENT = (
    "applicant:download",
    "applicant:message_document",
    "officer:document",
    "officer:export",
    "audit:download",
    "staff:evidence",
    "applicant:reveal_bank",
    "finance:account",
)


def read_deeper(house: House, cast: dict[str, Visitor], browsers: dict[str, Client]) -> list[Visit]:
    """Everybody who can search searches; everybody asks for every document."""
    with quiet():
        searched = [visit(asked) for asked in _searches(house, cast, browsers)]
        return searched + [call(asked) for asked in _sent(house, cast, browsers)]


def _searches(house: House, cast: dict[str, Visitor], browsers: dict[str, Client]) -> Iterator[Asked]:
    for name, queries in QUERIES.items():
        address = named()[name]
        spot = spots(address, house)[0]
        for visitor in cast.values():
            if rules_for(visitor, address):
                for query in queries:
                    yield Asked(house, browsers[visitor.name], visitor, address, spot, query=query)


def _sent(house: House, cast: dict[str, Visitor], browsers: dict[str, Client]) -> Iterator[Asked]:
    for name in SENT:
        address = named()[name]
        for spot in spots(address, house):
            for visitor in cast.values():
                yield Asked(house, browsers[visitor.name], visitor, address, spot, method="POST")
