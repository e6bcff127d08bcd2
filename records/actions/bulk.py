"""Writing many acts and many movements at once, under the same digests as one by one.

For the bulk maker alone: the caller holds the transaction, and says when each thing happened.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from kit import clock
from kit.actors import Actor
from kit.inserts import Inserter
from kit.money import amount_of
from kit.text import clean
from records.actions.ledger import Overdraft
from records.models import Account, JournalEntry, JournalHead, JournalPersonal, Transfer
from records.queries.contents import chain_key, entry_content, transfer_content
from records.rules.chain import chained, plain, salted

AT_ONCE = 1000
"""Rows in one statement."""
_ENTRY = (
    *("chain", "seq", "act", "subject", "actor_id", "on_behalf", "from_state", "to_state", "reason", "data"),
    *("personal_digest", "occurred_at", "recorded_at", "digest"),
)
"""The columns of the journal."""


@dataclass(frozen=True)
class Act:
    """One act to be written, as `records.actions.journal.write` takes it, with its chain and its instant."""

    act: str
    chain: str
    subject: str
    actor_id: str
    occurred_at: datetime
    from_state: str = ""
    to_state: str = ""
    reason: str = ""
    on_behalf: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    personal: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def of(by: Actor, act: str, chain: str, subject: str, occurred_at: datetime, **more: Any) -> Act:
        """An act by `by`, whose name goes to the erasable part."""
        personal = {"actor": by.actor_label, **more.pop("personal", {})}
        return Act(act, chain, subject, by.actor_id, occurred_at, personal=personal, **more)


@dataclass(frozen=True)
class Move:
    """One movement of `amount` euros between accounts named by their codes; `settles` is the key of another one."""

    kind: str
    debit: str
    credit: str
    amount: Decimal
    key: str
    occurred_at: datetime
    settles: str = ""


@dataclass
class _Written:
    """A row of the journal before it is in the table, as `entry_content` reads one."""

    chain: str
    seq: int
    act: str
    subject: str
    actor_id: str
    on_behalf: str
    from_state: str
    to_state: str
    reason: str
    data: Any
    personal_digest: str
    occurred_at: datetime
    recorded_at: datetime
    digest: str = ""


def write_many(acts: Sequence[Act]) -> int:
    """Add acts to their chains, each chain in the order given; how many were written.

    The heads are locked in the order of their names. Raises `TypeError` for data without one spelling.
    """
    heads = _locked_heads({act.chain for act in acts})
    table, beside = Inserter(JournalEntry, _ENTRY), Inserter(JournalPersonal, ("entry_id", "salt", "data", "erased_at"))
    key, now = chain_key(), clock.real_now()
    entries: list[Sequence[Any]] = []
    erasable: list[tuple[str, Any]] = []
    for act in acts:
        head, personal, salt = heads[act.chain], plain(act.personal), secrets.token_hex(16)
        entry = _written(act, head, salted(salt, personal), now)
        entry.digest = chained(key, head.digest, entry.seq, entry_content(cast(JournalEntry, entry)))
        head.seq, head.digest = entry.seq, entry.digest
        entries.append(table.prepare([getattr(entry, name) for name in _ENTRY]))
        erasable.append((salt, personal))
    keys = table.insert(entries)
    beside.insert([beside.prepare((pk, *rest, None)) for pk, rest in zip(keys, erasable, strict=True)])
    _save_heads(heads.values())
    return len(entries)


def post_many(moves: Sequence[Move], kinds: Mapping[str, str]) -> int:
    """Move money, in the order given; how many transfers were written.

    `kinds` gives the kind of each account that may have to be opened. Raises `Overdraft` when an account would go
    below zero at any moment, `LookupError` for an account that is neither known nor named in `kinds`.
    """
    accounts = _locked_accounts({code for move in moves for code in (move.debit, move.credit)}, kinds)
    written = {transfer.key: transfer for transfer in _settled_before(moves)}
    key, now = chain_key(), clock.real_now()
    made: list[Transfer] = []
    for move in moves:
        debit, credit, amount = accounts[move.debit], accounts[move.credit], amount_of(move.amount)
        if debit.balance < amount and not debit.may_overdraw:
            raise Overdraft(f"{debit.code} holds {debit.balance}, and {amount} would be needed.")
        transfer = Transfer(
            debit=debit,
            credit=credit,
            seq=debit.debit_count + 1,
            kind=move.kind,
            amount=amount,
            key=move.key,
            settles=written[move.settles] if move.settles else None,
            occurred_at=move.occurred_at,
            recorded_at=now,
        )
        transfer.digest = chained(key, debit.debit_digest, transfer.seq, transfer_content(transfer))
        debit.balance -= amount
        debit.debit_count, debit.debit_digest = transfer.seq, transfer.digest
        credit.balance += amount
        credit.credit_count += 1
        written[transfer.key] = transfer
        made.append(transfer)
    _save_accounts(accounts.values())
    _save_transfers(made)
    return len(made)


def _written(act: Act, head: JournalHead, personal_digest: str, now: datetime) -> _Written:
    return _Written(
        chain=act.chain,
        seq=head.seq + 1,
        act=act.act,
        subject=clean(act.subject),
        actor_id=act.actor_id,
        on_behalf=clean(act.on_behalf),
        from_state=act.from_state,
        to_state=act.to_state,
        reason=clean(act.reason),
        data=plain(act.data),
        personal_digest=personal_digest,
        occurred_at=act.occurred_at,
        recorded_at=now,
    )


def _locked_heads(chains: set[str]) -> dict[str, JournalHead]:
    known = JournalHead.objects.select_for_update().filter(chain__in=chains).order_by("chain")
    heads = {head.chain: head for head in known}
    return {chain: heads.get(chain) or JournalHead(chain=chain) for chain in sorted(chains)}


def _save_heads(heads: Iterable[JournalHead]) -> None:
    known = [head for head in heads if head.pk is not None]
    JournalHead.objects.bulk_create([head for head in heads if head.pk is None], batch_size=AT_ONCE)
    for head in known:
        head.save(update_fields=["seq", "digest"])


def _locked_accounts(codes: set[str], kinds: Mapping[str, str]) -> dict[str, Account]:
    known = Account.objects.select_for_update(no_key=True).filter(code__in=codes).order_by("pk")
    accounts = {account.code: account for account in known}
    for code in sorted(codes - accounts.keys()):
        accounts[code] = Account(code=code, kind=kinds[code])
    return accounts


def _settled_before(moves: Sequence[Move]) -> list[Transfer]:
    """The transfers written earlier that some of these settle."""
    here = {move.key for move in moves}
    keys = {move.settles for move in moves if move.settles} - here
    return list(Transfer.objects.filter(key__in=keys).select_related("debit", "credit").order_by("pk")) if keys else []


def _save_accounts(accounts: Iterable[Account]) -> None:
    known = [account for account in accounts if account.pk is not None]
    Account.objects.bulk_create([account for account in accounts if account.pk is None], batch_size=AT_ONCE)
    for account in known:
        account.save(update_fields=["balance", "debit_count", "debit_digest", "credit_count"])


def _save_transfers(transfers: Sequence[Transfer]) -> None:
    """Those that settle another one last: what they settle needs its key first."""
    waiting = list(transfers)
    while waiting:
        ready = [row for row in waiting if row.settles is None or row.settles.pk is not None]
        Transfer.objects.bulk_create(ready, batch_size=AT_ONCE)
        waiting = [row for row in waiting if row.pk is None]
