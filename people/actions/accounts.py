"""Accounts: opened by an invitation or at the command line, kept by their owner."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from kit import clock
from kit.actors import Actor
from kit.errors import NotAllowed, Refused
from kit.locks import locked
from people import mails
from people.acting import action
from people.actions import inputs
from people.models import Language, Person, Role, RoleAssignment, standing
from people.permissions import permit
from records.actions import journal


@action("account.use")
def ensure_person(*, email: str, full_name: str, language: str, by: Actor) -> Person:
    """The person with this address; one without account gets one, and a mail that says how to set a password.

    Raises `Refused` for an address or a name that cannot be, and for an account that was closed.
    """
    address = inputs.email(email)
    known = Person.objects.filter(email=address).first()
    if known is None:
        person = _opened(address, full_name, language)
        _journal_opening(person, by)
        mails.invitation(person, by)
        return person
    if not known.is_active:
        raise Refused(_t("The account with this address is closed; choose another address."), field="email")
    return known


@action("account.use")
def edit_account(*, person: Person, full_name: str, language: str, by: Actor) -> Person:
    """Change one's own name and language; nobody changes another's."""
    with locked(person) as person:
        _only_oneself(person, by)
        person.full_name = inputs.line(full_name, "full_name", longest=150)
        person.language = inputs.choice(language, Language.values, "language")
        person.save(update_fields=["full_name", "language"])
        journal.write(by, "account.edited", person, personal={"full_name": person.full_name})
    return person


@action("account.use")
def set_password(*, person: Person, password: str, by: Actor) -> Person:
    """Set one's own password. Raises `Refused` for one that is easy to guess."""
    with locked(person) as person:
        _only_oneself(person, by)
        person.set_password(_strong(password, person))
        person.save(update_fields=["password"])
        journal.write(by, "account.password_set", person)
    return person


@action("administrator.create")
def create_administrator(
    *, email: str, full_name: str, password: str, by: Actor, language: str = Language.FRENCH
) -> Person:
    """An administrator of the site, with a password: a new person, or one who is known already.

    Whoever runs commands on the server stands above the site, so this role alone has no second person; but an
    administrator alone appoints no one: a role needs another person to confirm it.
    Raises `Refused` for a weak password or an address that cannot be.
    """
    address = inputs.email(email)
    person = Person.objects.filter(email=address).first()
    if person is None:
        person = _opened(address, full_name, language, password=_strong(password, Person(email=address)))
        _journal_opening(person, by)
    else:
        with locked(person) as person:
            person.is_active = True
            person.set_password(_strong(password, person))
            person.save(update_fields=["is_active", "password"])
    held = RoleAssignment.objects.filter(person=person, role=Role.ADMINISTRATOR, ended_at=None)
    if not held.exists():
        now = clock.now()
        assignment = RoleAssignment.objects.create(
            person=person, role=Role.ADMINISTRATOR, scope="", proposed_at=now, confirmed_at=now
        )
        standing.changed()
        journal.write(by, "administrator.created", assignment, personal={"email": address}, person=person.actor_id)
    return person


def _opened(address: str, full_name: str, language: str, password: str | None = None) -> Person:
    name = inputs.line(full_name, "full_name", longest=150)
    tongue = inputs.choice(language, Language.values, "language")
    try:
        with transaction.atomic():
            return Person.objects.create_user(address, password, full_name=name, language=tongue)
    except IntegrityError:
        # Opened by someone else since we looked: the same account.
        return Person.objects.get(email=address)


def _journal_opening(person: Person, by: Actor) -> None:
    personal = {"full_name": person.full_name, "email": person.email}
    journal.write(by, "account.opened", person, personal=personal, person=person.actor_id)


def _only_oneself(person: Person, by: Actor) -> None:
    permit(by, "account.use", person)
    if by.actor_id != person.actor_id:
        raise NotAllowed


def _strong(password: str, person: Person) -> str:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="password") from error
    return password
