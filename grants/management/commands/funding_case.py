"""`manage.py funding_case FILE`: the grant and the payments of a case, by the engine that decides the real ones."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from grants.rules.funding_cases import answer_file
from kit.casefile import CasesRefused

REFUSED = 2
"""The exit status of a file that cannot be answered."""


class Command(BaseCommand):
    help = "Compute the grant and the payments of a funding case (JSON), or of a list of cases; print JSON."
    # The engine needs neither database nor configuration: a case is answered on a machine that has none.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the case file; - reads standard input")

    def handle(self, *, file: str, **options: Any) -> None:
        """Print the answer, or one line for each fault on standard error with exit status 2."""
        try:
            raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
            answer = answer_file(raw)
        except OSError as error:
            self._refuse([f"{file}: cannot be read: {error.strerror or error}"])
        except CasesRefused as refused:
            self._refuse(refused.lines)
        self.stdout.write(json.dumps(answer, indent=1))

    def _refuse(self, lines: Iterable[str]) -> NoReturn:
        for line in lines:
            self.stderr.write(line)
        raise SystemExit(REFUSED)
