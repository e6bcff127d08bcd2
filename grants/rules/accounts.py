"""The ledger accounts of a dossier: one for each stage of its money, named after its reference."""

from __future__ import annotations

from typing import Protocol

RESERVED = "reserved"
COMMITTED = "committed"
ADVANCED = "advanced"
VERIFIED = "verified"
ORDERED = "ordered"
PAID = "paid"
RECOVERED = "recovered"
STAGES = (RESERVED, COMMITTED, ADVANCED, VERIFIED, ORDERED, PAID, RECOVERED)
"""In the order in which money climbs them; selection reserves, the agreement commits, monitoring does the rest."""


class Referenced(Protocol):
    """A dossier, as far as its accounts go."""

    reference: str


def code(stage: str, dossier: Referenced) -> str:
    """The code of the account on which the dossier's money stands at `stage`.

    Raises `ValueError` for a stage that is none.
    """
    if stage not in STAGES:
        raise ValueError(f"{stage} is no stage of a dossier's money.")
    return f"{stage}:{dossier.reference}"
