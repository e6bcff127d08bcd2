# ruff: noqa: DTZ001 - a time on the wall has no zone
"""Deadlines at the edges of summer time, and the half-open line."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.clock import PARIS
from programmes.rules import deadlines

CLOSING = datetime(2027, 1, 15, 16, tzinfo=UTC)


def test_a_time_on_the_wall_in_paris_is_one_instant():
    assert deadlines.paris_instant(datetime(2027, 1, 15, 17)) == CLOSING
    assert deadlines.paris_instant(datetime(2027, 7, 15, 17)) == datetime(2027, 7, 15, 15, tzinfo=UTC)


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_the_hour_skipped_in_spring_is_refused(minute):
    with pytest.raises(deadlines.Imaginary):
        deadlines.paris_instant(datetime(2027, 3, 28, 2, minute))


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_the_hour_repeated_in_autumn_is_refused(minute):
    with pytest.raises(deadlines.Ambiguous):
        deadlines.paris_instant(datetime(2027, 10, 31, 2, minute))


def test_an_aware_time_is_no_time_on_the_wall():
    with pytest.raises(ValueError, match="no zone"):
        deadlines.paris_instant(CLOSING)


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))
def test_what_is_accepted_shows_on_the_clock_as_it_was_typed(wall):
    try:
        instant = deadlines.paris_instant(wall)
    except (deadlines.Imaginary, deadlines.Ambiguous):
        return
    assert instant.astimezone(PARIS).replace(tzinfo=None) == wall


def test_the_closing_instant_itself_is_too_late():
    moment = timedelta(microseconds=1)
    assert deadlines.before(CLOSING - moment, CLOSING)
    assert not deadlines.before(CLOSING, CLOSING)
    assert deadlines.open_at(CLOSING - moment, CLOSING - moment, CLOSING)
    assert not deadlines.open_at(CLOSING - 2 * moment, CLOSING - moment, CLOSING)
    assert not deadlines.open_at(CLOSING, CLOSING - moment, CLOSING)


def test_a_period_of_days_ends_at_midnight_in_paris_across_summer_time():
    assert deadlines.end_of_period(date(2027, 3, 1), 60) == datetime(2027, 4, 30, 22, tzinfo=UTC)
    assert deadlines.end_of_period(date(2027, 1, 1), 1) == datetime(2027, 1, 2, 23, tzinfo=UTC)
