"""A web server with one visitor: `python -m tests.reliability.applicant NAME` files the dossiers it is told of.

Each line of the standard input is the reference of a dossier; its signatory files it on the page, and the answer is
one line of JSON: the status of the page, and after how many seconds it came.
"""

import json
import sys
import time
from typing import Any

import django


def say(what: Any) -> None:
    """A line of JSON for the test."""
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def main() -> None:
    """File what is asked, until the input ends."""
    django.setup()
    from django.test import Client

    from grants.models import Dossier
    from records import broker

    broker.PAUSE = 0  # each filing tries the broker
    say("ready")
    for line in sys.stdin:
        dossier = Dossier.objects.get(reference=line.strip())
        browser = Client(SERVER_NAME="127.0.0.1")
        browser.force_login(dossier.applicant.mandates.confirmed().get().person)
        started = time.monotonic()
        page = browser.post(f"/en/mes-dossiers/{dossier.reference}/demande/deposer", {"declared": "on"})
        say({"status": page.status_code, "seconds": time.monotonic() - started})


if __name__ == "__main__":
    main()
