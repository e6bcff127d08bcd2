"""A real worker with its timetable, for tests that kill it: `python -m tests.reliability.worker NAME`.

Its mail server takes its time and notes every mail it is given in the file `attempts`. `WORKER_HOLD=before|after`
makes it stand still for ever in the middle of the third mail, before or after the mail is out, leaving the file
`NAME.held`. `WORKER_NOTES_FIRST=1` is the control: a mail is noted as sent before it is sent.
"""

import os
import sys
import threading
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from records.mail_backend import FileByKeyBackend

DELAY = 0.05  # seconds a mail
HELD_AT = 3  # the mail at which a worker stands still
_numbers = count(1)
_held = threading.Event()


class SlowMailServer(FileByKeyBackend):
    """Files by key, slowly."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        hold, number = os.environ.get("WORKER_HOLD"), next(_numbers)
        for message in email_messages:
            with open(Path(settings.VAR_DIR) / "attempts", "a") as attempts:
                attempts.write(f"{message.extra_headers['Message-ID']}\n")
        if hold == "before" and number >= HELD_AT:
            _stand_still()
        time.sleep(DELAY)
        sent = super().send_messages(email_messages)
        if hold == "after" and number >= HELD_AT:
            _stand_still()
        return sent


def _stand_still() -> None:
    (Path(settings.VAR_DIR) / f"{sys.argv[1]}.held").touch()
    _held.wait()


def _note_first(outbox: Any) -> None:
    send, settle = outbox._send, outbox._settle

    def noted_then_sent(mail: Any, mailer: Any) -> Exception | None:
        settle(mail, None)
        return send(mail, mailer)

    outbox._send = noted_then_sent


def main() -> None:
    """Work, and keep the timetable, until killed."""
    import django

    django.setup()
    from config.celery import app
    from records.actions import outbox

    if os.environ.get("WORKER_NOTES_FIRST"):
        _note_first(outbox)
    app.conf.beat_schedule = settings.CELERY_BEAT_SCHEDULE
    schedule = str(Path(settings.VAR_DIR) / f"{sys.argv[1]}.schedule")
    pool = ["-P", "threads", "-c", "2", "--without-mingle"]
    app.worker_main(["worker", *pool, "--beat", "-s", schedule, "-n", f"{sys.argv[1]}@test", "--loglevel", "WARNING"])


if __name__ == "__main__":
    main()
