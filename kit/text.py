"""Text that people type, and dates as they read them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kit import words
from kit.clock import PARIS

NO_BREAK_SPACE = "\u00a0"
# C0 controls but tab, line feed and carriage return; DEL. No text that a person types holds them.
_CONTROLS = {code: None for code in (*range(0x20), 0x7F) if code not in (0x09, 0x0A, 0x0D)}
_MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_SHORT_MONTHS = {
    "fr": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}


_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` in the composed form (NFC), without NUL and other controls that no person types.

    Raises `ValueError` for a lone surrogate, which no database or encoder takes.
    """
    if text.isascii() and text.isprintable():
        return text  # most of what is kept, and a record keeps much
    if _SURROGATE.search(text):
        raise ValueError("This text holds half a character; type it again rather than paste it.")
    return unicodedata.normalize("NFC", text.translate(_CONTROLS))


def clean_data(value: Any) -> Any:
    """`value`, a JSON structure, with every text in it cleaned, keys included."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): clean_data(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean_data(item) for item in value]
    return value


def format_date(day: date, language: str | None = None) -> str:
    """`day` in full: `1er décembre 2026`, `1 December 2026`; an instant is read in Paris.

    >>> format_date(date(2026, 12, 1), "fr")
    '1er décembre 2026'
    """
    return _written(day, language, _MONTHS)


def format_short_date(day: date, language: str | None = None) -> str:
    """`day` for a table: `24 nov. 2026`, `24 Nov 2026`."""
    return _written(day, language, _SHORT_MONTHS)


def format_time(instant: datetime, language: str | None = None) -> str:
    """The hour in Paris: `17 h 00` (spaces that do not break), `5:00 pm` being `17:00` in English."""
    local = instant.astimezone(PARIS)
    if _language(language) == "fr":
        return f"{local.hour}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{local.minute:02}"
    return f"{local.hour}:{local.minute:02}"


def format_datetime(instant: datetime, language: str | None = None) -> str:
    """`15 janvier 2027 à 17 h 00` or `15 January 2027 at 17:00`, in Paris. Raises `ValueError` for a naive instant."""
    if instant.tzinfo is None:
        raise ValueError("An instant to be shown is aware.")
    joint = " à " if _language(language) == "fr" else " at "
    return format_date(instant, language) + joint + format_time(instant, language)


def _written(day: date, language: str | None, months: dict[str, list[str]]) -> str:
    if isinstance(day, datetime):
        day = day.astimezone(PARIS).date()
    tongue = _language(language)
    number = "1er" if tongue == "fr" and day.day == 1 else str(day.day)
    return f"{number} {months[tongue][day.month - 1]} {day.year}"


def _language(language: str | None) -> str:
    return ("fr" if language.startswith("fr") else "en") if language else words.language()


class CleanCharField(forms.CharField):
    """One line of text, cleaned; a line break becomes a space."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "unreadable": _("This text holds half a character; type it again rather than paste it.")
    }
    one_line = True

    def to_python(self, value: Any) -> Any:
        try:
            if isinstance(value, str):
                value = clean(value)
        except ValueError as error:
            raise ValidationError(self.error_messages["unreadable"], code="unreadable") from error
        value = super().to_python(value)
        return " ".join(value.splitlines()) if self.one_line and isinstance(value, str) else value


class CleanTextarea(CleanCharField):
    """Several lines of text, cleaned; line ends become a line feed."""

    widget = forms.Textarea
    one_line = False

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value
