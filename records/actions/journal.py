"""Writing the journal: one row an act, in the act's own transaction."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.db.models import F

from kit import clock
from kit.actors import Actor
from kit.text import clean
from records.models import Account, JournalEntry, JournalHead, JournalPersonal, JournalSeal
from records.queries.contents import chain_key, entry_content, seal_content
from records.queries.journal import ERASURE
from records.rules.chain import chained, plain, salted


class Recorded(Protocol):
    """What the journal needs to know of a subject."""

    @property
    def journal_chain(self) -> str:
        """The chain that its acts stand in, such as `dossier:PRAI-2027-0042`."""

    @property
    def journal_label(self) -> str:
        """What a reader calls it; no personal data, since it cannot be erased."""


@dataclass(frozen=True)
class Subject:
    """A subject that is no row of its own."""

    journal_chain: str
    journal_label: str


SITE = Subject("site", "Escalier")


def write(
    by: Actor,
    act: str,
    subject: Recorded,
    *,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    on_behalf: str = "",
    personal: dict[str, Any] | None = None,
    **data: Any,
) -> JournalEntry:
    """Add the act to its subject's chain. Call it last but for the outbox: it locks the chain's head.

    `personal` is what may have to be erased one day, beside the actor's name; `data` stays for ever.
    Raises `TypeError` for data without one spelling (a float, a model).
    """
    facts, personal_data = plain(data), plain({"actor": by.actor_label, **(personal or {})})
    salt = secrets.token_hex(16)
    with transaction.atomic(savepoint=False):  # an act whose entry fails has failed
        head = _locked_head(subject.journal_chain)
        entry = JournalEntry(
            chain=head.chain,
            seq=head.seq + 1,
            act=act,
            subject=clean(str(subject.journal_label)),
            actor_id=by.actor_id,
            on_behalf=clean(on_behalf),
            from_state=str(from_state),
            to_state=str(to_state),
            reason=clean(reason),
            data=facts,
            personal_digest=salted(salt, personal_data),
            occurred_at=clock.now(),
            recorded_at=clock.real_now(),
        )
        entry.digest = chained(chain_key(), head.digest, entry.seq, entry_content(entry))
        entry.save(force_insert=True)
        JournalPersonal.objects.create(entry=entry, salt=salt, data=personal_data)
        head.seq, head.digest = entry.seq, entry.digest
        head.save(update_fields=["seq", "digest"])
    return entry


def erase_personal(*, entry: JournalEntry, by: Actor) -> None:
    """Erase the personal data of an act, with its salt; the chain stays whole, and the erasure is an act itself."""
    with transaction.atomic():
        erased = JournalPersonal.objects.filter(entry=entry, erased_at=None).update(
            data={}, salt="", erased_at=clock.now()
        )
        if erased:
            write(by, ERASURE, Subject(entry.chain, entry.subject), row=entry.seq)


def seal_day(day: date) -> JournalSeal:
    """Seal the heads that moved since the last seal, as the seal of `day`; a second call returns the first's.

    Two schedulers may call it at once: the day is unique.
    """
    try:
        with transaction.atomic():
            return JournalSeal.objects.filter(day=day).first() or _seal(day)
    except IntegrityError:
        return JournalSeal.objects.get(day=day)


def _seal(day: date) -> JournalSeal:
    last = JournalSeal.objects.select_for_update().order_by("-seq").first()
    # One statement each: the heads of one instant.
    heads = list(JournalHead.objects.filter(seq__gt=F("sealed_seq")).order_by("chain"))
    moved = Account.objects.filter(sealed_count__lt=F("debit_count") + F("credit_count"))
    accounts = list(moved.order_by("code"))
    seal = JournalSeal(
        seq=last.seq + 1 if last else 1,
        day=day,
        heads={
            "journal": {head.chain: [head.seq, head.digest] for head in heads},
            "accounts": {item.code: [item.debit_count, item.debit_digest, item.credit_count] for item in accounts},
        },
        recorded_at=clock.real_now(),
    )
    seal.digest = chained(chain_key(), last.digest if last else "", seal.seq, seal_content(seal))
    seal.save(force_insert=True)
    for head in heads:
        JournalHead.objects.filter(pk=head.pk).update(sealed_seq=head.seq)
    for item in accounts:
        Account.objects.filter(pk=item.pk).update(sealed_count=item.debit_count + item.credit_count)
    return seal


def _locked_head(chain: str) -> JournalHead:
    heads = JournalHead.objects.select_for_update()
    try:
        return heads.get(chain=chain)
    except JournalHead.DoesNotExist:  # a chain's first act
        JournalHead.objects.get_or_create(chain=chain)
        return heads.get(chain=chain)
