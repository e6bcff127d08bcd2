"""`manage.py load_programme FILE [--by EMAIL] [--publish] [--reason TEXT] [--lang fr|en]`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _t

from kit.actors import INSTALLER, SystemActor
from people import queries
from people.models import Person
from programmes.rules.programme_file import ProgrammeFileErrors
from programmes.rules.programme_reading import read
from selection.actions.programme_file import Loaded, load


class Command(BaseCommand):
    help = "Make a programme what its file says, or say everything that is wrong in it and change nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="a programme file (TOML); docs/programme-file.md says what it holds"
        )
        parser.add_argument(
            "--by",
            default="",
            help="e-mail address of who acts, an administrator, then a manager; without it, who installs the product",
        )
        parser.add_argument("--publish", action="store_true", help="also publish the calls that are in preparation")
        parser.add_argument("--reason", default="", help="kept where a call that is open already changes")
        parser.add_argument("--lang", choices=("fr", "en"), default="fr", help="language of the sentences")

    def handle(self, **options: Any) -> None:
        with translation.override(options["lang"]):
            by: Person | SystemActor | None = queries.find_person(options["by"]) if options["by"] else INSTALLER
            if by is None or (isinstance(by, Person) and not by.is_active):
                raise CommandError(_t("Nobody has the address {email}.").format(email=options["by"]))
            try:
                file = read(options["file"].read_text(encoding="utf-8"))
                loaded = load(file, by=by, publish=options["publish"], reason=options["reason"])
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(_t("The file cannot be read: {told}").format(told=error)) from error
            except ProgrammeFileErrors as error:
                told = _t("Nothing was changed. In the file:")
                raise CommandError(f"{told}\n{error}") from error
            self._tell(loaded)

    def _tell(self, loaded: Loaded) -> None:
        for key in loaded.done:
            self.stdout.write(key)
        code = loaded.programme.code
        if loaded.waits_for_manager:
            told = _t(
                "{code} is created. Propose its manager on the page of roles, have the role confirmed by another "
                "administrator, and let the manager load the file again: --by the manager’s address."
            )
        elif loaded.done:
            told = _t("{code} is as the file says.")
        else:
            told = _t("{code} was as the file says already; nothing was changed.")
        self.stdout.write(told.format(code=code))
