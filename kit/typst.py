"""Documents as PDF for the archive and for every reader: PDF/A-2a and PDF/UA-1 in one file, set by Typst.

A template is a file of the house in `templates/documents`; what fills it travels beside it as JSON and is read as
text, never as source, so that `#read("/etc/passwd")` in an answer is printed as it stands. No typeface of the machine
is used, no package, no clock: equal data give identical bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from kit import typefaces

FOLDER = Path(settings.BASE_DIR) / "templates" / "documents"
STANDARDS: list[Any] = ["a-2a", "ua-1"]
"""ISO 19005-2 level A (to be read in fifty years) and ISO 14289-1 (to be read aloud). Part 4 of the first is PDF 2.0,
which the second does not know yet."""


def render(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF that `template`, such as `receipt.typ`, makes of `data`; `at` is the instant it bears as its own.

    `data` holds what JSON holds, and `title`, `author` and `language`, which the standards demand. The template also
    finds in it `renumbered`: whether a character was written by its number. Raises `ValueError` for a naive instant
    and `typst.TypstError` for a template that is wrong.
    """
    if at.tzinfo is None:
        raise ValueError("A document bears an aware instant.")
    drawn = typefaces.drawable_data(dict(data))
    renumbered = _numbers_in(drawn) > _numbers_in(data)
    filled = json.dumps({**drawn, "renumbered": renumbered}, sort_keys=True)
    return typst.compile(
        FOLDER / template,
        root=FOLDER,
        font_paths=_fonts(),
        format="pdf",
        pdf_standards=STANDARDS,
        sys_inputs={"data": filled},
        timestamp=int(at.timestamp()),
    )


@cache
def _fonts() -> typst.Fonts:
    """The typefaces that are shipped, read once for a process."""
    folders: list[Any] = sorted(path for path in typefaces.FOLDER.iterdir() if path.is_dir())
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _numbers_in(data: Any) -> int:
    """How often a text writes a character by its number."""
    return json.dumps(data).count("[U+")
