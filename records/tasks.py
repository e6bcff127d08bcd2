"""Tasks of the records. Each finds in the database what is due: run twice, or never, it loses nothing."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task

from kit import clock
from records.actions import journal, outbox


@shared_task(name="records.send_outbox", ignore_result=True)
def send_outbox() -> int:
    """Send the mails that are due."""
    return outbox.deliver()


@shared_task(name="records.seal_journal", ignore_result=True)
def seal_journal() -> str:
    """Seal the day that has just ended in Paris; the day as text."""
    day = clock.today() - timedelta(days=1)
    journal.seal_day(day)
    return day.isoformat()
