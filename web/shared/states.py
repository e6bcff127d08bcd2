"""How a state looks: one tone and one icon for each state of every machine. The words come from the machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """A tone (done, now, wait, bad, hot, or empty for neutral) and the name of an icon."""

    tone: str
    icon: str


NEUTRAL = Look("", "square")
NOW = Look("now", "caret-right-square-fill")
WAIT = Look("wait", "hourglass-split")
DONE = Look("done", "check-square-fill")
BAD = Look("bad", "x-square-fill")
PART = Look("now", "square-half")

_LOOKS = {
    # dossier
    "draft": NEUTRAL,
    "submitted": NOW,
    "returned": WAIT,
    "ineligible": BAD,
    "advised": NOW,
    "selected": DONE,
    "on_reserve": WAIT,
    "rejected": BAD,
    "contracted": DONE,
    "service_fact_verified": DONE,
    "paid": DONE,
    "closed": DONE,
    "withdrawn": BAD,
    "cancelled": BAD,
    # partners
    "invited": WAIT,
    "declined": BAD,
    # calls, meetings
    "announced": WAIT,
    "open": NOW,
    "planned": NEUTRAL,
    "held": NOW,
    # missions, claims, certificates, orders, usage reports, mandates, roles
    "requested": WAIT,
    "proposed": WAIT,
    "waived": DONE,
    "countersigned": DONE,
    "asked": WAIT,
    "under_check": NOW,
    "checked": NOW,
    "certified": DONE,
    "contested": WAIT,
    "issued": WAIT,
    "approved": DONE,
    "superseded": NEUTRAL,
    "ordered": NOW,
    "executed": DONE,
    "refused": BAD,
    "rejected_by_bank": BAD,
    "due": WAIT,
    "filled": NOW,
    "accepted": DONE,
    "confirmed": DONE,
    "ended": NEUTRAL,
    "signed": DONE,
    "partly": PART,
}


def look_of(state: str) -> Look:
    """The look of `state`; a state that nobody has drawn yet is neutral."""
    return _LOOKS.get(state, NEUTRAL)
