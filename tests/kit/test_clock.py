"""The one clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kit import clock

NEW_YEAR_IN_PARIS = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


def test_the_day_is_that_of_paris():
    with clock.at(NEW_YEAR_IN_PARIS):
        assert clock.now() == NEW_YEAR_IN_PARIS
        assert clock.today() == date(2027, 1, 1)


def test_a_replay_nests_and_ends():
    assert clock.replaying() is False
    with clock.at(NEW_YEAR_IN_PARIS), clock.at(NEW_YEAR_IN_PARIS + timedelta(days=1)):
        assert clock.today() == date(2027, 1, 2)
        assert clock.replaying() is True
    assert clock.replaying() is False
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="aware"), clock.at(datetime(2027, 1, 1)):  # noqa: DTZ001
        pass


@pytest.mark.django_db
def test_the_database_tells_the_time_but_in_a_replay():
    assert clock.database_now().tzinfo is UTC
    assert abs(clock.database_now() - clock.real_now()) < timedelta(minutes=1)
    with clock.at(NEW_YEAR_IN_PARIS):
        assert clock.database_now() == NEW_YEAR_IN_PARIS
        assert clock.real_now() != NEW_YEAR_IN_PARIS
