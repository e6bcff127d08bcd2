"""Until when a beneficiary may contest what was rejected."""

from __future__ import annotations

from datetime import datetime

from grants.queries.deadlines import last_day
from kit.clock import PARIS
from monitoring.models import Claim
from programmes.rules import deadlines

__all__ = ["contest_ends_at", "last_day"]


def contest_ends_at(claim: Claim) -> datetime | None:
    """The instant from which a contest of the claim's certificate comes too late; None before there is one."""
    if claim.certified_at is None:
        return None
    certified_on = claim.certified_at.astimezone(PARIS).date()
    return deadlines.end_of_period(certified_on, claim.dossier.call.contest_days)
