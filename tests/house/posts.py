"""Forms that are sent: filled from the page that shows them, by a permitted visitor, then sent by anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.db import transaction
from django.http import Http404
from django.test import Client, RequestFactory

from grants.rules.drafts import digest
from people.permissions import may
from tests.house.addresses import Address, addresses
from tests.house.cast import Visitor
from tests.house.crawl import TWINS
from tests.house.deeper import SENT
from tests.house.expected import ABSENT, SIGN_IN, expected, rules_for
from tests.house.guards import undone, watched
from tests.house.populated import House
from tests.house.spots import Spot, spots
from tests.world import pdf

# What a field is filled with where the page gives nothing, by its type.
BY_TYPE = {
    "number": "1",
    "date": "2027-03-01",
    "email": "somebody@example.org",
    "checkbox": "on",
}

# And by its name, where a text must be of a certain form.
BY_NAME = {
    **dict.fromkeys(("claimed", "amount", "planned_total_cost", "value", "ceiling", "day_price"), "1000"),
    **dict.fromkeys(("technical", "approach", "territorial", "services", "human", "financial"), "10"),
    **dict.fromkeys(("days", "indicator_value"), "1"),
    **dict.fromkeys(("hour", "opens_hour", "closes_hour"), "12:00"),
    **dict.fromkeys(("ends_on", "last_day", "closes_day"), "2028-12-31"),
    "worked_on": "2027-02-01",
    "invoiced_on": "2027-01-04",
    "paid_on": "2027-01-04",
    "went_live_on": "2027-01-04",
    "url": "https://example.org/",
    "iban": "FR7630006000011234567890189",
    "siret": "21340172201787",
    "slug": "another",
    "reference_prefix": "X9",
    "department": "34",
    "postal_code": "34000",
    "code": "X-99",
}


def in_bulk(house: House) -> dict[str, str | None]:
    """The dossiers that an act on many is done to."""
    return {"references": " ".join(house.cases[key].dossier.reference for key in ("submitted", "advised"))}


def as_typed(house: House) -> dict[str, str | None]:
    """One answer, typed over the one that stands there."""
    kept = house.cases["draft"].dossier.answers["project"]["need"]
    return {"field": "need", "need": "Typed.", "base": digest(kept)}


# What a form must say instead, or (None) not say, so that it is not refused for what it says.
SAID: dict[str, Callable[[House], dict[str, str | None]]] = {
    "applicant:autosave": as_typed,
    "applicant:budget": lambda house: {"add_line": None, "costs-TOTAL_FORMS": "1", "resources-TOTAL_FORMS": "2"},
    "applicant:partners": lambda house: {"organisation": house.beta.organisation.name},
    "adviser:mission": lambda house: {"worked_on": "2027-02-26"},
    "officer:agreement": lambda house: {"add_line": None},
    "officer:bulk_assign": lambda house: {"step": "confirm", **in_bulk(house)},
    "officer:bulk_return": lambda house: {"step": "confirm", **in_bulk(house)},
    "officer:claim": lambda house: {
        f"item-{line.pk}-accepted": "15000" for line in house.cases["claimed"].claim.items.all()
    },
    "manager:set_rule": lambda house: {"floor": "0"},
    "manager:change_envelope": lambda house: {"amount": "1100000"},
    "manager:change_deadline": lambda house: {"closes_day": "2027-06-30"},
    "manager:form_edit": lambda house: {"title_fr": "Autrement"},
    "manager:edit_grid": lambda house: {"add_line": None, "criteria-0-label_en": "Another one"},
    "staff:register_organisation": lambda house: {"rna": None},
    "staff:request_mandate": lambda house: {"identifier": house.beta.organisation.siret},
}

# Where the form stands, where the address alone asks something else first.
ASKED = {"staff:register_organisation": "?by=hand", "manager:form_condition": "?question=project.need"}

# Who sends it, where more than the permission page decides: another person than the one who issued.
SENDERS = {"officer:approve": "other_officer"}

# Written to by a form that is refused for what it says.
NO_ACT = frozenset({"records_onetimekey", "records_accesslog"})


@dataclass(frozen=True)
class Form:
    """One form of the product: where it is sent, about what, by whom it may be sent, and what it says."""

    address: Address
    spot: Spot
    sender: Visitor
    body: dict[str, Any] = field(compare=False)

    @property
    def url(self) -> str:
        return self.address.url(self.spot.arguments)

    def data(self) -> dict[str, Any]:
        """What is sent; a file is made anew each time, for it is read to its end."""
        return {name: pdf() if value == "file" else value for name, value in self.body.items()}


class Fields(HTMLParser):
    """The fields of each form of a page that is sent by POST."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._now: dict[str, Any] | None = None
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._now = {}
            self.forms.append(self._now)
        if self._now is None:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "button" and name and name not in self._now:
            self._now[name] = given.get("value", "")
        elif tag == "select" and name:
            self._select = name
            self._now.setdefault(name, "")
        elif tag == "option" and self._select and ("selected" in given or not self._now[self._select]):
            self._now[self._select] = given.get("value", "")
        elif tag == "textarea" and name:
            self._area = name
            self._now[name] = ""

    def _input(self, name: str, given: dict[str, str]) -> None:
        assert self._now is not None
        kind = given.get("type", "text")
        if kind == "file":
            self._now[name] = "file"
        elif kind == "radio":
            if "checked" in given or name not in self._now:
                self._now[name] = given.get("value", "on")
        elif kind == "hidden":
            self._now[name] = given.get("value", "")
        elif kind == "checkbox":
            if not name.endswith("-DELETE"):
                self._now[name] = given.get("value") or BY_TYPE["checkbox"]
        else:
            filled = BY_NAME.get(name) or BY_TYPE.get(kind, "Text")
            self._now[name] = given.get("value") or filled

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._now = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._now is not None and self._area:
            self._now[self._area] = self._now[self._area].strip() or "Some text that says why."
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._now is not None and self._area:
            self._now[self._area] += data


