"""Which dossiers a person may open: the page of permissions (`dossier.view`), as one condition on the table.

Who stands in which relation is asked once, in sub-queries, so that the number of queries and of rows read does not
depend on how many dossiers there are; nothing is joined, so nothing comes twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q

from grants.models import Capacity, Dossier, Participation, Partner, PartnerState
from grants.models.dossier import DossierQuerySet, OfDossierQuerySet
from kit.related import is_read
from people.models import Organisation, Person
from people.models.person import PersonQuerySet
from people.permissions.table import (
    ALWAYS,
    APPLICANT_ROLES,
    ASSIGNED,
    OWN,
    OWN_MISSION,
    PARTNER,
    PROGRAMME,
    RULES_OF,
    SAMPLED,
    SIGNATORY,
    Rule,
)
from people.queries import belonging_to
from programmes.models import Programme

Rows = TypeVar("Rows", bound=DossierQuerySet)

TYING_PARTNERS = (PartnerState.INVITED, PartnerState.CONFIRMED)
"""A partner that declined has nothing to do with the dossier any more."""

CAPACITIES = {ASSIGNED: Capacity.ASSESSOR, OWN_MISSION: Capacity.ADVISER, SAMPLED: Capacity.CONTROLLER}
NOTHING = Q(pk__in=[])
OPENED = Q(opened=True)
"""An assessor reads nothing before the conflict question is answered with no."""


def visible_dossiers(queryset: Rows, person: Person | None) -> Rows:
    """The rows of `queryset` that `person` may open."""
    return queryset.filter(visible(person))


def visible(person: Person | None) -> Q:
    """The dossiers that `person` may open. A tie to the applicant or a partner beats every staff role."""
    if person is None or not person.is_authenticated or not person.is_active:
        return NOTHING
    rules = RULES_OF["dossier.view"]
    seen = _as_applicant(person, rules)
    staff = _as_staff(person, rules)
    if staff is not None:
        seen = _either(seen, staff & ~tied(person) if person.standing.organisations else staff)
    return NOTHING if seen is None else seen


def tied(person: Person) -> Q:
    """Dossiers to whose applicant or partner the person belongs, in any capacity, or for which they sign."""
    organisations = person.standing.organisations
    return Q(applicant__in=organisations) | Q(pk__in=shared_by(organisations))


def shared_by(organisations: Iterable[int]) -> Any:
    """The keys of dossiers in which one of the organisations is a partner, asked or confirmed."""
    found = Partner.objects.filter(organisation__in=organisations, state__in=TYING_PARTNERS)
    return found.order_by().values("dossier")


def is_tied(person: Person, dossier: object) -> bool:
    """Whether `person` is tied to the applicant or a partner of the dossier (bound to the permission page)."""
    organisations = person.standing.organisations
    if not isinstance(dossier, Dossier) or not organisations:
        return False
    return dossier.applicant_id in organisations or _is_partner(dossier, organisations)


def find_for(rows: Rows, person: Person) -> Rows:
    """The rows, each with whether one of the person's organisations is its partner; see `remember_strangers`."""
    named = Partner.objects.filter(dossier=OuterRef("pk"), state__in=TYING_PARTNERS)
    return rows.annotate(names_viewer=Exists(named.filter(organisation__in=person.standing.organisations)))


def remember_strangers(dossier: Dossier, person: Person) -> None:
    """Keep with a row of `find_for` that the person's organisations are no partners: a page asks it many times."""
    if not dossier.names_viewer:  # type: ignore[attr-defined]
        dossier.__dict__["_strangers"] = person.standing.organisations


def tied_to(dossier: Dossier) -> PersonQuerySet:
    """Everyone of whom `is_tied` is true, as a sub-query."""
    partners = Partner.objects.filter(dossier=dossier, state__in=TYING_PARTNERS).order_by().values("organisation")
    tying = Organisation.objects.filter(Q(pk=dossier.applicant_id) | Q(pk__in=partners)).order_by().values("pk")
    return belonging_to(tying)


def is_own(person: Person, obj: object, role: str) -> bool:
    """Whether the person acts in `role` for the applicant of the dossier (bound to the permission page)."""
    return isinstance(obj, Dossier) and obj.applicant_id in _acting(person, role)


def is_partner(person: Person, obj: object, role: str) -> bool:
    """Whether the person acts in `role` for a partner of the dossier (bound to the permission page)."""
    organisations = _acting(person, role)
    return isinstance(obj, Dossier) and bool(organisations) and _is_partner(obj, organisations)


