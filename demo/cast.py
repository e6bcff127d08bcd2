"""The people of the demo: one account for each role, and those who act for the communities.

Names are made up. Each role is proposed by one person and confirmed by another, as on the pages.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kit.actors import INSTALLER
from people.actions import accounts, roles
from people.models import Person, Role

PASSWORD = "monte-les-marches"  # noqa: S105 - the demo's accounts are public
"""The password of every demo account, printed by `make run`."""


@dataclass(frozen=True)
class Part:
    """One demo account: its address, name, role and, for a role of the staff, whether it is one of two."""

    address: str
    name: str
    role: Role


STAFF = (
    Part("pilote@demo.example", "Claire Delmas", Role.PROGRAMME_MANAGER),
    Part("secretaire@demo.example", "Nadia Ferran", Role.COMMITTEE_SECRETARY),
    Part("instruction@demo.example", "Hugo Bastide", Role.INSTRUCTING_OFFICER),
    Part("instruction2@demo.example", "Lucie Vidal", Role.INSTRUCTING_OFFICER),
    Part("paiement@demo.example", "Marc Soulié", Role.PAYING_OFFICER),
    Part("conseil@demo.example", "Inès Carrère", Role.ADVISER),
    Part("comite1@demo.example", "Paul Lacaze", Role.COMMITTEE_MEMBER),
    Part("comite2@demo.example", "Sophie Marty", Role.COMMITTEE_MEMBER),
    Part("comite3@demo.example", "Amar Benali", Role.COMMITTEE_MEMBER),
    Part("audit@demo.example", "Jeanne Roques", Role.AUDITOR),
)
ADMINISTRATORS = (
    ("admin@demo.example", "Odile Garrigues"),
    ("admin2@demo.example", "Yves Castan"),
)
APPLICANTS = (
    ("secretariat@demo.example", "Martine Fabre", _("secretary of the commune: prepares the dossier")),
    ("maire@demo.example", "Bernard Puech", _("mayor: signs and files")),
)


@dataclass(frozen=True)
class Cast:
    """The staff of a programme, by what they do."""

    administrator: Person
    other_administrator: Person
    manager: Person
    secretary: Person
    officer: Person
    other_officer: Person
    payer: Person
    adviser: Person
    members: tuple[Person, Person, Person]
    auditor: Person


def administrators() -> tuple[Person, Person]:
    """Two administrators, since a role is proposed by one person and confirmed by another."""
    first, second = (
        accounts.create_administrator(email=address, full_name=name, password=PASSWORD, by=INSTALLER)
        for address, name in ADMINISTRATORS
    )
    return first, second


def appoint(scope: str, administrators: tuple[Person, Person]) -> Cast:
    """Give every part of the staff its role in the programme `scope`, each by two persons."""
    proposer, confirmer = administrators
    people: list[Person] = []
    for part in STAFF:
        by = proposer if part.role == Role.PROGRAMME_MANAGER else people[0]
        assignment = roles.propose_role_by_email(
            email=part.address, full_name=part.name, role=part.role, scope=scope, by=by
        )
        roles.confirm_role(assignment=assignment, by=confirmer)
        person = Person.objects.get(pk=assignment.person_id)
        people.append(with_password(person))
    manager, secretary, officer, other_officer, payer, adviser, *members, auditor = people
    return Cast(
        administrator=proposer,
        other_administrator=confirmer,
        manager=manager,
        secretary=secretary,
        officer=officer,
        other_officer=other_officer,
        payer=payer,
        adviser=adviser,
        members=(members[0], members[1], members[2]),
        auditor=auditor,
    )


def with_password(person: Person) -> Person:
    """The same person, who has set the demo's password."""
    if not person.has_usable_password():
        accounts.set_password(person=person, password=PASSWORD, by=person)
    return Person.objects.get(pk=person.pk)
