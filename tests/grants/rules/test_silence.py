"""When silence is a rejection (CRPA, art. L231-4 and L114-5)."""

from datetime import date

import pytest

from grants.rules.silence import deemed_rejected_on, months_after


@pytest.mark.parametrize(
    ("received", "deemed"),
    [
        (date(2027, 3, 1), date(2027, 5, 1)),
        (date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 12, 30), date(2028, 2, 29)),
        (date(2027, 11, 15), date(2028, 1, 15)),
    ],
)
def test_two_months_run_from_day_to_day(received, deemed):
    assert deemed_rejected_on(received) == deemed


def test_the_period_stands_still_while_documents_are_waited_for():
    suspensions = [
        (date(2027, 3, 10), date(2027, 3, 20)),
        (date(2027, 4, 1), date(2027, 4, 3)),
        (date(2027, 4, 9), date(2027, 4, 9)),
    ]
    assert deemed_rejected_on(date(2027, 3, 1), suspensions) == date(2027, 5, 13)


def test_a_suspension_never_shortens_the_period():
    assert deemed_rejected_on(date(2027, 3, 1), [(date(2027, 3, 9), date(2027, 3, 2))]) == date(2027, 5, 1)


def test_months_pass_over_the_end_of_the_year():
    assert months_after(date(2027, 12, 1), 1) == date(2028, 1, 1)
