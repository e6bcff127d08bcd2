"""When a usage report falls due, and when its reminders are sent (R28)."""

from __future__ import annotations

from datetime import date, timedelta

FILLABLE_BEFORE = timedelta(days=30)
"""A report may be filled from 30 days before it is due: the first reminder asks for it then."""
REMINDERS = (-30, -7, 0, 15)
"""Days from the due date at which the applicant is reminded."""


def year_after(day: date) -> date:
    """The same day of the next year; for 29 February, the last day of that month.

    >>> year_after(date(2028, 2, 29)), year_after(date(2027, 6, 2))
    (datetime.date(2029, 2, 28), datetime.date(2028, 6, 2))
    """
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def fillable_from(due_on: date) -> date:
    """The first day on which the report on a year of use may be filled.

    >>> fillable_from(date(2028, 6, 2))
    datetime.date(2028, 5, 3)
    """
    return due_on - FILLABLE_BEFORE


def reminder_due(due_on: date, today: date) -> int | None:
    """The latest of `REMINDERS` that has come, in days from the due date; none before the first.

    A scheduler that was down sends the latest alone: nobody gets two of them at once.

    >>> [reminder_due(date(2028, 6, 30), day) for day in (date(2028, 5, 30), date(2028, 5, 31), date(2028, 7, 20))]
    [None, -30, 15]
    """
    come = [offset for offset in REMINDERS if due_on + timedelta(days=offset) <= today]
    return come[-1] if come else None
