"""What the documents of a dossier have in common: their frame, and the spelling of instants, sizes and tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _t

from grants.documents.answers import kinds_of_document
from grants.models import Dossier
from kit.clock import PARIS
from kit.text import NO_BREAK_SPACE, format_datetime
from kit.typefaces import breakable
from records.rules.chain import instant as spelled

PRIVATE_KINDS = frozenset({"bank_identity"})
"""Documents that no paper names: who reads the paper need not be told of them."""

_WIDEST_WORD, _WIDEST_IN_A_CELL = 60, 22
"""Characters after which a word may be broken, in a line of text and in a cell of a table."""


def frame(dossier: Dossier, *, title: str, words: Mapping[str, Any]) -> dict[str, Any]:
    """What `look.typ` draws on every page, and what the file says of itself."""
    programme = dossier.programme
    return {
        "title": title,
        "author": programme.managing_body,
        "language": language(),
        "over": f"{programme.title} · {dossier.call.title}",
        "running": title,
        "words": {
            "page": _t("page {page} of {pages}"),
            "footer": f"{programme.managing_body} · {programme.contact}",
            "renumbered": _t(
                "A character that the typefaces of this document do not have is written by its number in Unicode: "
                "[U+1F600], for example."
            ),
            **words,
        },
    }


def language() -> str:
    """The language of the document: `fr`, or `en`."""
    return "fr" if (get_language() or "fr").startswith("fr") else "en"


def paris_time(instant: datetime) -> str:
    """An instant to the minute, with the zone in which it is read: `1 March 2027 at 10:00 (Paris time, UTC+1)`."""
    offset = instant.astimezone(PARIS).utcoffset()
    hours = 0 if offset is None else int(offset.total_seconds() // 3600)
    return _t("{instant} (Paris time, UTC+{hours})").format(instant=format_datetime(instant), hours=hours)


def universal_time(instant: datetime) -> str:
    """An instant as the seal holds it, to the microsecond, in UTC."""
    return spelled(instant.astimezone(UTC))


def size(count: int) -> str:
    """A number of bytes for a reader: `12 kB`, `1.4 MB`; never less than 1 kB."""
    if count < 999_500:
        return f"{max(1, math.ceil(count / 1000))}{NO_BREAK_SPACE}{pgettext('bytes', 'kB')}"
    figure = f"{count / 1_000_000:.1f}"
    if language() == "fr":
        figure = figure.replace(".", ",")
    return f"{figure}{NO_BREAK_SPACE}{pgettext('bytes', 'MB')}"


def prose(text: str) -> str:
    """Text of a person, in which no word is so long that it would leave the page."""
    return breakable(text, _WIDEST_WORD)


def cells(*texts: str) -> list[str]:
    """A row of a table, in which no word leaves its column."""
    return [breakable(text, _WIDEST_IN_A_CELL) for text in texts]


def documents(dossier: Dossier, content: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """The documents in a sealed content that may be named, each with what it is."""
    kinds = kinds_of_document(dossier, content)
    for item in content["documents"]:
        if item["kind"] not in PRIVATE_KINDS:
            yield kinds.get(item["kind"], item["kind"]), item
