"""`manage.py verify_journal`: every chain recomputed."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from records.queries import journal


class Command(BaseCommand):
    help = "Recompute the journal's chains. Prints a count and exits 0, or names the first bad row and exits 1."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--seals",
            metavar="FILE",
            help="a copy of the seals kept elsewhere, as JSON {number: digest}, to compare with",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        outside = {}
        if options["seals"]:
            with open(options["seals"], encoding="utf-8") as file:
                outside = {int(seq): digest for seq, digest in json.load(file).items()}
        verdict = journal.verify(outside)
        if not verdict.sound:
            self.stderr.write(str(verdict.first_bad))
            raise SystemExit(1)
        self.stdout.write(f"{verdict.count} journal entries verified")
