"""Marks, totals and means: exact on `Decimal`, rounded half up to four decimals, and nothing else is rounded.

The total of a scorecard is Σ weight × mark; a dossier's score is the mean of the totals of its scorecards.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

FOUR_DECIMALS = 4
LARGEST_TOTAL = Decimal("99999.9999")
"""What the column of a total holds."""

_WRITTEN = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?")


class BadMark(ValueError):
    """A mark that its criterion does not take: `reason` is `number`, `scale` or `step`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Scale:
    """How one criterion is marked, from `minimum` to `maximum` by `step`, and what its mark weighs (0: informative)."""

    weight: Decimal = Decimal(1)
    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(20)
    step: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        for value in (self.weight, self.minimum, self.maximum, self.step):
            if not isinstance(value, Decimal) or not value.is_finite():
                raise ValueError("A scale is made of finite Decimals.")
        if self.weight < 0 or self.step <= 0 or self.maximum <= self.minimum:
            raise ValueError("A scale rises from its lowest to its highest mark by a positive step.")


def mark(value: object, scale: Scale) -> Decimal:
    """`value` as a mark of `scale`. Raises `BadMark`.

    Strict where `Decimal()` is not: no float, boolean, exponent, NaN, infinity, sign or third decimal.

    >>> mark("12,5", Scale(step=Decimal("0.5")))
    Decimal('12.5')
    """
    number = _number(value)
    if not scale.minimum <= number <= scale.maximum:
        raise BadMark("scale")
    if Fraction(number - scale.minimum) % Fraction(scale.step):
        raise BadMark("step")
    return number


def total(values: Mapping[str, Decimal], criteria: Mapping[str, Scale]) -> Decimal:
    """Σ weight × mark over `criteria`, to four decimals.

    Raises `KeyError` for a criterion without mark and `ValueError` for a mark without criterion: no silent zero.

    >>> total({"a": Decimal(12), "b": Decimal(9)}, {"a": Scale(Decimal("0.75")), "b": Scale()})
    Decimal('18.0000')
    """
    if set(values) - set(criteria):
        raise ValueError("A mark stands for no criterion of the grid.")
    exact = sum((Fraction(scale.weight) * Fraction(values[code]) for code, scale in criteria.items()), Fraction(0))
    return rounded(exact)


def mean(totals: Collection[Decimal]) -> Decimal | None:
    """The mean of `totals`, half up to four decimals; `None` of nothing.

    >>> mean([Decimal(61), Decimal(62), Decimal(62)])
    Decimal('61.6667')
    """
    if not totals:
        return None
    return rounded(sum(map(Fraction, totals), Fraction(0)) / len(totals))


def largest_total(criteria: Iterable[Scale]) -> Decimal:
    """The total of a scorecard with the highest mark everywhere."""
    return rounded(sum((Fraction(scale.weight) * Fraction(scale.maximum) for scale in criteria), Fraction(0)))


def rounded(exact: Fraction, decimals: int = FOUR_DECIMALS) -> Decimal:
    """`exact`, zero or more, rounded half up to `decimals` decimals.

    >>> rounded(Fraction(1, 8), 2)
    Decimal('0.13')
    """
    if exact < 0:
        raise ValueError("Marks, totals and means are not negative.")
    return Decimal(int(exact * 10**decimals + Fraction(1, 2))).scaleb(-decimals)


def _number(value: object) -> Decimal:
    if isinstance(value, str):
        text = value.strip()
        if not _WRITTEN.fullmatch(text):
            raise BadMark("number")
        return Decimal(text.replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise BadMark("number")
    number = Decimal(value)
    if not number.is_finite() or number.is_signed() or number >= 1000:
        raise BadMark("number")
    if Fraction(number) * 100 % 1:
        raise BadMark("number")
    return number
