"""Load the two programmes of the demo, through the real acts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation

from demo import alive, prai
from demo.cast import administrators
from demo.story import paris
from kit import clock
from programmes.models import Programme


class Command(BaseCommand):
    help = "Load the demo: the PRAI Midi-Pyrénées of 2006-2008 replayed, and a programme that is running today."

    def handle(self, *args: Any, **options: Any) -> None:
        if Programme.objects.filter(code__in=[prai.CODE, alive.CODE]).exists():
            raise CommandError("The demo is loaded already. Start over with: make demo-reset")
        with transaction.atomic(), translation.override("fr"):
            with clock.at(paris(2006, 1, 2)):
                people = administrators()
            prai.load(people)
            alive.load(people)
        self.stdout.write(f"Loaded {prai.CODE} and {alive.CODE}.")
