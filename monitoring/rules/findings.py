"""Where a declared figure and the computed one do not agree: pure comparison, each difference a finding (R31)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kit.words import gettext_lazy as _

COUNT, MONEY = "count", "money"


@dataclass(frozen=True)
class Comparison:
    """One figure of an action: its stable `code`, whether it counts or is euros, what was declared and computed."""

    code: str
    unit: str
    declared: Decimal
    computed: Decimal


@dataclass(frozen=True)
class Finding:
    """A disagreement; `difference` is declared less computed."""

    code: str
    unit: str
    declared: Decimal
    computed: Decimal

    @property
    def difference(self) -> Decimal:
        """Declared less computed: above zero, more was declared than the figures show."""
        return self.declared - self.computed


SENTENCES: dict[str, Any] = {
    "projects_count": _("{declared} projects were declared; the list holds {computed}: a difference of {difference}."),
    "eligible_total": _(
        "Expenses of {declared} were declared; those accepted in the list make {computed}: "
        "a difference of {difference}."
    ),
    "erdf_total": _(
        "A contribution of {declared} was declared; the payments of the list make {computed}: "
        "a difference of {difference}."
    ),
}
"""What a finding says, by its code."""


def findings(comparisons: Iterable[Comparison]) -> Iterator[Finding]:
    """The comparisons that disagree, in order; figures that agree give none.

    >>> [item.difference for item in findings([
    ...     Comparison("projects_count", COUNT, Decimal(20), Decimal(19)),
    ...     Comparison("erdf_total", MONEY, Decimal("502791.00"), Decimal("502791.00")),
    ... ])]
    [Decimal('1')]
    """
    for item in comparisons:
        if item.declared != item.computed:
            yield Finding(item.code, item.unit, item.declared, item.computed)
