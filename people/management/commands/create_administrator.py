"""`manage.py create_administrator EMAIL --name NAME [--password-stdin] [--language fr|en]`."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kit.actors import INSTALLER
from kit.errors import EscalierError
from people import queries
from people.actions import accounts


class Command(BaseCommand):
    help = "Make a person an administrator of the site, with a password asked for here or read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address to sign in with")
        parser.add_argument("--name", default="", help="first and last name (asked for when left out)")
        parser.add_argument("--language", default="fr", choices=["fr", "en"], help="language of pages and mails")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from the first line of standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the account, or add the role to the one with this address, and say which."""
        known = queries.find_person(options["email"])
        name = options["name"] or (known.full_name if known else "") or self._asked_name(options["password_stdin"])
        password = self._read_password() if options["password_stdin"] else self._asked_password()
        try:
            person = accounts.create_administrator(
                email=options["email"], full_name=name, password=password, language=options["language"], by=INSTALLER
            )
        except EscalierError as error:
            raise CommandError(f"No administrator was created. {error}") from error
        done = "is now" if known else "was created as"
        self.stdout.write(f"{person.email} {done} an administrator of the site.")

    @staticmethod
    def _read_password() -> str:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise CommandError("Standard input holds no password; write it on its first line.")
        return password

    @staticmethod
    def _asked_password() -> str:
        if not sys.stdin.isatty():
            raise CommandError("There is no terminal to ask for the password; use --password-stdin.")
        password = getpass.getpass("Password: ")
        if not password:
            raise CommandError("The password is empty; give one of at least 12 characters.")
        if getpass.getpass("Password again: ") != password:
            raise CommandError("The two passwords differ; try again.")
        return password

    @staticmethod
    def _asked_name(password_stdin: bool) -> str:
        if password_stdin or not sys.stdin.isatty():
            raise CommandError("Give the person's name with --name.")
        return input("First and last name: ").strip()