def is_sampled(person: Person, dossier: object, role: str) -> bool:
    """Whether the dossier is in a sample that the person, a controller, checks (bound to the permission page)."""
    return isinstance(dossier, Dossier) and takes_part(person, dossier, Capacity.CONTROLLER)


def has_opened(person: Person, dossier: Dossier) -> bool:
    """Whether the person, an assessor, has answered the conflict question with no, so that the content is open."""
    return takes_part(person, dossier, Capacity.ASSESSOR, opened=True)


def takes_part(person: Person, dossier: Dossier, capacity: Capacity, *, opened: bool | None = None) -> bool:
    """Whether the person has a part in the dossier in this capacity that has not ended."""
    if is_read(dossier, "participations"):
        parts = [part for part in dossier.participations.all() if part.person_id == person.pk]
        live = [part for part in parts if part.capacity == capacity and part.until is None]
        return any(opened in (None, part.opened) for part in live)
    found = _parts_of(person, capacity).filter(dossier=dossier)
    return (found if opened is None else found.filter(opened=opened)).exists()


def _acting(person: Person, role: str) -> frozenset[int]:
    standing = person.standing
    return standing.signatory_of if role == SIGNATORY else standing.editor_of


def _parts_of(person: Person, capacity: Capacity) -> OfDossierQuerySet:
    """The live participations of the person in one capacity."""
    return Participation.objects.filter(person=person, capacity=capacity, until=None)


def _is_partner(dossier: Dossier, organisations: frozenset[int]) -> bool:
    if organisations <= dossier.__dict__.get("_strangers", frozenset()):
        return False
    if is_read(dossier, "partners"):
        partners = dossier.partners.all()
        return any(item.organisation_id in organisations and item.state in TYING_PARTNERS for item in partners)
    return dossier.partners.filter(organisation__in=organisations, state__in=TYING_PARTNERS).exists()


def _as_applicant(person: Person, rules: Iterable[Rule]) -> Q | None:
    found: Q | None = None
    for rule in rules:
        organisations = _acting(person, rule.role) if rule.role in APPLICANT_ROLES else frozenset()
        if organisations and rule.relation == OWN:
            found = _either(found, Q(applicant__in=organisations) & _in(rule.states))
        elif organisations and rule.relation == PARTNER:
            found = _either(found, Q(pk__in=shared_by(organisations)) & _in(rule.states))
    return found


def _as_staff(person: Person, rules: Iterable[Rule]) -> Q | None:
    found: Q | None = None
    states_of: dict[int, set[str]] = defaultdict(set)
    for rule in rules:
        scopes = person.standing.scopes_of(rule.role)
        if not scopes or rule.role in APPLICANT_ROLES:
            continue
        programmes = {pk for code, pk in programme_keys(person).items() if code in scopes}
        if rule.relation == PROGRAMME:
            for programme in programmes:
                states_of[programme] |= rule.states or ALWAYS
        elif rule.relation in CAPACITIES and programmes:
            part = _parts_of(person, CAPACITIES[rule.relation])
            if rule.relation == ASSIGNED:
                part = part.filter(OPENED)
            here = Q(programme__in=programmes, pk__in=part.order_by().values("dossier")) & _in(rule.states)
            found = _either(found, here)
    together: dict[frozenset[str], list[int]] = defaultdict(list)
    for programme, states in states_of.items():
        together[frozenset(states)].append(programme)
    for alike, there in together.items():
        found = _either(found, Q(programme__in=sorted(there)) & _in(alike))
    return found


def programme_keys(person: Person) -> dict[str, int]:
    """The keys, by code, of the programmes in which the person holds a role: read once for a person in memory.

    A list that filters on keys walks its index; one that filters on codes joins the programmes row by row.
    """
    scopes = person.standing.scopes()
    kept: tuple[frozenset[str], dict[str, int]] | None = person.__dict__.get("_programme_keys")
    if kept is None or kept[0] != scopes or len(kept[1]) < len(scopes):
        found = dict(Programme.objects.filter(code__in=scopes).order_by().values_list("code", "pk"))
        kept = person.__dict__["_programme_keys"] = (scopes, found)
    return kept[1]


def _in(states: frozenset[str] | None) -> Q:
    if states is None or states >= ALWAYS:
        return Q()
    # "All but draft" is shorter to say, and to check, than the states that remain.
    absent = ALWAYS - states
    return ~Q(state__in=sorted(absent)) if len(absent) == 1 else Q(state__in=sorted(states))


def _either(first: Q | None, second: Q) -> Q:
    return second if first is None else first | second