def sent_addresses() -> list[Address]:
    """Every address of the product that takes a form: from the resolver, so that a new form is there on its day."""
    return [item for item in addresses() if item.writes and hasattr(item.view, "action_name") and item.name not in SENT]


def form_of(address: Address, house: House, cast: dict[str, Visitor], browsers: dict[str, Client]) -> Form | None:
    """The form, filled by the first visitor who may send it; None where nobody may."""
    for spot in spots(address, house):
        for visitor in _senders(address, spot, cast):
            body = _filled(address, spot, browsers[visitor.name]) if address.reads else {}
            if body is not None:
                said = {**body, **SAID.get(address.name, lambda _house: {})(house)}
                return Form(address, spot, visitor, {name: value for name, value in said.items() if value is not None})
    return None


def _senders(address: Address, spot: Spot, cast: dict[str, Visitor]) -> list[Visitor]:
    """Those who may, first those to whom the permission page gives the act on this very object."""
    if spot.absent:
        return []
    if address.name in SENDERS:
        return [cast[SENDERS[address.name]]]
    near = [item for item in cast.values() if item.person is not None and expected(item, address, spot) != ABSENT]
    return sorted(near, key=lambda item: not may(item.person, str(address.action), spot.subject))


def _filled(address: Address, spot: Spot, client: Client) -> dict[str, Any] | None:
    with undone():
        response: Any = client.get(address.url(spot.arguments) + ASKED.get(address.name, ""))
    fields = Fields()
    fields.feed(response.content.decode() if response.status_code == 200 else "")
    # Signing out comes first; buttons that only send a document carry no key, for they may be pressed again.
    keyed = [found for found in fields.forms[1:] if "one_time_key" in found]
    return (keyed or fields.forms[1:] or [None])[-1]


@dataclass
class Sent:
    """What became of a form."""

    form: Form
    visitor: Visitor
    status: int
    tables: list[str]
    location: str = ""

    @property
    def acted(self) -> bool:
        """Something changed beside the key of the form and the log of readings."""
        return bool(set(self.tables) - NO_ACT)

    def __str__(self) -> str:
        return f"{self.visitor} sends {self.form.url}: {self.status}, writes to {sorted(set(self.tables))}"


def send(form: Form, visitor: Visitor, client: Client) -> Sent:
    """Send the form from the visitor's browser, and see what is written."""
    with watched() as tables:
        response: Any = client.post(form.url, form.data())
    return Sent(form, visitor, response.status_code, tables, response.headers.get("Location", ""))


def send_to_view(form: Form, visitor: Visitor, client: Client) -> Sent:
    """Send the form to the view alone; whatever comes of it but 404 is looked at in the browser."""
    request = RequestFactory().post(form.url, form.data())
    request.user = visitor.person
    try:
        with transaction.atomic(), watched() as tables:
            form.address.view(request, **form.spot.arguments)
            transaction.set_rollback(True)
    except Http404:
        return Sent(form, visitor, 404, tables)
    except Exception:  # noqa: BLE001 - whatever it is, the browser shows it
        pass
    return send(form, visitor, client)


def wrong_senders(form: Form, cast: dict[str, Visitor]) -> Iterator[Visitor]:
    """Those to whom the permission page gives nothing of this form: another side, relation or programme.

    Whoever can never do the act is refused before the object is looked at: two of them, others for each form.
    """
    never = []
    for name, visitor in cast.items():
        if name in TWINS or expected(visitor, form.address, form.spot) not in (ABSENT, SIGN_IN):
            continue
        if visitor.person is None or rules_for(visitor, form.address):
            yield visitor
        else:
            never.append(visitor)
    turn = len(form.address.pattern)
    chosen = {never[(turn + step) % len(never)].name: never[(turn + step) % len(never)] for step in (0, 7) if never}
    yield from chosen.values()
