"""What a PDF says and how it is made, read back for tests."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader

BREAK = "\u200b"


def read(content: bytes) -> PdfReader:
    """The document, for a closer look."""
    return PdfReader(io.BytesIO(content))


def is_whole(content: bytes) -> bool:
    """Whether it is a PDF to the last line, rather than a small file of a test that only begins as one."""
    return b"startxref" in content


def said(content: bytes) -> str:
    """All its text in one line, without the places where a long word may be broken."""
    text = "\n".join(page.extract_text() for page in read(content).pages)
    return " ".join(text.replace(BREAK, "").split())


def tags(content: bytes) -> Counter[str]:
    """How often each kind of element stands in its structure."""
    return Counter(_tags(read(content).trailer["/Root"]["/StructTreeRoot"]))


def _tags(element: Any) -> Iterator[str]:
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, list):
        for child in element:
            yield from _tags(child)
    elif isinstance(element, dict):
        if "/S" in element:
            yield str(element["/S"]).removeprefix("/")
        if "/K" in element:
            yield from _tags(element["/K"])
