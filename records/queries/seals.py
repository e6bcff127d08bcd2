"""The chain of daily seals, and what it says of the chains that it sealed."""

from __future__ import annotations

from dataclasses import dataclass, field

from records.models import JournalSeal
from records.queries.contents import chain_key, seal_content
from records.rules.chain import chained


@dataclass
class SealedHeads:
    """Every head that was ever sealed: digests by (chain, seq) and (account, seq), the last count of credits."""

    journal: dict[tuple[str, int], str] = field(default_factory=dict)
    debits: dict[tuple[str, int], str] = field(default_factory=dict)
    credits: dict[str, int] = field(default_factory=dict)
    digests: dict[int, str] = field(default_factory=dict)
    first_bad: str | None = None


def sealed_heads() -> SealedHeads:
    """Read and verify the seals; `first_bad` names the first seal that does not hold."""
    sealed = SealedHeads()
    previous, key = "", chain_key()
    for place, seal in enumerate(JournalSeal.objects.order_by("seq").iterator(chunk_size=200), start=1):
        if seal.seq != place:
            sealed.first_bad = f"seal #{place} is missing"
        elif chained(key, previous, seal.seq, seal_content(seal)) != seal.digest:
            sealed.first_bad = f"seal #{seal.seq} of {seal.day}: its content does not match its digest"
        if sealed.first_bad:
            break
        previous = sealed.digests[seal.seq] = seal.digest
        sealed.journal |= {(chain, seq): digest for chain, (seq, digest) in seal.heads["journal"].items()}
        for code, (debits, digest, credited) in seal.heads["accounts"].items():
            sealed.credits[code] = credited
            if debits:
                sealed.debits[code, debits] = digest
    return sealed
