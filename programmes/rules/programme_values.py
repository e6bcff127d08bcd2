"""Plain values of a programme file: texts as the acts keep them, exact numbers, days, and instants in Paris."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from kit.money import amount_of
from kit.text import clean
from kit.words import gettext as _
from programmes.rules import deadlines
from programmes.rules.form import Words
from programmes.rules.form_values import Reader

MOST_ROWS = 500
LONGEST_TEXT = 10_000
LONGEST_PRESENTATION = 20_000

CODE = re.compile(r"[A-Z0-9][A-Z0-9.-]{1,29}")
NO_DAY, NO_INSTANT = date(1970, 1, 1), datetime(1970, 1, 1, tzinfo=UTC)
"""What stands for a date that cannot be read, in a file that is refused."""

Row = TypeVar("Row")
Given = Mapping[str, Any]


class ValueReader(Reader):
    """Reads one value, and notes what is wrong with it."""

    def each(
        self, given: Given, name: str, place: str, made: type[Row], read_row: Callable[[Given, str], Row], *key: str
    ) -> tuple[Row, ...]:
        """Rows that each have a key, which is theirs alone."""
        here = f"{place}.{name}".lstrip(".")
        rows = self.rows(given.get(name, []), here)
        if len(rows) > MOST_ROWS:
            self.wrong(here, _("{most} at most.").format(most=MOST_ROWS))
        seen: set[tuple[Any, ...]] = set()
        found = []
        for number, row in enumerate(rows[:MOST_ROWS], start=1):
            parts = [str(row[part]) for part in key if part in row] if isinstance(row, Mapping) else []
            spot = f"{here}.{'.'.join(parts) if len(parts) == len(key) else number}"
            item = read_row(self.table(row, spot, names_of(made)), spot)
            own = tuple(getattr(item, part) for part in key)
            if own in seen and len(parts) == len(key):
                self.wrong(f"{spot}.{key[-1]}", _("This stands there already."))
            seen.add(own)
            found.append(item)
        return tuple(found)

    def line(self, given: Given, name: str, place: str, longest: int, *, needed: bool = True) -> str:
        """A text on one line, as the acts keep it."""
        return " ".join(self._written(given.get(name, ""), f"{place}.{name}", longest, needed).split())

    def paragraph(self, value: Any, place: str, longest: int, *, needed: bool = True) -> str:
        """A text on any number of lines, as the acts keep it."""
        return self._written(value, place, longest, needed).replace("\r\n", "\n").replace("\r", "\n").strip()

    def _written(self, value: Any, place: str, longest: int, needed: bool) -> str:
        if not isinstance(value, str):
            self.wrong(place, _("This is a text."))
            return ""
        kept = clean(value)
        if needed and not kept.strip():
            self.wrong(place, _("Fill in this field."))
        if len(kept.strip()) > longest:
            self.wrong(place, _("{most} characters at most.").format(most=longest))
        return kept

    def capitals(self, given: Given, name: str, place: str, longest: int) -> str:
        code = self.line(given, name, place, longest)
        if code and not CODE.fullmatch(code):
            self.wrong(f"{place}.{name}", _("Use capital letters, digits, hyphens and dots, for example PRAI-2027."))
        return code

    def pair(self, given: Given, name: str, place: str, longest: int = 200) -> Words:
        """A text in French, and in English where there is one: on one line unless it may be long."""
        here = f"{place}.{name}"
        table = self.table(given[name], here, ("fr", "en")) if name in given else {}
        if longest > LONGEST_TEXT:
            french = self.paragraph(table.get("fr", ""), f"{here}.fr", longest, needed=False)
            english = self.paragraph(table.get("en", ""), f"{here}.en", longest, needed=False)
        else:
            french = self.line(table, "fr", here, longest, needed=False)
            english = self.line(table, "en", here, longest, needed=False)
        if not french:
            self.wrong(f"{here}.fr", _("Write it in French."))
        return Words(french, english)

    def count(self, given: Given, name: str, place: str, least: int, most: int, usual: int | None) -> int:
        found = self.whole(given, name, place, least, most)
        if found is None and name not in given and usual is None:
            self.wrong(f"{place}.{name}", _("Fill in this field."))
        return found if found is not None else usual or least

    def number(
        self, given: Given, name: str, place: str, least: int, most: int, decimals: int, usual: Decimal | None
    ) -> Decimal:
        """A number from `least` to `most` with so many decimals at most; exact, as it is written."""
        value = given.get(name, usual)
        exact = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else Decimal("NaN")
        if not exact.is_finite() or not least <= exact <= most or exact != round(exact, decimals):
            sentence = _("Write a number from {least} to {most}, with {decimals} decimals at most.")
            self.wrong(f"{place}.{name}", sentence.format(least=least, most=most, decimals=decimals))
            return Decimal(least)
        return exact

    def euros(self, given: Given, name: str, place: str, *, needed: bool = True) -> Decimal | None:
        """Euros to the cent, zero or more."""
        if name not in given and not needed:
            return None
        value = given.get(name)
        try:
            found = amount_of(value) if isinstance(value, int | Decimal) else Decimal(-1)
        except (TypeError, ValueError, ArithmeticError):
            found = Decimal(-1)
        # A number below what the arithmetic holds would be read as zero.
        if found < 0 or found != value:
            self.wrong(f"{place}.{name}", _("Write an amount in euros without quotation marks, such as 1234.50."))
        return found

    def day(self, given: Given, name: str, place: str) -> date:
        value = given.get(name)
        if isinstance(value, str):
            value = _parsed(date.fromisoformat, value)
        if isinstance(value, datetime) or not isinstance(value, date):
            self.wrong(f"{place}.{name}", _("Write a date, such as 2027-01-15."))
            return NO_DAY
        return value

    def instant(self, given: Given, name: str, place: str) -> datetime:
        """An instant: with an offset, or as the clock on the wall of Paris shows it."""
        here, value = f"{place}.{name}", given.get(name)
        if isinstance(value, str):
            value = _parsed(datetime.fromisoformat, value) if len(value) > 10 else None
        if not isinstance(value, datetime):
            self.wrong(here, _("Write a date and a time, such as 2027-01-15T17:00:00 (in Paris)."))
            return NO_INSTANT
        try:
            return value.astimezone(UTC) if value.tzinfo is not None else deadlines.paris_instant(value)
        except deadlines.Imaginary:
            self.wrong(here, _("No clock in Paris shows this time: summer time begins. Choose another one."))
        except deadlines.Ambiguous:
            told = _("Clocks in Paris show this time twice: summer time ends. Add the offset, such as +01:00.")
            self.wrong(here, told)
        except (ValueError, OverflowError):
            self.wrong(here, _("Write a date and a time, such as 2027-01-15T17:00:00 (in Paris)."))
        return NO_INSTANT


def names_of(made: type) -> tuple[str, ...]:
    """The keys of one kind of table: the names of its fields."""
    return tuple(item.name for item in fields(made))


def _parsed(read_text: Callable[[str], Any], text: str) -> Any:
    try:
        return read_text(text)
    except ValueError:
        return None
