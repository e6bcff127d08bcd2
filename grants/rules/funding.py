"""The grant and what is paid of it: pure arithmetic on `Decimal` euros, exact, each function with its formula.

One rule serves the award (selection), the claims (monitoring), the demo and `manage.py funding_case`. Amounts are
euros, zero or more; whatever is computed is rounded down to the rule's unit, and nothing else is rounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from typing import NamedTuple, Protocol

NOMINAL = "nominal"
"""When less is spent, the rate applies to what is verified, up to the grant (F5 NOMINAL_CAPPED)."""
EFFECTIVE = "effective"
"""When less is spent, the grant shrinks in proportion, « au prorata » (F5 EFFECTIVE_RATE)."""
UNDERSPENDS = (NOMINAL, EFFECTIVE)
UNITS = (Decimal(1), Decimal("0.01"))

# The ambient context keeps 28 digits and rounds half even without a word. Here a result that does not fit is an error.
_EXACT = Context(prec=5000, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])
_ZERO = Decimal(0)


class Terms(Protocol):
    """Where an aid rule is kept: what `AidRule.of` reads of it."""

    @property
    def rate(self) -> Decimal: ...
    @property
    def ceiling(self) -> Decimal | None: ...
    @property
    def floor(self) -> Decimal | None: ...
    @property
    def rounding_unit(self) -> Decimal: ...
    @property
    def underspend(self) -> str: ...
    @property
    def advance_share(self) -> Decimal: ...
    @property
    def interim_share(self) -> Decimal: ...


@dataclass(frozen=True)
class AidRule:
    """How a measure aids (R20): the rate on eligible costs, its limits in euros, its rounding, its instalments.

    `rate`, `advance_share` and `interim_share` are shares from 0 to 1; `unit` is one euro or one cent; `underspend` is
    `NOMINAL` or `EFFECTIVE`. Raises `ValueError` for anything else.
    """

    rate: Decimal
    ceiling: Decimal | None = None
    floor: Decimal | None = None
    unit: Decimal = UNITS[0]
    underspend: str = NOMINAL
    advance_share: Decimal = Decimal("0.30")
    interim_share: Decimal = Decimal("0.80")

    def __post_init__(self) -> None:
        for name in ("rate", "advance_share", "interim_share"):
            if _exact(name, getattr(self, name)) > 1:
                raise ValueError(f"{name} is a share from 0 to 1, not {getattr(self, name)}.")
        for name in ("ceiling", "floor"):
            if getattr(self, name) is not None:
                _exact(name, getattr(self, name))
        if _exact("unit", self.unit) not in UNITS:
            raise ValueError(f"unit is 1 or 0.01 euro, not {self.unit}.")
        if self.underspend not in UNDERSPENDS:
            raise ValueError(f"underspend is one of {', '.join(UNDERSPENDS)}, not {self.underspend}.")

    @classmethod
    def of(cls, terms: Terms) -> AidRule:
        """The rule that `terms` (a stored aid rule) keeps."""
        return cls(
            rate=terms.rate,
            ceiling=terms.ceiling,
            floor=terms.floor,
            unit=terms.rounding_unit,
            underspend=str(terms.underspend),
            advance_share=terms.advance_share,
            interim_share=terms.interim_share,
        )

    def down(self, amount: Decimal) -> Decimal:
        """`amount` euros rounded down to the unit.

        >>> AidRule(rate=Decimal("0.5")).down(Decimal("18104.98"))
        Decimal('18104')
        """
        return _multiple(_exact("amount", amount), self.unit, self.unit)


@dataclass(frozen=True)
class Grant:
    """A grant in euros, the operand that decided it, and all four operands, so that anybody can check it (F2).

    `bound` is `rate`, `requested`, `ceiling`, `envelope` or `floor`; `operands` has the first four in that order
    (None: there is no ceiling).
    """

    amount: Decimal
    bound: str
    operands: Mapping[str, Decimal | None] = field(hash=False)

    @property
    def below_floor(self) -> bool:
        """The computed grant is below the least that is paid out, so that there is none."""
        return self.bound == "floor"

    def record(self) -> dict[str, str | None]:
        """The operands as text with two decimals, to be kept in JSON.

        >>> grant(AidRule(rate=Decimal("0.5")), eligible=Decimal(9), requested=Decimal(8), left=Decimal(7)).record()
        {'rate': '4.00', 'requested': '8.00', 'ceiling': None, 'envelope': '7.00'}
        """
        return {name: None if value is None else f"{value:.2f}" for name, value in self.operands.items()}


class Settlement(NamedTuple):
    """What settles an operation, in euros: an `amount` to pay or a `recovery` to claim back; one of them is zero."""

    amount: Decimal
    recovery: Decimal


def grant(rule: AidRule, *, eligible: Decimal, requested: Decimal, left: Decimal) -> Grant:
    """The grant: the smallest of rate × eligible, the request, the ceiling and what is `left`, rounded down (F2).

    Among equal operands the first in that order decides; they are compared before the whole is rounded. A result below
    the floor is no grant: amount 0, bound `floor`.

    >>> rule = AidRule(rate=Decimal("0.5"))
    >>> grant(rule, eligible=Decimal("36209.96"), requested=Decimal(20000), left=Decimal(1160649)).amount
    Decimal('18104')
    """
    operands = {
        "rate": rule.down(_EXACT.multiply(rule.rate, _exact("eligible", eligible))),
        "requested": _exact("requested", requested),
        "ceiling": rule.ceiling,
        "envelope": _exact("left", left),
    }
    bound, smallest = min(
        ((name, value) for name, value in operands.items() if value is not None), key=lambda operand: operand[1]
    )
    amount = rule.down(smallest)
    if rule.floor is not None and amount < rule.floor:
        return Grant(amount=_ZERO, bound="floor", operands=operands)
    return Grant(amount=amount, bound=bound, operands=operands)


def before_envelope(rule: AidRule, *, eligible: Decimal, requested: Decimal) -> Decimal:
    """What the dossier would get from a full envelope: the sum that "money left" asks for (F2, CPR art. 73).

    The floor, which applies to the grant alone, is left aside: a dossier too small for a grant asks for its sum.

    >>> before_envelope(AidRule(rate=Decimal("0.5")), eligible=Decimal("36209.96"), requested=Decimal(20000))
    Decimal('18104')
    """
    wanted = min(_EXACT.multiply(rule.rate, _exact("eligible", eligible)), _exact("requested", requested))
    return rule.down(wanted if rule.ceiling is None else min(wanted, rule.ceiling))


def entitled(rule: AidRule, *, grant: Decimal, eligible: Decimal, verified: Decimal) -> Decimal:
    """What all expenses verified so far give a right to, by the rule on underspending, never above the grant (F5).

    `eligible` is the base the grant was decided on; with none, there is no right.

    >>> half = AidRule(rate=Decimal("0.5"))
    >>> entitled(half, grant=Decimal(40000), eligible=Decimal(100000), verified=Decimal(90000))
    Decimal('40000')
    >>> pro_rata = AidRule(rate=Decimal("0.5"), underspend=EFFECTIVE)
    >>> entitled(pro_rata, grant=Decimal(40000), eligible=Decimal(100000), verified=Decimal(90000))
    Decimal('36000')
    """
    grant, eligible, verified = _exact("grant", grant), _exact("eligible", eligible), _exact("verified", verified)
    if not eligible:
        return _ZERO
    if rule.underspend == NOMINAL:
        return min(rule.down(_EXACT.multiply(rule.rate, verified)), grant)
    # One integer division, so that no quotient is rounded on the way: ⌊grant × verified / (eligible × unit)⌋ units.
    whole = _EXACT.multiply(grant, verified)
    return min(_multiple(whole, _EXACT.multiply(eligible, rule.unit), rule.unit), grant)


def advance(rule: AidRule, *, grant: Decimal) -> Decimal:
    """The advance, paid once and before any expense (F6).

    >>> advance(AidRule(rate=Decimal("0.5")), grant=Decimal(40000))
    Decimal('12000')
    """
    return rule.down(_EXACT.multiply(rule.advance_share, _exact("grant", grant)))


def interim_limit(rule: AidRule, *, grant: Decimal) -> Decimal:
    """The most that may be paid before the final report is accepted: the rest waits for it (F6, F7).

    >>> interim_limit(AidRule(rate=Decimal("0.5")), grant=Decimal(40000))
    Decimal('32000')
    """
    return rule.down(_EXACT.multiply(rule.interim_share, _exact("grant", grant)))


def interim(rule: AidRule, *, grant: Decimal, eligible: Decimal, verified: Decimal, paid: Decimal) -> Decimal:
    """The interim payment for all expenses `verified` so far, `paid` being net of recoveries; zero at least (F6).

    >>> rule = AidRule(rate=Decimal("0.5"), ceiling=Decimal(40000))
    >>> case = {"grant": Decimal(40000), "eligible": Decimal(100000)}
    >>> interim(rule, **case, verified=Decimal(30000), paid=Decimal(12000))
    Decimal('3000')
    >>> interim(rule, **case, verified=Decimal(70000), paid=Decimal(15000))
    Decimal('17000')
    """
    due = entitled(rule, grant=grant, eligible=eligible, verified=verified)
    within = min(due, interim_limit(rule, grant=grant))
    return max(_ZERO, _EXACT.subtract(within, _exact("paid", paid)))


def balance(rule: AidRule, *, grant: Decimal, eligible: Decimal, verified: Decimal, paid: Decimal) -> Settlement:
    """The balance for all that was `verified` at the end: what is still due, or what is to be recovered (F6).

    >>> rule = AidRule(rate=Decimal("0.5"), ceiling=Decimal(40000))
    >>> case = {"grant": Decimal(40000), "eligible": Decimal(100000), "paid": Decimal(32000)}
    >>> balance(rule, **case, verified=Decimal(78000))
    Settlement(amount=Decimal('7000'), recovery=Decimal('0'))
    >>> balance(rule, **case, verified=Decimal(60000))
    Settlement(amount=Decimal('0'), recovery=Decimal('2000'))
    """
    due = entitled(rule, grant=grant, eligible=eligible, verified=verified)
    difference = _EXACT.subtract(due, _exact("paid", paid))
    return Settlement(amount=max(_ZERO, difference), recovery=max(_ZERO, _EXACT.minus(difference)))


def correction(rule: AidRule, *, grant: Decimal, eligible: Decimal, verified: Decimal, paid: Decimal) -> Settlement:
    """What a sum corrected after the balance changes: the balance's computation on what is `verified` now (F8).

    >>> rule = AidRule(rate=Decimal("0.5"), ceiling=Decimal(40000))
    >>> case = {"grant": Decimal(40000), "eligible": Decimal(100000), "paid": Decimal(39000)}
    >>> correction(rule, **case, verified=Decimal(60000))
    Settlement(amount=Decimal('0'), recovery=Decimal('9000'))
    """
    return balance(rule, grant=grant, eligible=eligible, verified=verified, paid=paid)


def paid_after(paid: Decimal, settlement: Settlement) -> Decimal:
    """What is out, net of recoveries, once `settlement` follows `paid`.

    >>> paid_after(Decimal(39000), Settlement(amount=Decimal(0), recovery=Decimal(9000)))
    Decimal('30000')
    """
    return _EXACT.subtract(_EXACT.add(_exact("paid", paid), settlement.amount), settlement.recovery)


def _multiple(amount: Decimal, divisor: Decimal, unit: Decimal) -> Decimal:
    """⌊amount / divisor⌋ × unit."""
    return _EXACT.multiply(_EXACT.divide_int(amount, divisor), unit)


def _exact(name: str, value: Decimal | int) -> Decimal:
    """`value` if it is an exact number of zero or more.

    Raises `TypeError` for a float and `ValueError` for what is below zero, infinite or not a number.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise TypeError(f"{name} is a Decimal, not {type(value).__name__}.")
    number = Decimal(value)
    if not number.is_finite() or number < 0:
        raise ValueError(f"{name} is zero or more, not {value}.")
    return number
