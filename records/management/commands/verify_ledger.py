"""`manage.py verify_ledger`: every balance recomputed from the transfers."""

from typing import Any

from django.core.management.base import BaseCommand

from records.queries import ledger


class Command(BaseCommand):
    help = "Recompute the ledger. Prints a count and exits 0, or names the first bad account or row and exits 1."

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = ledger.verify()
        if not verdict.sound:
            self.stderr.write(str(verdict.first_bad))
            raise SystemExit(1)
        self.stdout.write(f"{verdict.count} transfers verified")
