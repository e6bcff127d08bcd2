"""The day on which a filed dossier is deemed rejected, for want of a decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from grants.models import Snapshot
from grants.rules import silence
from kit.clock import PARIS


def deemed_rejected_on(snapshot: Snapshot) -> date:
    """The day that holds for what was filed in `snapshot`: the same whenever it is asked (CRPA, art. R112-5).

    Raises `ValueError` for a dossier that was never filed.
    """
    first = snapshot.dossier.submitted_at
    if first is None:
        raise ValueError(f"{snapshot.dossier.reference} was never filed.")
    return silence.deemed_rejected_on(_day(first), _suspensions(snapshot))


def _suspensions(snapshot: Snapshot) -> Iterator[tuple[date, date]]:
    """The periods in which the service waited for what this filing, or an earlier one, answered."""
    for request in snapshot.dossier.completion_requests.filter(asked_at__lt=snapshot.taken_at).order_by("asked_at"):
        over = request.answered_at or request.cancelled_at or snapshot.taken_at
        yield _day(request.asked_at), _day(min(over, request.due_at))


def _day(instant: datetime) -> date:
    return instant.astimezone(PARIS).date()
