"""Reading the journal, and proving it."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import QuerySet

from records.models import JournalEntry, JournalHead
from records.queries.contents import chain_key, entry_content
from records.queries.seals import SealedHeads, sealed_heads
from records.rules.chain import Verdict, chained, salted

ERASURE = "journal.personal_erased"


def entries(chain: str) -> QuerySet[JournalEntry]:
    """The acts of a chain in order, with their personal data (empty once erased)."""
    return JournalEntry.objects.filter(chain=chain).select_related("personal").order_by("seq")


def actor_name(entry: JournalEntry) -> str:
    """The name of who acted, as it was then; empty once erased."""
    return str(entry.personal.data.get("actor", ""))


def verify(outside_seals: dict[int, str] | None = None) -> Verdict:
    """Recompute every chain; the verdict counts the entries and names the first bad row.

    Finds a row altered, deleted, reordered or cut off, triggers or no triggers; a tail cut off together with
    its head is found by the seal of the day. `outside_seals` (seal number → digest), from a copy that was kept
    elsewhere, finds seals that were cut off or made anew.
    """
    seals = sealed_heads()
    fault = seals.first_bad or _outside_fault(seals, outside_seals or {})
    if fault:
        return Verdict(0, fault)
    heads = {head.chain: (head.seq, head.digest) for head in JournalHead.objects.order_by("chain")}
    key, count, erasures = chain_key(), 0, _erasures()
    chain, seq, digest = "", 0, ""
    rows = JournalEntry.objects.select_related("personal").order_by("chain", "seq", "pk")
    for entry in rows.iterator(chunk_size=2000):
        if entry.chain != chain:
            fault = _end_fault(chain, seq, digest, heads)
            chain, seq, digest = entry.chain, 0, ""
        if fault is None:
            fault = _entry_fault(entry, seq, digest, key, seals, erasures[chain])
        if fault:
            return Verdict(count, fault)
        count += 1
        seq, digest = entry.seq, entry.digest
    return Verdict(count, _end_fault(chain, seq, digest, heads) or _rest_fault(heads, seals))


def _erasures() -> dict[str, set[int]]:
    """The rows of each chain whose personal data an act erased; the acts themselves are verified with their chain."""
    rows: dict[str, set[int]] = defaultdict(set)
    for entry in JournalEntry.objects.filter(act=ERASURE).order_by("pk"):
        rows[entry.chain].add(entry.data.get("row", 0))
    return rows


def _entry_fault(
    entry: JournalEntry, seq: int, digest: str, key: bytes, seals: SealedHeads, erased: set[int]
) -> str | None:
    name = f"{entry.chain} #{entry.seq} {entry.act}"
    if entry.seq != seq + 1:
        return f"{name}: row {seq + 1} is missing before it"
    if chained(key, digest, entry.seq, entry_content(entry)) != entry.digest:
        return f"{name}: its content does not match its digest"
    if seals.journal.pop((entry.chain, entry.seq), entry.digest) != entry.digest:
        return f"{name}: it is not the row that was sealed"
    personal = getattr(entry, "personal", None)
    if personal is None or (personal.erased_at is not None and (personal.data or entry.seq not in erased)):
        return f"{name}: its personal data was removed without an erasure"
    if personal.erased_at is None and salted(personal.salt, personal.data) != entry.personal_digest:
        return f"{name}: its personal data does not match its digest"
    return None


def _end_fault(chain: str, seq: int, digest: str, heads: dict[str, tuple[int, str]]) -> str | None:
    if not chain:
        return None
    head = heads.pop(chain, None)
    if head is None:
        return f"{chain}: its head is missing"
    return None if head == (seq, digest) else f"{chain}: its head says row {head[0]}, its rows end at {seq}"


def _rest_fault(heads: dict[str, tuple[int, str]], seals: SealedHeads) -> str | None:
    for chain, (seq, _digest) in sorted(heads.items()):
        if seq:
            return f"{chain}: its head says row {seq}, and it has no row"
    if seals.journal:
        chain, seq = min(seals.journal)
        return f"{chain} #{seq}: it was sealed and is missing"
    return None


def _outside_fault(seals: SealedHeads, outside: dict[int, str]) -> str | None:
    for seq, digest in sorted(outside.items()):
        if seals.digests.get(seq) != digest:
            return f"seal #{seq}: it is not the seal that was kept outside"
    return None
