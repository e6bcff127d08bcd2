"""Deadlines: instants on a half-open line, typed as the clock on the wall of Paris shows them (R48)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

USUAL_REMINDERS = (7, 1)
"""Days before the deadline at which whoever left a draft is reminded, unless the call says otherwise."""
MOST_REMINDERS, EARLIEST_REMINDER = 5, 60
"""How many reminders a call may name, and how many days before its deadline the first may come."""


class Imaginary(ValueError):
    """A time that no clock shows: the hour skipped when summer time begins."""


class Ambiguous(ValueError):
    """A time that the clock shows twice: the hour repeated when summer time ends."""


def paris_instant(wall: datetime) -> datetime:
    """The instant, in UTC, at which clocks in Paris show `wall` (a naive date and time).

    Raises `Imaginary` or `Ambiguous` where there is no such instant, or two, and `ValueError` for an aware one.

    >>> paris_instant(datetime(2027, 1, 15, 17, 0))
    datetime.datetime(2027, 1, 15, 16, 0, tzinfo=datetime.timezone.utc)
    """
    if wall.tzinfo is not None:
        raise ValueError("A time on the wall has no zone.")
    first, second = (wall.replace(tzinfo=PARIS, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(PARIS).replace(tzinfo=None) != wall:
        raise Imaginary(wall.isoformat())
    if first != second:
        raise Ambiguous(wall.isoformat())
    return first


def before(received_at: datetime, closes_at: datetime) -> bool:
    """Whether what was received at `received_at` is in time: the closing instant itself is too late."""
    return received_at < closes_at


def open_at(received_at: datetime, opens_at: datetime, closes_at: datetime) -> bool:
    """Whether the line from `opens_at` to `closes_at`, its end excluded, holds `received_at`."""
    return opens_at <= received_at and before(received_at, closes_at)


def end_of_period(began_on: date, days: int) -> datetime:
    """The instant at which a period of `days` days after `began_on` is over: midnight in Paris after its last day.

    >>> end_of_period(date(2027, 6, 1), 60)
    datetime.datetime(2027, 7, 31, 22, 0, tzinfo=datetime.timezone.utc)
    """
    return datetime.combine(began_on + timedelta(days=days + 1), time(), tzinfo=PARIS).astimezone(UTC)
