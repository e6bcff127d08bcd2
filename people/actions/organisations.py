"""Organisations and their members."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, Refused
from kit.locks import locked
from people import mails
from people.acting import action, as_person
from people.actions import accounts, inputs
from people.models import Capacity, Language, Membership, Organisation, OrganisationKind, standing
from people.permissions import permit
from people.register import places
from people.rules import identifiers
from records.actions import journal

# The longest text of each part of an address, in characters.
ADDRESS = {"insee": 5, "department": 3, "region": 2, "street": 200, "postal_code": 5, "city": 100}


@action("organisation.register")
def register_organisation(
    *,
    kind: str,
    name: str,
    by: Actor,
    siret: str = "",
    rna: str = "",
    identifier_unknown: bool = False,
    insee: str = "",
    department: str = "",
    region: str = "",
    street: str = "",
    postal_code: str = "",
    city: str = "",
) -> Organisation:
    """Make an organisation known by its SIRET (or RNA, for an association); who registers it becomes its editor.

    Raises `Refused` for a number that is wrong, missing or registered already, and for a département that is not that
    of the commune; a département or région that follows from the commune is filled in. `identifier_unknown` is for a
    replay of history, where no source gives the number.
    """
    permit(by, "organisation.register")
    person = as_person(by)
    inputs.choice(kind, OrganisationKind.values, "kind")
    typed = {
        "insee": insee,
        "department": department,
        "region": region,
        "street": street,
        "postal_code": postal_code,
        "city": city,
    }
    address = {field: inputs.line(text, field, longest=ADDRESS[field], needed=False) for field, text in typed.items()}
    address = places.agreed(address)
    numbers = _identifiers(kind, siret, rna, unknown=identifier_unknown)
    organisation = Organisation(
        kind=kind,
        name=inputs.line(name, "name", longest=200),
        identifier_unknown=identifier_unknown,
        **numbers,
        **address,
    )
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError as error:
        raise registered_already("siret" if numbers["siret"] else "rna") from error
    Membership.objects.create(organisation=organisation, person=person, capacity=Capacity.EDITOR)
    standing.changed()
    journal.write(
        by,
        "organisation.registered",
        organisation,
        kind=kind,
        name=organisation.name,
        siret=numbers["siret"] or "",
        rna=numbers["rna"] or "",
    )
    return organisation


@action("organisation.invite")
def invite_member(
    *,
    organisation: Organisation,
    email: str,
    capacity: str,
    by: Actor,
    full_name: str = "",
    language: str = Language.FRENCH,
) -> Membership:
    """Add a person to the organisation by their address, opening an account when they have none.

    Raises `Refused` when they have this capacity already; a new account needs `full_name`.
    """
    with locked(organisation) as organisation:
        permit(by, "organisation.invite", organisation)
        inputs.choice(capacity, Capacity.values, "capacity")
        person = accounts.ensure_person(email=email, full_name=full_name, language=language, by=by)
        if Membership.objects.live().filter(organisation=organisation, person=person, capacity=capacity).exists():
            raise Refused(_t("This person is a member in this capacity already."), field="email")
        membership = Membership.objects.create(organisation=organisation, person=person, capacity=capacity)
        standing.changed()
        journal.write(
            by,
            "organisation.member_added",
            organisation,
            on_behalf=organisation.name,
            personal={"person": person.full_name},
            person=person.actor_id,
            capacity=capacity,
        )
        mails.member_added(membership, by)
    return membership


@action("organisation.invite")
def end_membership(*, membership: Membership, by: Actor) -> Membership:
    """End a membership at once. Raises `Conflict` when it has ended already."""
    with locked(membership.organisation, membership) as (organisation, membership):
        permit(by, "organisation.invite", organisation)
        if membership.until is not None:
            raise Conflict
        membership.until = max(clock.today(), membership.since)
        membership.save(update_fields=["until"])
        standing.changed()
        journal.write(
            by,
            "organisation.member_removed",
            organisation,
            on_behalf=organisation.name,
            person=f"person:{membership.person_id}",
            capacity=membership.capacity,
        )
    return membership


def _identifiers(kind: str, siret: str, rna: str, *, unknown: bool) -> dict[str, str | None]:
    """The numbers to keep, checked. Raises `Refused`, naming the field."""
    numbers = {"siret": identifiers.compact(siret) or None, "rna": identifiers.compact(rna) or None}
    if unknown:
        if not clock.replaying() or any(numbers.values()):
            raise Refused(_t("Give the SIRET of the organisation."), field="siret")
        return numbers
    if numbers["siret"] and not identifiers.is_siret(numbers["siret"]):
        raise Refused(_t("This is not a SIRET: it has 14 digits, and the last one is a key that checks them."), "siret")
    if numbers["rna"] and kind != OrganisationKind.ASSOCIATION:
        raise Refused(_t("Only an association has an RNA number; give the SIRET."), field="rna")
    if numbers["rna"] and not identifiers.is_rna(numbers["rna"]):
        raise Refused(_t("This is not an RNA number: it is a W and nine digits."), field="rna")
    if not any(numbers.values()):
        if kind == OrganisationKind.ASSOCIATION:
            raise Refused(_t("Give the SIRET of the association, or its RNA number."), field="siret")
        raise Refused(_t("Give the SIRET of the organisation."), field="siret")
    for field, number in numbers.items():
        if number and Organisation.objects.filter(**{field: number}).exists():
            raise registered_already(field)
    return numbers


def registered_already(field: str) -> Refused:
    """Why an organisation is not registered a second time, beside the field of its number."""
    return Refused(
        _t("This organisation is registered already; ask one of its signatories for an invitation."), field=field
    )
