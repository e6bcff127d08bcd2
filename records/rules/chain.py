"""How a row is chained: an HMAC over the row before, the place, and one spelling of the content."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from kit.text import clean


@dataclass(frozen=True)
class Verdict:
    """What a verification found: rows that were read, and the first one that is wrong (in words), if any."""

    count: int
    first_bad: str | None = None

    @property
    def sound(self) -> bool:
        """Whether every row held."""
        return self.first_bad is None


def plain(value: Any) -> Any:
    """`value` as JSON that both databases give back unchanged: amounts and dates become text.

    Raises `TypeError` for a float (which no amount is) and for anything that has no one spelling.
    """
    if type(value) is str:
        return clean(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {clean(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=canonical)
    if type(value).__name__ == "__proxy__":  # a translation that waits for its language
        return clean(str(value))
    raise TypeError(f"A record cannot hold a {type(value).__name__}: give its id, its label or its text.")


def instant(moment: datetime) -> str:
    """One spelling of an instant: UTC, microseconds. Raises `ValueError` for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("A record keeps aware instants only.")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def canonical(content: Any) -> str:
    """One spelling of a plain JSON content: sorted keys, no spaces."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def chained(key: bytes, previous: str, seq: int, content: Any) -> str:
    """The digest of a row: HMAC-SHA-256 over the digest before, the place and the content, in hexadecimal."""
    # A record separator keeps the three apart: "1" then "23" is not "12" then "3".
    message = "\x1e".join((previous, str(seq), canonical(content)))
    return hmac.digest(key, message.encode(), "sha256").hex()


def salted(salt: str, content: Any) -> str:
    """The digest of erasable content: without the salt, nobody can find it again by guessing names."""
    return hashlib.sha256(f"{salt}\x1e{canonical(content)}".encode()).hexdigest()
