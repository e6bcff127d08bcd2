"""What the acts of the selection take in, read once: days by halves; the rest as on the floors below."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _t

from kit.errors import Refused
from programmes.actions.inputs import amount, choice, day, instant, line, paragraph, period, whole

__all__ = ["amount", "choice", "day", "days", "instant", "line", "paragraph", "period", "whole"]


def days(value: Decimal | int, field: str, *, most: Decimal) -> Decimal:
    """A number of days above zero, by halves, up to `most`. Raises `Refused`; a float is no number of days."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int) or not Decimal(value).is_finite():
        raise Refused(_t("Write a number of days such as 1 or 0.5."), field=field)
    number = Decimal(value)
    if number <= 0 or number > most or Fraction(number) % Fraction(1, 2):
        raise Refused(_t("Give days and half-days, {most} at most.").format(most=f"{most:.1f}"), field=field)
    return number
