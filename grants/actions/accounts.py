"""Opening the ledger accounts of a dossier, when money first reaches their stage."""

from __future__ import annotations

from grants.models import Dossier
from grants.rules import accounts
from records.actions import ledger
from records.models import Account


def account(stage: str, dossier: Dossier) -> Account:
    """The dossier's account at `stage`, opened if it is new; part of the act that moves money."""
    return ledger.open_account(accounts.code(stage, dossier), stage)
