"""The canary crawl: every private text carries a word of its own, and no page, file or mail shows one to a stranger.

Who may read which is the table of `knowledge.py`, kept by hand. The controls leak on purpose, for ever: what they show
must be found by the same look at it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from grants.models.dossier import DossierQuerySet
from records.models import OutboxMail
from tests.house.addresses import Address, named
from tests.house.cast import ROLES, Visitor
from tests.house.crawl import Asked, Crawl, Visit, answered, visit
from tests.house.deeper import read_deeper
from tests.house.knowledge import Knowledge
from tests.house.populated import House
from tests.house.spots import Spot, on
from web.pages import page

pytestmark = pytest.mark.django_db

# Kinds that no page shows.
UNREAD: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
def knowledge(house: House) -> Knowledge:
    return Knowledge(house)


@pytest.fixture(scope="module")
def deeper(house: House, cast: dict[str, Visitor], browsers: dict[str, Client]) -> list[Visit]:
    return read_deeper(house, cast, browsers)


@pytest.fixture(scope="module")
def looks(crawled: Crawl, deeper: list[Visit]) -> list[Visit]:
    """Everything that anybody was shown."""
    return [*crawled.all(), *deeper]


def leaks(knowledge: Knowledge, visits: list[Visit]) -> list[str]:
    """What somebody read and may not know."""
    return sorted(
        f"{seen.visitor} at {seen.url}: {secret}"
        for seen in visits
        for secret in knowledge.foreign(seen.visitor, seen.secrets)
    )


@pytest.mark.parametrize("name", list(ROLES))
def test_nobody_is_shown_what_they_may_not_know(name: str, looks: list[Visit], knowledge: Knowledge):
    assert leaks(knowledge, [seen for seen in looks if seen.visitor.name == name]) == []


def test_every_search_and_file_was_answered(deeper: list[Visit]):
    assert [str(seen) for seen in deeper if seen.status not in (200, 302, 404)] == []


def test_every_kind_of_text_was_shown_to_somebody(house: House, looks: list[Visit]):
    """A crawl that looks where nothing is would find nothing."""
    known = {secret.kind for secret in [*house.words.known.values(), *house.words.accounts.values()]}
    shown = {secret.kind for seen in looks for secret in seen.secrets}
    assert known - shown == UNREAD


def test_the_reader_of_a_mail_may_know_what_it_says(house: House, cast: dict[str, Visitor], knowledge: Knowledge):
    found = []
    for mail in OutboxMail.objects.order_by("pk"):
        secrets = house.words.found_in(f"{mail.subject} {mail.text} {mail.html}")
        for secret in knowledge.foreign(reader_of(mail, cast), secrets):
            found.append(f"{mail.kind} to {reader_of(mail, cast)}: {secret}")
    assert found == []


def reader_of(mail: OutboxMail, cast: dict[str, Visitor]) -> Visitor:
    """Whom a mail goes to; who is not of the cast may know what everybody knows."""
    persons = {str(item.person.actor_id): item for item in cast.values() if item.person is not None}
    return persons.get(mail.person_id, Visitor(mail.recipient, "nobody"))


def test_mails_do_carry_words(house: House):
    """The control of the mails: they are not simply empty of what could be found."""
    texts = " ".join(OutboxMail.objects.order_by("pk").values_list("text", flat=True))
    assert {secret.kind for secret in house.words.found_in(texts)} != set()


# Controls: each leaks, and must be found.


def test_a_list_that_forgets_who_may_see_would_be_found(
    house: House,
    cast: dict[str, Visitor],
    browsers: dict[str, Client],
    knowledge: Knowledge,
    monkeypatch: pytest.MonkeyPatch,
):
    asked = Asked(house, browsers["tied_officer"], cast["tied_officer"], named()["officer:dossiers"], Spot())
    assert leaks(knowledge, [visit(asked)]) == []
    monkeypatch.setattr(DossierQuerySet, "visible_to", lambda rows, _person: rows)
    found = leaks(knowledge, [visit(asked)])
    assert "tied_officer at /en/instruction/dossiers: title of submitted" in found


@page("home.view", methods=["GET"])
def leaking(request: HttpRequest, dossier: Any) -> HttpResponse:
    """A page that prints the title of somebody's draft."""
    return HttpResponse(f"<p>{dossier.title}</p>")


def test_a_page_that_prints_anothers_title_would_be_found(
    house: House, cast: dict[str, Visitor], browsers: dict[str, Client], knowledge: Knowledge
):
    address = Address("public:home", "", "home.view", view=leaking)
    request = RequestFactory().get("/")
    for name, expected in {"beta_editor": ["title of draft"], "alpha_editor": []}.items():
        request.user = cast[name].person
        response = leaking(request, house.cases["draft"].dossier)
        asked = Asked(house, browsers[name], cast[name], address, on(house, "draft"))
        seen = answered(replace(asked, spot=Spot()), response)
        assert [text.rpartition(": ")[2] for text in leaks(knowledge, [seen])] == expected


def test_a_score_shown_before_the_reveal_would_be_found(house: House, cast: dict[str, Visitor], knowledge: Knowledge):
    comment = [item for item in house.words.known.values() if item.kind == "comment" and item.owner == "advised"]
    assert knowledge.foreign(cast["member"], comment) == ["comment of advised"]
    assert knowledge.foreign(cast["second_member"], comment) == []


def test_a_private_note_shown_outside_the_service_would_be_found(
    house: House, cast: dict[str, Visitor], knowledge: Knowledge
):
    notes = [item for item in house.words.known.values() if item.kind == "note" and item.owner == "contracted"]
    readers = {name for name, visitor in cast.items() if knowledge.foreign(visitor, notes) == []}
    assert readers == {"officer", "other_officer", "manager", "auditor", "payer"}
