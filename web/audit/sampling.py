"""A sample that anyone can draw again: the references with the smallest digests of the seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def drawn(references: Iterable[str], seed: str, size: int) -> list[str]:
    """`size` of the references, chosen by `seed` alone, in the order in which they were drawn.

    >>> drawn(["A-1", "A-2", "A-3"], "spring", 2) == drawn(["A-3", "A-2", "A-1"], "spring", 2)
    True
    """
    return sorted(references, key=lambda reference: _weight(seed, reference))[:size]


def _weight(seed: str, reference: str) -> str:
    return hashlib.sha256(f"{seed}\n{reference}".encode()).hexdigest()
