"""The arithmetic of grants against its formulas, against fractions counted by hand, and against its own promises."""

import doctest
from decimal import ROUND_UP, Context, Decimal, localcontext
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grants.rules import funding, funding_cases
from grants.rules.funding import EFFECTIVE, NOMINAL, AidRule, Settlement

CENT = Decimal("0.01")


@pytest.mark.parametrize("module", [funding, funding_cases])
def test_the_examples_in_the_docstrings_hold(module):
    results = doctest.testmod(module)
    assert results.attempted
    assert not results.failed


# What the formulas' own page and the reference programme give -------------------------------------------------------


@pytest.mark.parametrize(
    ("eligible", "unit", "amount"),
    [
        ("36209.96", 1, "18104"),
        ("169742.09", 1, "84871"),
        ("169742.09", CENT, "84871.04"),
        ("235163.51", 1, "117581"),
        ("3265.50", CENT, "1632.75"),
        ("0.00", 1, "0"),
    ],
)
def test_the_grant_is_a_share_of_the_eligible_base_rounded_down(eligible, unit, amount):
    rule = AidRule(rate=Decimal("0.5"), unit=Decimal(unit))
    granted = funding.grant(rule, eligible=Decimal(eligible), requested=Decimal(10**6), left=Decimal(10**6))
    assert (granted.amount, granted.bound) == (Decimal(amount), "rate")


@pytest.mark.parametrize(
    ("requested", "ceiling", "left", "amount", "bound"),
    [
        ("60000", None, "90000", "50000", "rate"),
        ("49999.99", None, "90000", "49999", "requested"),
        ("60000", "40000.50", "90000", "40000", "ceiling"),
        ("60000", "40000", "22091.36", "22091", "envelope"),
        ("60000", "40000", "0", "0", "envelope"),
        ("50000", "50000", "50000", "50000", "rate"),
        ("40000", "40000", "40000", "40000", "requested"),
        ("60000", "40000", "40000", "40000", "ceiling"),
        # compared before the whole is rounded: 40 000.50 is less than 40 000.90
        ("40000.90", "40000.50", "40000.70", "40000", "ceiling"),
    ],
)
def test_the_smallest_operand_decides_and_is_named(requested, ceiling, left, amount, bound):
    rule = AidRule(rate=Decimal("0.5"), ceiling=ceiling and Decimal(ceiling))
    granted = funding.grant(rule, eligible=Decimal(100000), requested=Decimal(requested), left=Decimal(left))
    assert (granted.amount, granted.bound) == (Decimal(amount), bound)
    assert list(granted.operands) == ["rate", "requested", "ceiling", "envelope"]
    assert granted.operands["rate"] == 50000
    assert granted.operands["envelope"] == Decimal(left)


@pytest.mark.parametrize(("floor", "amount", "bound"), [("1321", "1321", "rate"), ("1321.01", "0", "floor")])
def test_the_floor_judges_the_rounded_grant(floor, amount, bound):
    rule = AidRule(rate=Decimal("0.5"), floor=Decimal(floor))
    granted = funding.grant(rule, eligible=Decimal("2643.50"), requested=Decimal(60000), left=Decimal(10**6))
    assert (granted.amount, granted.bound, granted.below_floor) == (Decimal(amount), bound, bound == "floor")
    assert granted.record() == {"rate": "1321.00", "requested": "60000.00", "ceiling": None, "envelope": "1000000.00"}


def test_a_payment_never_goes_below_zero_but_a_balance_recovers():
    rule = AidRule(rate=Decimal("0.5"))
    facts = {"grant": Decimal(22091), "eligible": Decimal(100000), "verified": Decimal(10000), "paid": Decimal(17672)}
    assert funding.interim(rule, **facts) == 0
    assert funding.balance(rule, **facts) == Settlement(Decimal(0), Decimal(12672))
    assert funding.paid_after(Decimal(17672), funding.balance(rule, **facts)) == 5000


def test_a_correction_above_the_balance_pays_the_difference():
    rule = AidRule(rate=Decimal("0.5"))
    facts = {"grant": Decimal(50000), "eligible": Decimal(100000), "paid": Decimal(30000)}
    assert funding.correction(rule, **facts, verified=Decimal(70000)) == Settlement(Decimal(5000), Decimal(0))


