"""Until when the applicant of a dossier may do what is asked, or what is a right."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from grants.lifecycle import State
from grants.models import Dossier
from grants.queries import completion
from kit.clock import PARIS
from programmes.rules import deadlines


def filing_ends_at(dossier: Dossier) -> datetime | None:
    """The instant from which the dossier is filed too late: the call's closing, or the due date of a completion.

    None for a dossier sent back without an open request, which nothing makes.
    """
    if dossier.state == State.RETURNED:
        request = completion.open_request(dossier)
        return None if request is None else request.due_at
    return dossier.call.closes_at


def appeal_ends_at(dossier: Dossier) -> datetime:
    """The instant from which an appeal against the decision comes too late. Raises `ValueError` without decision."""
    if dossier.decided_at is None:
        raise ValueError(f"{dossier.reference} has no decision.")
    return deadlines.end_of_period(dossier.decided_at.astimezone(PARIS).date(), dossier.call.appeal_days)


def last_day(over: datetime) -> date:
    """The last whole day, in Paris, before the instant `over`."""
    return (over - timedelta(seconds=1)).astimezone(PARIS).date()
