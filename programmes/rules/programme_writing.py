"""Writing a programme file: one text for one programme, so that what was read is written as it stood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from programmes.rules import deadlines
from programmes.rules.form_values import plain
from programmes.rules.programme_file import ProgrammeFile

MONEY = ("amount", "planned_total_cost", "ceiling", "floor")
IN_A_LINE = ("shown_when", "choices", "columns")
"""Parts of a question that read better in one line than as tables of their own."""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_TO_ESCAPE = re.compile(r'[\x00-\x1f\x7f"\\]')
_HEADING = "# A programme of Escalier. What each key means: docs/programme-file.md.\n"


def written(file: ProgrammeFile) -> str:
    """The file as TOML: keys in their order, what is as it would be anyway left out."""
    fund = file.programme.fund
    actions = tuple(
        replace(
            action,
            envelopes=tuple(replace(item, fund="") if item.fund == fund else item for item in action.envelopes),
        )
        for action in file.actions
    )
    return _HEADING + "\n".join(_table(plain(replace(file, actions=actions)), ())) + "\n"


def _table(values: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """The lines of a table: its own values first, then the tables in it."""
    apart = {name: value for name, value in values.items() if _stands_apart(name, value)}
    for name, value in values.items():
        if name not in apart:
            yield from _lines(name, value)
    for name, value in apart.items():
        inner = (*path, name)
        if isinstance(value, list):
            for row in value:
                yield from ("", f"[[{'.'.join(inner)}]]")
                yield from _table(row, inner)
        else:
            # A table that holds nothing but tables needs no heading.
            if any(not _stands_apart(key, part) for key, part in value.items()):
                yield from ("", f"[{'.'.join(inner)}]")
            yield from _table(value, inner)


def _lines(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict) and any("\n" in item for item in value.values() if isinstance(item, str)):
        # A table in one line holds no text of several lines: each of its keys has its own.
        yield from (f"{name}.{key} = {_value(item)}" for key, item in value.items())
    else:
        yield f"{name} = {_value(value, name)}"


def _stands_apart(name: str, value: Any) -> bool:
    """Whether a value is a table, or a list of tables, under a heading of its own."""
    if name in IN_A_LINE:
        return False
    if isinstance(value, dict):
        return not set(value) <= {"fr", "en"}
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _value(value: Any, name: str = "", *, flat: bool = False) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value, flat=flat)
    if isinstance(value, Decimal):
        return format(round(value, 2) if name in MONEY else value.normalize(), "f")
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(item, key, flat=True)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        if not flat and value and isinstance(value[0], dict):
            return "[\n" + "".join(f"  {_value(item, flat=True)},\n" for item in value) + "]"
        return "[" + ", ".join(_value(item, flat=True) for item in value) + "]"
    return str(value)


def _text(text: str, *, flat: bool) -> str:
    if flat or "\n" not in text:
        return f'"{_escaped(text)}"'
    return '"""\n' + "\n".join(_escaped(line) for line in text.split("\n")) + '"""'


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(lambda found: _ESCAPES.get(found[0], f"\\u{ord(found[0]):04X}"), text)


def _instant(instant: datetime) -> str:
    """As the clock in Paris shows it, or in UTC where that clock shows the time twice."""
    wall = instant.astimezone(deadlines.PARIS).replace(tzinfo=None)
    try:
        deadlines.paris_instant(wall)
    except deadlines.Ambiguous:
        return instant.isoformat()
    return wall.isoformat()
