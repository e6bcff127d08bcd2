"""Reading the ledger, and proving it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from records.models import Account, Transfer
from records.queries.contents import chain_key, transfer_content
from records.queries.seals import SealedHeads, sealed_heads
from records.rules.chain import Verdict, chained


def balance(code: str) -> Decimal:
    """The kept balance of an account in euros; zero for one that was never opened."""
    found = Account.objects.filter(code=code).values_list("balance", flat=True).first()
    return Decimal("0.00") if found is None else found


def transfers(code: str) -> QuerySet[Transfer]:
    """What went out of and into an account, in the order it was recorded."""
    either = Q(debit__code=code) | Q(credit__code=code)
    return Transfer.objects.filter(either).select_related("debit", "credit").order_by("pk")


@dataclass
class _Tally:
    """What the transfers say of one account."""

    balance: Decimal = Decimal(0)
    debits: int = 0
    credits: int = 0
    digest: str = ""


def verify() -> Verdict:
    """Recompute every digest, balance and count from the transfers; the verdict counts the transfers.

    Finds a row altered, deleted, reordered or cut off, triggers or no triggers; a tail cut off together with
    its accounts' heads is found by the seal of the day.
    """
    seals = sealed_heads()
    if seals.first_bad:
        return Verdict(0, seals.first_bad)
    tallies: dict[int, _Tally] = defaultdict(_Tally)
    key, count = chain_key(), 0
    rows = Transfer.objects.select_related("debit", "credit", "settles").order_by("debit_id", "seq", "pk")
    for transfer in rows.iterator(chunk_size=2000):
        fault = _transfer_fault(transfer, tallies[transfer.debit_id], key, seals)
        if fault:
            return Verdict(count, f"transfer {transfer.key} ({transfer.debit.code} #{transfer.seq}): {fault}")
        count += 1
        tally = tallies[transfer.debit_id]
        tally.balance -= transfer.amount
        tally.debits, tally.digest = transfer.seq, transfer.digest
        tallies[transfer.credit_id].balance += transfer.amount
        tallies[transfer.credit_id].credits += 1
    return Verdict(count, _first_account_fault(tallies, seals))


def _transfer_fault(transfer: Transfer, before: _Tally, key: bytes, seals: SealedHeads) -> str | None:
    if transfer.seq != before.debits + 1:
        return f"row {before.debits + 1} is missing before it"
    if chained(key, before.digest, transfer.seq, transfer_content(transfer)) != transfer.digest:
        return "its content does not match its digest"
    sealed = seals.debits.pop((transfer.debit.code, transfer.seq), transfer.digest)
    return None if sealed == transfer.digest else "it is not the row that was sealed"


def _first_account_fault(tallies: dict[int, _Tally], seals: SealedHeads) -> str | None:
    total = Decimal(0)
    for account in Account.objects.order_by("pk").iterator(chunk_size=2000):
        total += account.balance
        fault = _account_fault(account, tallies[account.pk], seals)
        if fault:
            return f"account {account.code}: {fault}"
    if seals.debits:
        code, seq = min(seals.debits)
        return f"account {code}: its debit #{seq} was sealed and is missing"
    if seals.credits:
        return f"account {min(seals.credits)}: it was sealed and is missing"
    return f"debits and credits differ by {total}" if total else None


def _account_fault(account: Account, tally: _Tally, seals: SealedHeads) -> str | None:
    if account.debit_count != tally.debits or account.debit_digest != tally.digest:
        return f"its head says {account.debit_count} debits, its rows end at {tally.debits}"
    if account.credit_count != tally.credits:
        return f"its head says {account.credit_count} credits, its rows are {tally.credits}"
    if account.balance != tally.balance:
        return f"its balance is {account.balance}, its transfers make {tally.balance}"
    if tally.credits < seals.credits.pop(account.code, 0):
        return "credits that were sealed are missing"
    return None
