"""Who in the instructing service is in charge of a dossier.

`Dossier.officer` keeps whom it was given to; in charge is only who may still act on it. Whoever has lost the role, has
left, or has become tied to the dossier is in charge of nothing, and the dossier is back in the pool without any act.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

from django.db.models import OuterRef, Q, Subquery

from grants.models import Dossier
from grants.models.dossier import DossierQuerySet
from grants.queries import visibility
from people import queries as people
from people.models import Person, Role, RoleAssignment

Rows = TypeVar("Rows", bound=DossierQuerySet)
Officers = Mapping[str, Mapping[int, Person]]
"""Instructing officers by key, of each programme by its code."""


def officers_of(codes: Collection[str]) -> Officers:
    """The active instructing officers of the programmes, by name, in one query."""
    found: dict[str, dict[int, Person]] = {code: {} for code in sorted(codes)}
    held = RoleAssignment.objects.live().filter(role=Role.INSTRUCTING_OFFICER, scope__in=codes, person__is_active=True)
    for role in held.select_related("person").order_by("person__full_name", "person_id"):
        found[role.scope][role.person_id] = role.person
    return found


def in_charge(dossier: Dossier) -> Person | None:
    """The officer in charge of the dossier, if any may still act on it."""
    officer = dossier.officer
    if officer is None or why_not(officer, dossier):
        return None
    return officer


def why_not(officer: Person, dossier: Dossier) -> str:
    """Why the dossier cannot be in the person's charge, as a word: `role`, `tie`, or empty when it can."""
    if not officer.is_active or not officer.standing.has_role(Role.INSTRUCTING_OFFICER, dossier.programme_code):
        return "role"
    return "tie" if visibility.is_tied(officer, dossier) else ""


def holders(dossier: Dossier, role: str) -> Iterable[Person]:
    """Whom a mail to the holders of `role` goes to; to the officer in charge alone, where there is one."""
    officer = in_charge(dossier) if role == Role.INSTRUCTING_OFFICER else None
    return [officer] if officer is not None else people.holders(role, dossier.programme_code)


def with_officer(rows: Rows) -> Rows:
    """The rows, each with the name of its officer as `officer_name`; none for one without the role."""
    held = RoleAssignment.objects.live().filter(
        role=Role.INSTRUCTING_OFFICER,
        scope=OuterRef("programme__code"),
        person=OuterRef("officer"),
        person__is_active=True,
    )
    return rows.annotate(officer_name=Subquery(held.order_by().values("person__full_name")[:1]))


def of_nobody(keys: Mapping[str, int], officers: Officers) -> Q:
    """The dossiers without officer in charge; `keys` are those of the programmes, by code."""
    found = Q(officer=None)
    for code, key in sorted(keys.items()):
        found |= Q(programme=key, officer__isnull=False) & ~Q(officer__in=sorted(officers.get(code, {})))
    return found


def of_officer(person_id: int, keys: Mapping[str, int], officers: Officers) -> Q:
    """The dossiers in the charge of the person: of the programmes in which they are still an officer."""
    there = sorted(key for code, key in keys.items() if person_id in officers.get(code, {}))
    return Q(officer=person_id, programme__in=there)
