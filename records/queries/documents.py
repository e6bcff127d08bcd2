"""Reading documents. Whether this person may is asked above, at each request."""

from __future__ import annotations

import hashlib
from typing import IO

from records import store
from records.models import Document


def open_document(document: Document) -> IO[bytes]:
    """The bytes of a document, open for reading. Raises `FileNotFoundError`."""
    return store.open_bytes(document.digest)


def is_whole(document: Document) -> bool:
    """Whether the bytes that stand in the store still have the document's digest."""
    digest = hashlib.sha256()
    try:
        with open_document(document) as file:
            while block := file.read(1024 * 1024):
                digest.update(block)
    except FileNotFoundError:
        return False
    return digest.hexdigest() == document.digest
