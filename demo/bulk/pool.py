"""The applicants of the synthetic dossiers: real communities, each with one invented person who acts for it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password

from demo.bulk.pattern import Copy, Pattern, write_rows
from demo.bulk.register import SYNTHETIC, Community, drawn
from demo.bulk.stage import DOMAIN, Stage
from people.acting import exempt_bulk_write
from people.actions import accounts, mandates, organisations
from people.models import Mandate, Membership, Organisation, Person
from records.actions.bulk import write_many
from records.queries import journal

TOGETHER = 250
"""Applicants written in one transaction: the site's own journal waits meanwhile."""


@dataclass(frozen=True)
class Applicant:
    """A community and its secretary, who prepares, signs and files."""

    organisation: Organisation
    person: Person


class Pool:
    """Communities of the register in an order that `dice` decides, registered here when they are first asked for."""

    def __init__(self, stage: Stage, dice: Random) -> None:
        self.stage = stage
        self.password = make_password(None)
        self.known: list[Applicant] = []
        self._drawn = drawn(dice)
        self._pattern: Pattern | None = None

    def take(self, count: int) -> list[Applicant]:
        """The first `count` applicants of the pool; fewer where the register has no more."""
        while len(self.known) < count:
            wanted = [
                item for item, _n in zip(self._drawn, range(min(TOGETHER, count - len(self.known))), strict=False)
            ]
            if not wanted:
                break
            self.known += self._found(wanted)
        return self.known[:count]

    def _found(self, wanted: list[Community]) -> list[Applicant]:
        """The applicants of these communities: those that an earlier making left, and new ones."""
        sirets = [community.siret for community in wanted]
        registered = set(Organisation.objects.filter(siret__in=sirets).values_list("siret", flat=True))
        found = self._left_by_an_earlier_making(sirets)
        fresh = [community for community in wanted if community.siret not in registered]
        if fresh and self._pattern is None:
            found.append(self._first(fresh.pop(0)))
        if fresh:
            found += self._copied(fresh)
        place = {siret: number for number, siret in enumerate(sirets)}
        return sorted(found, key=lambda applicant: place[applicant.organisation.siret or ""])

    def _left_by_an_earlier_making(self, sirets: list[str]) -> list[Applicant]:
        mandated = Mandate.objects.confirmed().filter(
            organisation__siret__in=sirets, person__email__endswith=f"@{DOMAIN}", person__is_active=True
        )
        rows = mandated.select_related("organisation", "person").order_by("organisation__siret")
        return [Applicant(row.organisation, row.person) for row in rows]

    def _first(self, community: Community) -> Applicant:
        """The applicant that the others are copies of, registered by the real acts."""
        manager, chain = self.stage.cast.manager, Organisation().journal_chain
        with self.stage.at(-1310):
            person = accounts.ensure_person(**_account(community), by=manager)
            organisation = organisations.register_organisation(
                kind=community.kind, name=community.name, siret=community.siret, **_place(community), by=person
            )
            mandate = mandates.request_mandate(organisation=organisation, function="Représentation légale", by=person)
            mandates.confirm_mandate(mandate=mandate, by=manager)
        tables: list[tuple[Any, list[Any]]] = [
            (Person, [Person.objects.get(pk=person.pk)]),
            (Organisation, [organisation]),
            (Membership, list(organisation.memberships.order_by("pk"))),
            (Mandate, list(organisation.mandates.order_by("pk"))),
        ]
        entries = journal.entries(chain).filter(subject__in=[person.journal_label, organisation.journal_label])
        words = {word: name for name, word in _words(community, person, organisation).items()}
        special: dict[str, Any] = {f"people.Organisation.{name}": _value(name) for name in ("kind", *_place(community))}
        special |= {"kind": _value("kind"), "people.Person.password": _value("password")}
        self._pattern = Pattern(words, tables, entries, special=special, shared={})
        return Applicant(organisation, Person.objects.get(pk=person.pk))

    def _copied(self, communities: list[Community]) -> list[Applicant]:
        assert self._pattern is not None, "the first applicant is registered by the real acts"
        copies = [self._copy(community) for community in communities]
        with exempt_bulk_write():
            for model, rows in self._pattern.rows.items():
                write_rows(((row, copy) for copy in copies for row in rows), model)
            applicants = _applicants(copies)
            for copy, community, applicant in zip(copies, communities, applicants, strict=True):
                copy.words |= _words(community, applicant.person, applicant.organisation)
            write_many([act for copy in copies for act in self._pattern.acts(copy)])
        return applicants

    def _copy(self, community: Community) -> Copy:
        account = _account(community)
        words = {"name": community.name, "siret": community.siret, "email": account["email"]}
        words["full_name"] = account["full_name"]
        return Copy(words, {**_place(community), "kind": community.kind, "password": self.password})


def _account(community: Community) -> dict[str, str]:
    return {
        "email": f"mairie.{community.siret}@{DOMAIN}",
        "full_name": f"Secrétariat ({community.name})"[:150],
        "language": "fr",
    }


def _place(community: Community) -> dict[str, Any]:
    return {
        "insee": community.insee,
        "department": community.department,
        "region": community.region,
        "street": f"Établissement fictif (NIC {SYNTHETIC}…)",
        "postal_code": community.postal_code,
        "city": community.city[:100],
    }


def _words(community: Community, person: Person, organisation: Organisation) -> dict[str, str]:
    """What each applicant says in its own way."""
    return {
        "name": community.name,
        "siret": community.siret,
        "email": person.email,
        "full_name": person.full_name,
        "actor": person.actor_id,
        "subject": organisation.journal_label,
    }


def _value(name: str) -> Any:
    return lambda copy, _key: copy.values[name]


def _applicants(copies: list[Copy]) -> list[Applicant]:
    keys = [{model: key for (model, _row), key in copy.keys.items()} for copy in copies]
    organisations_of = Organisation.objects.in_bulk([key[Organisation] for key in keys])
    people = Person.objects.in_bulk([key[Person] for key in keys])
    return [Applicant(organisations_of[key[Organisation]], people[key[Person]]) for key in keys]
