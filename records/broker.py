"""Waking a worker. What is due stands in the database, so that no failure here matters, and none may slow an act."""

from __future__ import annotations

import contextlib
import logging
import time
from concurrent.futures import ThreadPoolExecutor

from celery import current_app
from django.db import connection, transaction

from kit import clock

logger = logging.getLogger(__name__)
PAUSE = 15  # seconds without trying a broker that has just failed: the sweep comes as often

# A broker that is down takes seconds to say so, one that hangs takes its whole time-out: nobody's act waits for it.
_aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="wake")
_quiet_until = 0.0


def wake_after_commit() -> None:
    """Wake the sender once the transaction is committed; once, however many mails it queued."""
    if not any(function is wake_sender for _, function, *_ in connection.run_on_commit):
        transaction.on_commit(wake_sender)


def wake_sender() -> None:
    """Have a worker told that there is mail, without waiting for it. A replay of history wakes nobody."""
    if not clock.replaying():
        with contextlib.suppress(RuntimeError):  # this process is ending: the next sweep finds the mail
            _aside.submit(_tell)


def _tell() -> None:
    """Tell a worker; without a broker the next sweep finds the mail."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        current_app.send_task("records.send_outbox", retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001 - whatever a broker raises, nobody is there to hear it
        _quiet_until = time.monotonic() + PAUSE
        logger.warning("the broker does not answer (%s); the next sweep sends the mail", type(error).__name__)
