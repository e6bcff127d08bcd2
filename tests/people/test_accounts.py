"""Accounts: one for each address, kept by their owner; administrators come from the command line."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from kit.actors import INSTALLER
from kit.errors import NotAllowed, Refused
from people import queries
from people.actions import accounts
from people.models import Person, RoleAssignment
from tests.people.conftest import PASSWORD, acts, mails


def create(monkeypatch, *arguments: str, stdin: str = f"{PASSWORD}\n") -> str:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    call_command("create_administrator", *arguments, stdout=out)
    return out.getvalue()


def test_an_address_has_one_account_whatever_its_capitals(person):
    anne = person("Anne")
    assert Person.objects.get_by_natural_key("ANNE@example.org") == anne
    assert queries.find_person(" Anne@Example.org ") == anne
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create_user("ANNE@EXAMPLE.ORG", full_name="Anne")
    assert Person(email="B@Example.org").email == "B@Example.org"
    assert Person.objects.create_user("B@Example.org", full_name="B").email == "b@example.org"


def test_who_is_invited_twice_has_one_account_and_one_mail(editor):
    first = accounts.ensure_person(email="new@example.org", full_name="New", language="fr", by=editor)
    again = accounts.ensure_person(email="NEW@example.org", full_name="Other", language="en", by=editor)
    assert (first, again.full_name) == (again, "New")
    assert mails(first) == ["account.opened"]


@pytest.mark.parametrize(
    ("given", "at_fault"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "a@example.org\r\nBcc: b@example.org"}, "email"),
        ({"full_name": ""}, "full_name"),
        ({"language": "de"}, "language"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_its_field(editor, given, at_fault):
    with pytest.raises(Refused) as refusal:
        accounts.ensure_person(**{"email": "a@example.org", "full_name": "A", "language": "fr", **given}, by=editor)
    assert refusal.value.field == at_fault
    assert Person.objects.count() == 1


def test_a_closed_account_is_not_opened_by_an_invitation(editor, person):
    closed = person("Closed")
    Person.objects.filter(pk=closed.pk).update(is_active=False)
    with pytest.raises(Refused):
        accounts.ensure_person(email=closed.email, full_name="Closed", language="fr", by=editor)


def test_one_changes_one_s_own_name_language_and_password_alone(editor, person):
    accounts.edit_account(person=editor, full_name="Édith", language="fr", by=editor)
    accounts.set_password(person=editor, password="another-horse-battery-43", by=editor)
    changed = Person.objects.get(pk=editor.pk)
    assert (changed.full_name, changed.language) == ("Édith", "fr")
    assert changed.check_password("another-horse-battery-43")
    other = person("Other")
    with pytest.raises(NotAllowed):
        accounts.edit_account(person=editor, full_name="Mine", language="fr", by=other)
    with pytest.raises(NotAllowed):
        accounts.set_password(person=editor, password="another-horse-battery-44", by=other)


def test_the_command_creates_an_administrator(db, monkeypatch):
    said = create(monkeypatch, "ada@example.org", "--name", "Ada Martin", "--password-stdin")
    ada = Person.objects.get()
    assert said == "ada@example.org was created as an administrator of the site.\n"
    assert (ada.full_name, ada.check_password(PASSWORD)) == ("Ada Martin", True)
    assert ada.standing.roles == {("administrator", "")}
    assert acts("site") == ["account.opened", "administrator.created"]


def test_the_command_makes_a_known_person_an_administrator_once(editor, monkeypatch):
    for _time in range(2):
        said = create(monkeypatch, editor.email, "--password-stdin")
    assert said == "editor@example.org is now an administrator of the site.\n"
    assert RoleAssignment.objects.filter(person=editor).count() == 1


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (["ada@example.org", "--name", "Ada", "--password-stdin"], "short\n", "No administrator was created"),
        (["ada@example.org", "--name", "Ada", "--password-stdin"], "123456789012\n", "No administrator was created"),
        (["ada@example.org", "--name", "Ada", "--password-stdin"], "", "holds no password"),
        (["ada@example.org", "--password-stdin"], f"{PASSWORD}\n", "--name"),
        (["ada@example.org", "--name", "Ada"], "", "--password-stdin"),
        (["ada", "--name", "Ada", "--password-stdin"], f"{PASSWORD}\n", "No administrator was created"),
    ],
)
def test_the_command_says_what_is_missing_and_creates_nobody(db, monkeypatch, arguments, stdin, says):
    with pytest.raises(CommandError, match=says):
        create(monkeypatch, *arguments, stdin=stdin)
    assert Person.objects.count() == 0


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_at_a_terminal_the_command_asks_twice(db, monkeypatch):
    answers = iter([PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    monkeypatch.setattr("builtins.input", lambda prompt: "Ada")
    monkeypatch.setattr("sys.stdin", Terminal())
    call_command("create_administrator", "ada@example.org", stdout=io.StringIO())
    assert Person.objects.get().full_name == "Ada"


@pytest.mark.parametrize("answers", [["", ""], [PASSWORD, "something-else-entirely"]])
def test_at_a_terminal_two_passwords_that_differ_create_nobody(db, monkeypatch, answers):
    given = iter(answers)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(given))
    monkeypatch.setattr("sys.stdin", Terminal())
    with pytest.raises(CommandError, match=r"differ|empty"):
        call_command("create_administrator", "ada@example.org", "--name", "Ada", stdout=io.StringIO())
    assert Person.objects.count() == 0


def test_no_person_makes_an_administrator(administrator):
    with pytest.raises(NotAllowed):
        accounts.create_administrator(
            email="b@example.org", full_name="B", password=PASSWORD, language="fr", by=administrator
        )
    assert accounts.create_administrator(
        email="b@example.org", full_name="B", password=PASSWORD, language="fr", by=INSTALLER
    ).is_staff
