"""When silence becomes a decision: a grant is a request of a financial character (CRPA, art. L231-4, 3°)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, timedelta

MONTHS_OF_SILENCE = 2
"""After so many months without an answer the application is deemed rejected (CRPA, art. L231-4)."""

MONTHS_FOR_THE_COURT = 2
"""Within so many months of a decision, express or implied, it can be brought before the court (CJA, R421-1, R421-2)."""


def deemed_rejected_on(received_on: date, suspensions: Iterable[tuple[date, date]] = ()) -> date:
    """The day on which an application received on `received_on` is deemed rejected, if nothing is decided before.

    The period runs from month to month, by the number of the day, and stands still during each of `suspensions`,
    from the day on which documents were asked for until the day on which they came or were due (CRPA, art. L114-5).

    >>> deemed_rejected_on(date(2027, 3, 1), [(date(2027, 3, 10), date(2027, 3, 20))])
    datetime.date(2027, 5, 11)
    """
    stood = sum((max(until - since, timedelta(0)) for since, until in suspensions), timedelta(0))
    return months_after(received_on, MONTHS_OF_SILENCE) + stood


def months_after(day: date, months: int) -> date:
    """The day of the same number `months` later; the last day of a month that is too short.

    >>> months_after(date(2026, 12, 31), 2)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
