"""`manage.py dump_programme CODE [--out FILE]`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from programmes.models import Programme
from programmes.rules.programme_writing import written
from selection.queries.programme_file import as_file


class Command(BaseCommand):
    help = "Write a programme as the file that makes it: see docs/programme-file.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="code of the programme, such as PRAI-MP")
        parser.add_argument("--out", type=Path, help="file to write instead of the standard output")

    def handle(self, **options: Any) -> None:
        programme = Programme.objects.filter(code=options["code"]).first()
        if programme is None:
            raise CommandError(f"There is no programme {options['code']}.")
        text = written(as_file(programme))
        if options["out"] is None:
            self.stdout.write(text, ending="")
        else:
            options["out"].write_text(text, encoding="utf-8", newline="\n")
