"""What of each row stands under its digest, and the key of the chains."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from django.conf import settings

from records.models import JournalEntry, JournalSeal, Transfer
from records.rules.chain import instant


def chain_key() -> bytes:
    """The secret of the chains: `JOURNAL_KEY`, or one derived from `SECRET_KEY` where none is set."""
    given = getattr(settings, "JOURNAL_KEY", "")
    if given:
        return given.encode() if isinstance(given, str) else given
    return hmac.new(settings.SECRET_KEY.encode(), b"escalier.journal", hashlib.sha256).digest()


def entry_content(entry: JournalEntry) -> dict[str, Any]:
    """A journal row, all but its place and digest."""
    return {
        "chain": entry.chain,
        "act": entry.act,
        "subject": entry.subject,
        "actor": entry.actor_id,
        "on_behalf": entry.on_behalf,
        "from": entry.from_state,
        "to": entry.to_state,
        "reason": entry.reason,
        "data": entry.data,
        "personal": entry.personal_digest,
        "occurred_at": instant(entry.occurred_at),
        "recorded_at": instant(entry.recorded_at),
    }


def transfer_content(transfer: Transfer) -> dict[str, Any]:
    """A transfer, all but its place and digest; accounts by their codes, so that renaming one shows."""
    return {
        "debit": transfer.debit.code,
        "credit": transfer.credit.code,
        "kind": transfer.kind,
        "amount": format(transfer.amount, "f"),
        "key": transfer.key,
        "settles": transfer.settles.key if transfer.settles is not None else "",
        "occurred_at": instant(transfer.occurred_at),
        "recorded_at": instant(transfer.recorded_at),
    }


def seal_content(seal: JournalSeal) -> dict[str, Any]:
    """A seal, all but its place and digest."""
    return {"day": seal.day.isoformat(), "heads": seal.heads, "recorded_at": instant(seal.recorded_at)}
