"""When reports fall due and reminders go out: whole years, whole days, the latest step alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.rules import calendar

DUE = date(2028, 6, 30)
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2200, 12, 31))


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2027, 6, 2), date(2028, 6, 2)),
        (date(2028, 2, 28), date(2029, 2, 28)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 2, 28), date(2028, 2, 28)),
        (date(2027, 3, 1), date(2028, 3, 1)),
        (date(2027, 12, 31), date(2028, 12, 31)),
    ],
)
def test_a_year_after_is_the_same_day_of_the_next_year(day, due):
    assert calendar.year_after(day) == due


@given(days)
def test_a_year_after_is_365_or_366_days_away_in_the_same_month(day):
    due = calendar.year_after(day)
    assert (due - day).days in (365, 366)
    assert (due.year, due.month) == (day.year + 1, day.month)
    assert due.day == day.day or (day.month, day.day, due.day) == (2, 29, 28)


@given(days, days)
def test_what_went_live_later_is_never_due_earlier(first, second):
    earlier, later = sorted((first, second))
    assert calendar.year_after(earlier) <= calendar.year_after(later)


def test_a_report_opens_with_its_first_reminder():
    assert calendar.fillable_from(DUE) == DUE + timedelta(days=calendar.REMINDERS[0])


@pytest.mark.parametrize(
    ("offset", "step"),
    [(-31, None), (-30, -30), (-8, -30), (-7, -7), (-1, -7), (0, 0), (14, 0), (15, 15), (400, 15)],
)
def test_the_latest_reminder_that_has_come_counts_alone(offset, step):
    assert calendar.reminder_due(DUE, DUE + timedelta(days=offset)) == step


@given(days, st.integers(min_value=-60, max_value=60))
def test_reminders_only_move_forward(due, offset):
    today = due + timedelta(days=offset)
    before, now = calendar.reminder_due(due, today - timedelta(days=1)), calendar.reminder_due(due, today)
    assert before is None or (now is not None and now >= before)
    assert now is None or due + timedelta(days=now) <= today
