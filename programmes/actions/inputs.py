"""What persons type about money and time, read once: exact, in range, or `Refused` with the field's name."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _t

from kit.errors import Refused
from kit.money import amount_of
from people.actions.inputs import choice, email, line, paragraph

__all__ = ["amount", "choice", "code", "day", "email", "instant", "line", "paragraph", "period", "share", "whole"]

_CODE = re.compile(r"[A-Z0-9][A-Z0-9.-]{1,29}")


def amount(value: Decimal | int | str, field: str) -> Decimal:
    """Euros, zero or more, to the cent. Raises `Refused` for anything else."""
    try:
        euros = amount_of(value)
    except (TypeError, ValueError, InvalidOperation) as error:
        raise Refused(_t("Write an amount such as 1234.50, with two decimals at most."), field=field) from error
    if euros < 0:
        raise Refused(_t("Write an amount of zero or more."), field=field)
    return euros


def share(value: Decimal | int | str, field: str) -> Decimal:
    """A share from 0 to 1, with four decimals at most. Raises `Refused` for anything else."""
    try:
        part = Decimal(value)
    except (TypeError, ValueError, InvalidOperation):
        part = Decimal("NaN")
    if not part.is_finite() or not 0 <= part <= 1 or part != part.quantize(Decimal("0.0001")):
        raise Refused(_t("Write a share from 0 to 1, such as 0.5 for 50 %."), field=field)
    return part


def whole(value: int, field: str, *, least: int = 0, most: int = 1000) -> int:
    """A whole number from `least` to `most`. Raises `Refused` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Refused(_t("Write a whole number from {least} to {most}.").format(least=least, most=most), field=field)
    return value


def code(text: str, field: str) -> str:
    """A code in capitals, such as PRAI-2027. Raises `Refused` for anything else."""
    kept = line(text, field, longest=30)
    if not _CODE.fullmatch(kept):
        raise Refused(_t("Use capital letters, digits, hyphens and dots, for example PRAI-2027."), field=field)
    return kept


def day(value: date, field: str) -> date:
    """A date without a time. Raises `Refused` for anything else."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise Refused(_t("Give a date."), field=field)
    return value


def period(starts_on: date, ends_on: date, field: str = "ends_on") -> None:
    """Raise `Refused` unless the period ends after it starts."""
    if day(ends_on, field) <= day(starts_on, "starts_on"):
        raise Refused(_t("The end must come after the start."), field=field)


def instant(value: datetime, field: str) -> datetime:
    """An instant that means the same everywhere. Raises `Refused` for a naive one."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Refused(_t("Give a date and a time."), field=field)
    return value
