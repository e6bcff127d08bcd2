"""`manage.py verify_scores`: recompute every total, mean and count that the ranking keeps."""

from typing import Any

from django.core.management.base import BaseCommand

from selection.queries.verification import first_wrong_row


class Command(BaseCommand):
    help = "Recompute kept scores: exit 0 and a count, or exit 1 and the first bad row."

    def handle(self, *args: Any, **options: Any) -> None:
        count, first_bad = first_wrong_row()
        if first_bad:
            self.stderr.write(first_bad)
            raise SystemExit(1)
        self.stdout.write(f"{count} scorecards and means verified")
