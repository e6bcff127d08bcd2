"""A small town's cast: persons who hold what their names say, set up by the real actions."""

from datetime import UTC, datetime

import pytest

from kit import clock
from kit.actors import INSTALLER
from people.actions import accounts, mandates, organisations, roles
from people.models import Mandate, Organisation, Person, RoleAssignment
from people.permissions import check
from records.models import JournalEntry, OutboxMail

SIRET = "23350001600040"
PASSWORD = "correct-horse-battery-42"
LONG_AGO = datetime(2007, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """The floors above bind their relations and ties at start; here each test binds its own."""
    monkeypatch.setattr(check, "_relations", {})
    monkeypatch.setattr(check, "_ties", [])


@pytest.fixture
def person(db):
    """Make a person without any role."""

    def make(name: str, language: str = "en") -> Person:
        return Person.objects.create_user(f"{name.lower()}@example.org", PASSWORD, full_name=name, language=language)

    return make


@pytest.fixture
def administrator(db) -> Person:
    return accounts.create_administrator(
        email="ada@example.org", full_name="Ada", password=PASSWORD, language="en", by=INSTALLER
    )


@pytest.fixture
def second_administrator(db) -> Person:
    return accounts.create_administrator(
        email="bea@example.org", full_name="Bea", password=PASSWORD, language="en", by=INSTALLER
    )


@pytest.fixture
def manager(person, administrator, second_administrator) -> Person:
    """The manager of the programme P1."""
    manager = person("Manager")
    proposed = roles.propose_role(person=manager, role="programme_manager", scope="P1", by=administrator)
    roles.confirm_role(assignment=proposed, by=second_administrator)
    return manager


@pytest.fixture
def give(manager, administrator):
    """Give a person a role in P1, by its manager and an administrator."""

    def give(person: Person, role: str) -> RoleAssignment:
        proposed = roles.propose_role(person=person, role=role, scope="P1", by=manager)
        return roles.confirm_role(assignment=proposed, by=administrator)

    return give


@pytest.fixture
def editor(person) -> Person:
    return person("Editor")


@pytest.fixture
def town(editor) -> Organisation:
    """A commune that Editor registered."""
    return organisations.register_organisation(kind="commune", name="Catus", siret=SIRET, by=editor)


@pytest.fixture
def mayor(person, town, manager) -> Person:
    """The signatory of the town."""
    mayor = person("Mayor")
    mandates.confirm_mandate(mandate=asked_by(mayor, town), by=manager)
    return mayor


def asked_by(person: Person, organisation: Organisation) -> Mandate:
    """A mandate asked for in a replay, where no deed is at hand."""
    with clock.at(LONG_AGO):
        return mandates.request_mandate(organisation=organisation, function="Mayor", by=person)


def acts(chain: str) -> list[str]:
    """The acts of a journal chain, in order."""
    return list(JournalEntry.objects.filter(chain=chain).order_by("seq").values_list("act", flat=True))


def mails(person: Person) -> list[str]:
    """The kinds of the mails queued for a person, in order."""
    return list(OutboxMail.objects.filter(person_id=person.actor_id).order_by("pk").values_list("kind", flat=True))
