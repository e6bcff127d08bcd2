"""The typefaces of documents, and what they can draw: a PDF that must last refuses a character without a glyph."""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "fonts"
WIDEST = FOLDER / "dejavu" / "dejavu-sans.ttf"
"""The typeface of last resort: it draws all that the others draw, so that no mark is parted from its letter."""

_UNICODE_WITH_ALL_PLANES = (3, 10)
_GROUPS = 12
_UNDRAWN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
"""General categories that show nothing, or nothing that two readers agree on: controls, orders to turn the writing
round, private and unassigned code points, line and paragraph separators."""
_JOINERS = frozenset("\u00ad\u200b\u200c\u200d")
"""Invisible, and meant so: a place to break a word or not, letters that join or do not."""


@cache
def coverage() -> frozenset[str]:
    """Every character that can stand in a document."""
    found = map(chr, _code_points(WIDEST.read_bytes()))
    return frozenset(char for char in found if char in _JOINERS or unicodedata.category(char) not in _UNDRAWN)


def drawable(text: str) -> str:
    """`text` as it can be drawn: what no typeface draws is written by its number, so that nothing is lost unseen.

    Line feeds stay, other line ends become one, a tab becomes a space.

    >>> drawable("Saint-Rémy \u4e2d")
    'Saint-Rémy [U+4E2D]'
    """
    if text.isascii() and text.isprintable():
        return text
    known = coverage()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(char if char == "\n" or char in known else f"[U+{ord(char):04X}]" for char in lines)


def drawable_data(value: Any) -> Any:
    """`value`, a JSON structure, with every text in it drawable; keys are the template's own."""
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, dict):
        return {key: drawable_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [drawable_data(item) for item in value]
    return value


def breakable(text: str, most: int) -> str:
    """`text` where a word of more than `most` characters may be broken, for a column that it would run out of.

    >>> breakable("12345 123456", 5).replace("\u200b", "|")
    '12345 12345|6'
    """
    if not any(len(word) > most for word in text.split()):
        return text
    found, run = [], 0
    for char in text:
        run = 0 if char.isspace() else run + 1
        # An accent typed apart stays with its letter.
        if run > most and not unicodedata.combining(char):
            found.append("\u200b")
            run = 1
        found.append(char)
    return "".join(found)


def _code_points(font: bytes) -> list[int]:
    """The code points of a TrueType file's character map of format 12, which reaches beyond the first plane."""
    tables = {font[at : at + 4]: struct.unpack_from(">4xLL", font, at + 4) for at in _entries(font, 4, 12, 16)}
    start, _length = tables[b"cmap"]
    for at in _entries(font, start + 2, start + 4, 8):
        platform, encoding, offset = struct.unpack_from(">HHL", font, at)
        kind = struct.unpack_from(">H", font, start + offset)[0]
        if (platform, encoding) == _UNICODE_WITH_ALL_PLANES and kind == _GROUPS:
            return _groups(font, start + offset)
    raise ValueError("This typeface has no map of all of Unicode.")


def _entries(font: bytes, count_at: int, first: int, size: int) -> range:
    """Where the entries of a list begin, whose number stands at `count_at`."""
    count = struct.unpack_from(">H", font, count_at)[0]
    return range(first, first + size * count, size)


def _groups(font: bytes, at: int) -> list[int]:
    count = struct.unpack_from(">L", font, at + 12)[0]
    groups = (struct.unpack_from(">LL", font, at + 16 + 12 * number) for number in range(count))
    return [code for first, last in groups for code in range(first, last + 1)]
