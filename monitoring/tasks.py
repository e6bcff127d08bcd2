"""Tasks of the monitoring. What is due is read from the database: run twice, or late, nothing is sent twice."""

from __future__ import annotations

from celery import shared_task

from monitoring.actions import reminders


@shared_task(name="monitoring.send_due_reminders", ignore_result=True)
def send_due_reminders() -> int:
    """Queue the reminders that are due."""
    return reminders.send_due_reminders()
