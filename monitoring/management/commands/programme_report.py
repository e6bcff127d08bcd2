"""`manage.py programme_report CODE`: the report on a programme, or on one of its actions, as JSON or HTML."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitoring import documents
from monitoring.queries import programme_report


class Command(BaseCommand):
    help = "Report on a programme: projects, totals, and where declared figures disagree."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="code of the programme, such as PRAI-MP")
        parser.add_argument("--action", help="code of one action, such as 7.4")
        parser.add_argument("--at", type=date.fromisoformat, help="as of the end of this day, such as 2008-12-31")
        parser.add_argument("--lang", choices=("fr", "en"), default="fr", help="language of sentences and labels")
        parser.add_argument("--format", choices=("json", "html"), required=True)
        parser.add_argument("--out", type=Path, help="file to write instead of the standard output")

    def handle(self, **options: Any) -> None:
        language = options["lang"]
        try:
            report = programme_report.build(options["code"], options["action"], options["at"], language)
        except LookupError as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            text = json.dumps(report, ensure_ascii=False, indent=2)
        else:
            text = documents.programme_report(report, language)
        if options["out"] is None:
            self.stdout.write(text)
        else:
            options["out"].write_text(text + "\n", encoding="utf-8")
