"""Marks, totals and means: exact, strict, and rounded half up once."""

from decimal import Decimal

import pytest

from selection.rules import scoring
from selection.rules.scoring import BadMark, Scale

HALVES = Scale(maximum=Decimal(5), step=Decimal("0.5"))
WEIGHTS = {
    "technical": "0.75",
    "approach": "0.75",
    "territorial": "0.75",
    "services": "0.75",
    "human": "1",
    "financial": "1",
}
REFERENCE = {code: Scale(weight=Decimal(weight)) for code, weight in WEIGHTS.items()}


def of_reference(*values):
    return dict(zip(WEIGHTS, map(Decimal, values), strict=True))


def test_the_reference_grid_gives_a_total_out_of_a_hundred():
    assert scoring.total(of_reference(12, 14, 16, 13, 11, 9), REFERENCE) == Decimal("61.25")
    assert scoring.total(of_reference(12, 14, 16, 13, 11, 12), REFERENCE) == Decimal("64.25")
    assert scoring.largest_total(REFERENCE.values()) == Decimal(100)


@pytest.mark.parametrize("value", ["4.5", "4,5", Decimal("4.5"), Decimal("4.50"), " 4.5 "])
def test_a_mark_is_read_as_people_write_it(value):
    assert scoring.mark(value, HALVES) == Decimal("4.5")


@pytest.mark.parametrize(
    "value",
    [
        4.5,
        True,
        None,
        "",
        "NaN",
        "Infinity",
        "1e1",
        "1_0",
        "+3",
        "-1",
        "٣",
        "3.",
        "1.234",
        "9" * 400,
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1e400"),
        Decimal("-0"),
        2**63,
        Decimal("0.001"),
    ],
)
def test_what_is_no_number_is_no_mark(value):
    with pytest.raises(BadMark) as error:
        scoring.mark(value, HALVES)
    assert error.value.reason == "number"


@pytest.mark.parametrize(("value", "reason"), [("5.5", "scale"), (6, "scale"), ("4.25", "step"), ("0.1", "step")])
def test_a_mark_stays_on_its_scale_and_its_step(value, reason):
    with pytest.raises(BadMark) as error:
        scoring.mark(value, HALVES)
    assert error.value.reason == reason


def test_steps_count_from_the_lowest_mark():
    odd = Scale(minimum=Decimal(1), maximum=Decimal(7), step=Decimal(2))
    assert [scoring.mark(value, odd) for value in (1, 3, 5, 7)] == [1, 3, 5, 7]
    with pytest.raises(BadMark):
        scoring.mark(4, odd)


def test_a_missing_mark_is_no_zero():
    with pytest.raises(KeyError):
        scoring.total({"technical": Decimal(3)}, REFERENCE)
    with pytest.raises(ValueError, match="no criterion"):
        scoring.total({**of_reference(1, 1, 1, 1, 1, 1), "charm": Decimal(20)}, REFERENCE)


def test_means_are_rounded_half_up_to_four_decimals():
    assert scoring.mean([]) is None
    assert scoring.mean([Decimal("60"), Decimal("60.0001")]) == Decimal("60.0001")
    assert scoring.mean([Decimal(1), Decimal(1), Decimal(2)]) == Decimal("1.3333")
    assert scoring.mean([Decimal(1), Decimal(2), Decimal(2)]) == Decimal("1.6667")


@pytest.mark.parametrize(
    "numbers",
    [
        {"weight": Decimal(-1)},
        {"step": Decimal(0)},
        {"minimum": Decimal(20)},
        {"maximum": Decimal("NaN")},
        {"weight": 1.5},
    ],
)
def test_a_scale_that_cannot_be_is_refused(numbers):
    with pytest.raises(ValueError, match="scale"):
        Scale(**numbers)


def test_nothing_negative_is_rounded():
    with pytest.raises(ValueError, match="not negative"):
        scoring.mean([Decimal(-1)])
