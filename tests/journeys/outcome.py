"""What a scenario looks at in the end: where its dossiers stand, and that nothing went wrong on the way."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO

from django.core.management import call_command

from demo.delivery import Road
from grants.models import Dossier
from grants.queries import money
from tests.browser.conftest import Window


def dossiers(*roads: Road) -> list[Dossier]:
    """The dossiers of some roads, as they stand now."""
    return [Dossier.objects.get(pk=road.it.pk) for road in roads]


def states(*roads: Road) -> list[str]:
    """Their states."""
    return [dossier.state for dossier in dossiers(*roads)]


def moved(road: Road) -> dict[str, Decimal]:
    """Where the grant of a road stands: the stages that hold money, in euros."""
    return {stage: amount for stage, amount in money.stages(road.it).items() if amount}


def all_is_well(windows: list[Window]) -> None:
    """Every record verifies, and no window saw an error."""
    for command in ("verify_journal", "verify_ledger", "verify_scores"):
        call_command(command, stdout=StringIO())  # exits at the first bad row
    assert [window.faults for window in windows] == [[] for _window in windows]
