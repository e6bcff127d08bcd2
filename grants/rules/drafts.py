"""Answers that are typed: which of two is the later one, without either being lost."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def digest(answer: Any) -> str:
    """A short digest of one answer, by which a page says what its reader began from; of an empty one, nothing.

    >>> digest([]) == digest("") == digest(None) == ""
    True
    >>> digest("A portal.") == digest("A portal!")
    False
    """
    if not answer:
        return ""
    return hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest()[:16]


def may_replace(kept: Any, *, base: str, answer: Any) -> bool:
    """Whether `answer`, typed over what had the digest `base`, loses nothing of what is `kept` now.

    >>> may_replace("B", base=digest("A"), answer="C")
    False
    >>> may_replace("A", base=digest("A"), answer="C"), may_replace("C", base=digest("A"), answer="C")
    (True, True)
    """
    return digest(kept) in (base, digest(answer))
