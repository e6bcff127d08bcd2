"""A figure with its comparison and its unit, as it is read."""

from __future__ import annotations

from decimal import Decimal

from kit.money import format_amount
from programmes.rules.units import MONEY, PERCENT, unit_words
from web.templatetags.escalier import number, percent

SIGNS = {">=": "≥", "<=": "≤", "=": ""}


def said(value: Decimal | None, unit: str, operator: str = "") -> str:
    """`≥ 600 personnes`, `59,26 %`, `120 000,00 €`; nothing for no value."""
    if value is None:
        return ""
    sign, plain = SIGNS.get(operator, operator), Decimal(f"{value.normalize():f}")
    if unit == MONEY:
        words = format_amount(value)
    elif unit == PERCENT:
        words = percent(value / 100)
    else:
        words = f"{number(plain)}\u00a0{unit_words(unit)}" if unit else number(plain)
    return f"{sign}\u00a0{words}" if sign else words
