"""When a mail is tried again, what its headers may hold, and how it is named."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

# Longer than any attempt: after it, the sender is taken for dead and the mail is free again.
LEASE = timedelta(minutes=5)
SLOWEST_RETRY = timedelta(minutes=10)
# About a day and a half of a mail server that does not answer.
MOST_ATTEMPTS = 220
# A server that answers "no such recipient" three times means it.
MOST_REFUSALS = 3


def pause(attempts: int) -> timedelta:
    """How long to wait after the given number of attempts: 15 s, doubled each time, up to ten minutes.

    >>> pause(1), pause(3)
    (datetime.timedelta(seconds=15), datetime.timedelta(seconds=60))
    """
    return min(SLOWEST_RETRY, timedelta(seconds=15) * 2 ** min(attempts - 1, 10))


def one_line(text: str) -> str:
    """`text` without line breaks or controls, so that no header can be added behind it."""
    # A no-break space is not "printable" to Python, and French subjects hold them.
    kept = "".join(character if character.isprintable() or character in "\u00a0\u202f" else " " for character in text)
    return re.sub(" {2,}", " ", kept).strip(" ")


def key_digest(key: str) -> str:
    """The name of the mail with this key: the file of the embedded backend, the left part of its Message-ID.

    160 bits of a SHA-256, so that the header fits on one line.
    """
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def message_id(key: str, host: str) -> str:
    """The same for every attempt, so that a mail sent twice is shown once."""
    return f"<{key_digest(key)}@{host}>"
