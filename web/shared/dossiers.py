"""What every page of a dossier shows: the days of its steps, and the parts that the viewer may read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from grants.lifecycle import State
from grants.models import Dossier
from kit.clock import PARIS

_DATED = {
    State.SUBMITTED: "submitted_at",
    State.ADVISED: "advised_at",
    State.SELECTED: "decided_at",
    State.CONTRACTED: "contracted_at",
    State.SERVICE_FACT_VERIFIED: "verified_at",
    State.PAID: "paid_at",
}
_ENDS = {
    State.INELIGIBLE: "decided_at",
    State.REJECTED: "decided_at",
    State.WITHDRAWN: "ended_at",
    State.CANCELLED: "ended_at",
}


def step_dates(dossier: Dossier) -> dict[str, date]:
    """The day, in Paris, on which each state was reached, as the stairs take them."""
    found = {str(state): getattr(dossier, name) for state, name in _DATED.items()}
    if dossier.granted is None:
        # A decision that gave nothing is no step.
        found.pop(State.SELECTED)
    name = _ENDS.get(State(dossier.state))
    if name:
        found[str(dossier.state)] = getattr(dossier, name)
    return {state: day_of(instant) for state, instant in found.items() if instant is not None}


def day_of(instant: datetime) -> date:
    """The day of an instant, in Paris."""
    return instant.astimezone(PARIS).date()


def paper(document: Any, url: str, note: Any = "") -> dict[str, Any]:
    """A document as `document_list` takes it, downloaded by POST since who read it is logged."""
    kind = "image" if document.media_type.startswith("image/") else "pdf"
    if document.media_type.startswith("text/"):
        kind = "text"
    return {"name": document.label or document.name, "url": url, "post": True, "note": note, "kind": kind}
