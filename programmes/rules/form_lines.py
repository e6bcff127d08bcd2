"""Choices and columns as lines that a person types: `code = label in French | label in English`.

The code may be left out, and is then made from the label; `\\|` is a bar of a label. A column may end with its kind
(`total = Total | Total | amount`), and the choices of a column of that kind follow it, each after a dash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kit.words import gettext as _
from programmes.rules.form import CHOICE, IN_A_CELL, LINE, Column, FormErrors, Option, Words
from programmes.rules.form_edit import new_code

_BAR = re.compile(r"(?<!\\)\|")


def options_of(text: str) -> tuple[Option, ...]:
    """The choices that the lines name. Raises `FormErrors`, each with the number of its line."""
    lines = _Lines()
    found = lines.options((number, line) for number, line in _filled(text))
    return lines.done(found)


def columns_of(text: str) -> tuple[Column, ...]:
    """The columns that the lines name. Raises `FormErrors`, each with the number of its line."""
    lines = _Lines()
    found: list[tuple[Column, list[tuple[int, str]]]] = []
    for number, line in _filled(text):
        if not line.startswith("-"):
            found.append((lines.column(number, line, [column.code for column, _rows in found]), []))
        elif found and found[-1][0].kind == CHOICE:
            found[-1][1].append((number, line.removeprefix("-")))
        else:
            lines.wrong(number, _("Choices, which begin with a dash, follow a column of the kind “choice”."))
    return lines.done(
        tuple(Column(column.code, column.label, column.kind, lines.options(rows)) for column, rows in found)
    )


def option_lines(options: Iterable[Option]) -> str:
    """The lines of choices: `options_of(option_lines(x)) == x`."""
    return "\n".join(_line(option.code, option.label) for option in options)


def column_lines(columns: Iterable[Column]) -> str:
    """The lines of columns: `columns_of(column_lines(x)) == x`."""
    lines: list[str] = []
    for column in columns:
        lines.append(_line(column.code, column.label, "" if column.kind == LINE else column.kind))
        lines += [f"- {_line(option.code, option.label)}" for option in column.choices]
    return "\n".join(lines)


class _Lines:
    """Reads lines and notes what is wrong with each."""

    def __init__(self) -> None:
        self.errors: list[tuple[str, str]] = []

    def wrong(self, number: int, sentence: str) -> None:
        self.errors.append(("", _("Line {number}: {told}").format(number=number, told=sentence)))

    def done(self, found: tuple) -> tuple:
        if self.errors:
            raise FormErrors(self.errors)
        return found

    def options(self, lines: Iterable[tuple[int, str]]) -> tuple[Option, ...]:
        found: list[Option] = []
        for number, line in lines:
            code, parts = self.parts(number, line, 2, [option.code for option in found])
            found.append(Option(code, Words(parts[0], parts[1])))
        return tuple(found)

    def column(self, number: int, line: str, taken: list[str]) -> Column:
        code, parts = self.parts(number, line, 3, taken)
        kind = parts[2] or LINE
        if kind not in IN_A_CELL:
            self.wrong(number, _("One of {names}.").format(names=", ".join(IN_A_CELL)))
        return Column(code, Words(parts[0], parts[1]), kind)

    def parts(self, number: int, line: str, most: int, taken: list[str]) -> tuple[str, list[str]]:
        """The code and the parts of one line, `most` of them, empty where they are left out."""
        code, equals, rest = line.partition("=")
        if not equals:
            code, rest = "", line
        parts = [part.replace("\\|", "|").strip() for part in _BAR.split(rest)]
        if len(parts) > most:
            self.wrong(number, _("{most} parts at most, set apart by bars.").format(most=most))
        if not parts[0]:
            self.wrong(number, _("Write it in French."))
        parts += [""] * (most - len(parts))
        return code.strip() or new_code(parts[0], taken), parts


def _filled(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line.strip()


def _line(code: str, label: Words, kind: str = "") -> str:
    parts = [label.fr, label.en, kind]
    while not parts[-1]:
        parts.pop()
    return f"{code} = {' | '.join(part.replace('|', chr(92) + '|') for part in parts)}"
