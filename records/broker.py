"""Waking a worker. What is due stands in the database, so that no failure here matters, and none may slow an act."""

from __future__ import annotations

import logging
import time

from celery import current_app
from django.db import connection, transaction

from kit import clock

logger = logging.getLogger(__name__)
PAUSE = 15  # seconds without trying a broker that has just failed: the sweep comes as often

_quiet_until = 0.0


def wake_after_commit() -> None:
    """Wake the sender once the transaction is committed; once, however many mails it queued."""
    if not any(function is wake_sender for _, function, *_ in connection.run_on_commit):
        transaction.on_commit(wake_sender)


def wake_sender() -> None:
    """Tell a worker that there is mail; without a broker the next sweep finds it. A replay of history wakes nobody."""
    global _quiet_until
    if clock.replaying() or time.monotonic() < _quiet_until:
        return
    try:
        current_app.send_task("records.send_outbox", retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001 - whatever a broker raises, the act is done and must be answered
        _quiet_until = time.monotonic() + PAUSE
        logger.warning("the broker does not answer (%s); the next sweep sends the mail", type(error).__name__)