@pytest.mark.parametrize("underspend", [NOMINAL, EFFECTIVE])
def test_no_eligible_base_gives_no_right(underspend):
    rule = AidRule(rate=Decimal("0.5"), underspend=underspend)
    assert funding.entitled(rule, grant=Decimal(10), eligible=Decimal(0), verified=Decimal(100)) == 0


# Exact, whatever the size and the ambient context -------------------------------------------------------------------


def test_a_quotient_that_28_digits_would_round_up_is_floored():
    # 10³⁰ × 2·10³⁰ / (2·10³⁰ + 1) is just below 10³⁰, and is 10³⁰ when rounded to 28 digits.
    rule = AidRule(rate=Decimal(1), underspend=EFFECTIVE)
    got = funding.entitled(rule, grant=Decimal(10**30), eligible=Decimal(2 * 10**30 + 1), verified=Decimal(2 * 10**30))
    assert got == 10**30 - 1


def test_the_ambient_context_changes_nothing():
    rule = AidRule(rate=Decimal("0.3333333333"), unit=CENT, underspend=EFFECTIVE)

    def compute():
        granted = funding.grant(
            rule, eligible=Decimal("1234567.89"), requested=Decimal("987654.32"), left=Decimal("987654.31")
        ).amount
        facts = {"grant": granted, "eligible": Decimal("1234567.89"), "verified": Decimal("765432.10")}
        return (
            granted,
            funding.balance(rule, **facts, paid=Decimal("0.01")),
            funding.before_envelope(rule, eligible=Decimal("1234567.89"), requested=Decimal("987654.32")),
        )

    usual = compute()
    with localcontext(Context(prec=3, rounding=ROUND_UP)):
        assert compute() == usual


# What is refused ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[(name, value) for name in ("rate", "advance_share", "interim_share") for value in ("-0.01", "1.01", "NaN")],
        *[(name, value) for name in ("ceiling", "floor") for value in ("-1", "Infinity")],
        *[("unit", value) for value in ("0", "10", "0.1", "0.001", "-1")],
    ],
)
def test_a_rule_out_of_bounds_is_refused_by_name(name, value):
    with pytest.raises(ValueError, match=name):
        AidRule(**{"rate": Decimal("0.5"), name: Decimal(value)})


def test_an_unknown_underspend_is_refused():
    with pytest.raises(ValueError, match="underspend"):
        AidRule(rate=Decimal("0.5"), underspend="pro rata")


@pytest.mark.parametrize(("value", "error"), [(0.5, TypeError), (True, TypeError), (Decimal(-1), ValueError)])
@pytest.mark.parametrize("name", ["eligible", "requested", "left"])
def test_floats_and_negative_amounts_are_refused_by_name(name, value, error):
    facts = {"eligible": Decimal(1), "requested": Decimal(1), "left": Decimal(1), name: value}
    with pytest.raises(error, match=name):
        funding.grant(AidRule(rate=Decimal("0.5")), **facts)


def test_a_stored_rule_is_read_field_by_field():
    stored = SimpleNamespace(
        rate=Decimal("0.4"),
        ceiling=Decimal("10.00"),
        floor=None,
        rounding_unit=Decimal("1.00"),
        underspend="effective",
        advance_share=Decimal("0.2"),
        interim_share=Decimal("0.9"),
    )
    rule = AidRule.of(stored)
    assert rule == AidRule(Decimal("0.4"), Decimal(10), None, Decimal(1), EFFECTIVE, Decimal("0.2"), Decimal("0.9"))
    assert rule.down(Decimal("9.99")) == 9


# Properties ---------------------------------------------------------------------------------------------------------

amounts = st.one_of(st.integers(0, 10**9), st.integers(0, 300), st.integers(0, 10**40)).map(
    lambda count: Decimal(count).scaleb(-2, Context(prec=60))
)
shares = st.one_of(
    st.sampled_from([Decimal(0), Decimal("0.3"), Decimal("0.5"), Decimal("0.8"), Decimal(1)]),
    st.integers(0, 10**12).map(lambda count: Decimal(count).scaleb(-12)),
)
rules = st.builds(
    AidRule,
    rate=shares,
    ceiling=st.none() | amounts,
    floor=st.none() | amounts,
    unit=st.sampled_from(funding.UNITS),
    underspend=st.sampled_from(funding.UNDERSPENDS),
    advance_share=shares,
    interim_share=shares,
)


def floored(value: Fraction, unit: Decimal) -> Fraction:
    """By counting the whole units, in integers."""
    step = Fraction(unit)
    return (value.numerator * step.denominator) // (value.denominator * step.numerator) * step


