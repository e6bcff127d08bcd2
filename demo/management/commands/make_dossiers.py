"""Make N coherent synthetic dossiers in a programme of their own, to measure and to try the product under load."""

import sys
from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.bulk import Bench
from kit.errors import EscalierError


class Command(BaseCommand):
    help = "Make N coherent synthetic dossiers, in every state, in a fresh programme BENCH-<n>."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("count", type=int, metavar="N", help="how many dossiers")
        parser.add_argument("--seed", type=int, default=1, help="another number draws other dossiers (1)")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the password of the programme's staff from the standard input; without it they have none",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["count"] < 1:
            raise CommandError("Give the number of dossiers, 1 or more.")
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else ""
        began = monotonic()
        try:
            bench = Bench(most=options["count"], seed=options["seed"], password=password)
            bench.add(options["count"])
        except EscalierError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Made {bench.made} dossiers of {len(bench.pool.known)} applicants in {bench.stage.code}, "
            f"in {monotonic() - began:.0f} seconds. Its staff:"
        )
        for person in bench.stage.staff:
            role = person.role_assignments.get(scope=bench.stage.code).get_role_display()
            self.stdout.write(f"  {person.email:44} {role}")
