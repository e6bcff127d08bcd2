"""Reads about people that several callers share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from people.models import Mandate, Membership, Organisation, Person, Role, RoleAssignment
from people.models.organisations import MandateQuerySet
from people.models.person import PersonQuerySet
from people.models.roles import RoleAssignmentQuerySet
from people.rules import identifiers


def find_person(email: str) -> Person | None:
    """The person with this address, whatever its capitals."""
    return Person.objects.filter(email=email).first()


def find_organisation(identifier: str) -> Organisation | None:
    """The organisation with exactly this SIRET or RNA number, spaces allowed.

    Whoever knows a number may find its organisation, to ask for a mandate or name it a partner; nobody lists them.
    """
    number = identifiers.compact(identifier)
    if identifiers.is_siret(number):
        return Organisation.objects.filter(siret=number).first()
    if identifiers.is_rna(number):
        return Organisation.objects.filter(rna=number).first()
    return None


def holders(role: str, scope: str) -> PersonQuerySet:
    """The active persons who hold `role` in the programme `scope` ("" for administrators)."""
    held = RoleAssignment.objects.live().filter(role=role, scope=scope)
    return Person.objects.filter(is_active=True, pk__in=held.values("person")).order_by("full_name", "pk")


def signatories(organisation: Organisation) -> PersonQuerySet:
    """The active persons who sign for the organisation."""
    held = Mandate.objects.confirmed().filter(organisation=organisation)
    return Person.objects.filter(is_active=True, pk__in=held.values("person")).order_by("full_name", "pk")


def editors(organisation: Organisation) -> PersonQuerySet:
    """The active persons who prepare the organisation's applications."""
    held = Membership.objects.live().filter(organisation=organisation, capacity="editor")
    return Person.objects.filter(is_active=True, pk__in=held.values("person")).order_by("full_name", "pk")


def belonging_to(organisations: Iterable[int] | QuerySet[Any]) -> PersonQuerySet:
    """Whoever is tied to one of the organisations: its members in any capacity, and those who sign for it."""
    members = Membership.objects.live().filter(organisation__in=organisations).order_by().values("person")
    mandated = Mandate.objects.confirmed().filter(organisation__in=organisations).order_by().values("person")
    return Person.objects.filter(Q(pk__in=members) | Q(pk__in=mandated)).order_by("full_name", "pk")


def mandates_to_answer(person: Person) -> MandateQuerySet:
    """The mandates that wait for an answer which `person` may give."""
    if not person.standing.has_role(Role.PROGRAMME_MANAGER):
        return Mandate.objects.none()
    waiting = Mandate.objects.waiting().exclude(requested_by=person).exclude(person=person)
    return waiting.select_related("organisation", "person", "evidence").order_by("requested_at", "pk")


def roles_to_answer(person: Person) -> RoleAssignmentQuerySet:
    """The proposed roles that wait for an answer which `person` may give."""
    if not person.standing.has_role(Role.ADMINISTRATOR):
        return RoleAssignment.objects.none()
    waiting = RoleAssignment.objects.waiting().exclude(proposed_by=person).exclude(person=person)
    return waiting.select_related("person", "proposed_by").order_by("proposed_at", "pk")