@given(rule=rules, eligible=amounts, requested=amounts, left=amounts)
def test_the_grant_is_what_fractions_give_and_above_no_operand(rule, eligible, requested, left):
    granted = funding.grant(rule, eligible=eligible, requested=requested, left=left)
    operands = [
        ("rate", floored(Fraction(rule.rate) * Fraction(eligible), rule.unit)),
        ("requested", Fraction(requested)),
        *([("ceiling", Fraction(rule.ceiling))] if rule.ceiling is not None else []),
        ("envelope", Fraction(left)),
    ]
    smallest = min(value for _name, value in operands)
    amount = floored(smallest, rule.unit)
    first = next(name for name, value in operands if value == smallest)
    if rule.floor is not None and amount < Fraction(rule.floor):
        amount, first = Fraction(0), "floor"
    assert (Fraction(granted.amount), granted.bound) == (amount, first)
    assert all(granted.amount <= value for value in granted.operands.values() if value is not None)


@given(rule=rules, eligible=amounts, requested=amounts, left=amounts)
def test_what_is_asked_of_the_envelope_is_the_grant_when_it_holds_enough(rule, eligible, requested, left):
    asked = funding.before_envelope(rule, eligible=eligible, requested=requested)
    granted = funding.grant(rule, eligible=eligible, requested=requested, left=left)
    if granted.below_floor:
        assert min(asked, left) < rule.floor + 1
    elif left >= asked:
        assert granted.amount == asked
    else:
        assert granted.amount == rule.down(left)
        assert granted.bound == "envelope"


@given(rule=rules, grant=amounts, eligible=amounts, verified=amounts)
@example(
    rule=AidRule(rate=Decimal(1), underspend=EFFECTIVE), grant=Decimal(3), eligible=Decimal(3), verified=Decimal(1)
)
def test_the_right_is_what_fractions_give(rule, grant, eligible, verified):
    if not eligible:
        expected = Fraction(0)
    elif rule.underspend == NOMINAL:
        expected = min(floored(Fraction(rule.rate) * Fraction(verified), rule.unit), Fraction(grant))
    else:
        prorated = Fraction(grant) * Fraction(verified) / Fraction(eligible)
        expected = min(floored(prorated, rule.unit), Fraction(grant))
    assert Fraction(funding.entitled(rule, grant=grant, eligible=eligible, verified=verified)) == expected


@given(rule=rules, grant=amounts, eligible=amounts, sums=st.tuples(amounts, amounts))
def test_more_verified_never_gives_less(rule, grant, eligible, sums):
    less, more = (
        funding.entitled(rule, grant=grant, eligible=eligible, verified=verified) for verified in sorted(sums)
    )
    assert 0 <= less <= more <= grant


@given(
    rule=rules,
    eligible=amounts,
    requested=amounts,
    claims=st.lists(amounts, max_size=5),
    final=amounts,
    corrected=st.none() | amounts,
    with_advance=st.booleans(),
)
def test_payments_stay_within_the_grant_and_sum_to_the_right(
    rule, eligible, requested, claims, final, corrected, with_advance
):
    amount = funding.grant(rule, eligible=eligible, requested=requested, left=Decimal(10**38)).amount
    moves, paid = [], Decimal(0)

    def move(settlement):
        nonlocal paid
        moves.append(settlement)
        paid = funding.paid_after(paid, settlement)
        assert 0 <= paid <= amount

    if with_advance:
        move(Settlement(funding.advance(rule, grant=amount), Decimal(0)))
    for verified in claims:
        due = funding.interim(rule, grant=amount, eligible=eligible, verified=verified, paid=paid)
        limit = max(paid, funding.interim_limit(rule, grant=amount))
        move(Settlement(due, Decimal(0)))
        assert paid <= limit
    move(funding.balance(rule, grant=amount, eligible=eligible, verified=final, paid=paid))
    if corrected is not None:
        move(funding.correction(rule, grant=amount, eligible=eligible, verified=corrected, paid=paid))
    last = final if corrected is None else corrected
    sums = sum(Fraction(settlement.amount) - Fraction(settlement.recovery) for settlement in moves)
    assert sums == Fraction(paid) == Fraction(funding.entitled(rule, grant=amount, eligible=eligible, verified=last))
    assert all(0 in settlement and min(settlement) == 0 for settlement in moves)
