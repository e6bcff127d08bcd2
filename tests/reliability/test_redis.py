"""A Redis that is killed, comes back, or hangs fails no submission, delays none, and keeps no mail from going out."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from grants.lifecycle import State
from grants.models import Dossier
from kit import clock
from people.acting import exempt_bulk_write
from programmes.models import Call
from records import broker
from records.actions.outbox import queue
from records.models import OutboxMail
from records.tasks import send_outbox
from tests.reliability.processes import answer, ask, free_port
from tests.world import START, World, fresh, mails

LONGEST = 2.0  # seconds that a filing may take with a broker that is down


class Redis:
    """A Redis of the test's own."""

    def __init__(self, binary: str, folder: Path) -> None:
        self.binary, self.folder, self.port = binary, folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, empty, on its port."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen([self.binary, *options], stdout=subprocess.DEVNULL)

    def signal(self, number: int) -> None:
        """Kill it, hang it, or let it go on."""
        assert self.process is not None
        self.process.send_signal(number)
        if number == signal.SIGKILL:
            self.process.wait(timeout=10)


@pytest.fixture
def redis(redis_server_binary: str, tmp_path: Path) -> Iterator[Redis]:
    server = Redis(redis_server_binary, tmp_path)
    server.start()
    yield server
    server.signal(signal.SIGKILL)


@pytest.fixture
def drafts(transactional_db: None) -> list[Dossier]:
    """Complete drafts of a call that is open by the real clock."""
    with clock.at(START):
        world = World()
        made = [world.draft() for _ in range(3)]
        send_outbox()
    with exempt_bulk_write():
        now = clock.now()
        Call.objects.update(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))
    return made


def acknowledged(dossier: Dossier) -> list[str]:
    """The states of the acknowledgements of a dossier that was filed."""
    assert fresh(dossier).state == State.SUBMITTED
    assert dossier.snapshots.count() == 1
    return [mail.state for mail in mails(dossier, "acknowledgement")]


def test_a_redis_that_dies_or_hangs_fails_no_filing_and_its_mail_goes_out_later(drafts, redis, house_on):
    house = house_on(redis.url)
    house.worker("worker")
    applicant = house.start("applicant", "applicant")
    assert answer(applicant) == "ready", house.said()

    def file(dossier: Dossier) -> None:
        page = ask(applicant, dossier.reference)
        assert page, house.said()
        assert page["status"] == 302
        assert page["seconds"] < LONGEST

    def all_out() -> bool:
        return not OutboxMail.objects.exclude(state=OutboxMail.State.SENT).exists()

    with_redis, without, hanging = drafts
    file(with_redis)
    house.until(all_out)

    redis.signal(signal.SIGKILL)
    file(without)
    assert len(acknowledged(without)) == 2
    redis.start()
    house.until(all_out)
    assert acknowledged(without) == ["sent", "sent"]

    redis.signal(signal.SIGSTOP)
    file(hanging)
    assert len(acknowledged(hanging)) == 2
    redis.signal(signal.SIGCONT)
    house.until(all_out)
    assert len(list((house.folder / "mails").iterdir())) == 6


class AtOnce:
    """The control: the worker is woken in the act's own thread."""

    def submit(self, tell: Callable[[], None]) -> None:
        tell()


@pytest.mark.parametrize("aside, waits", [(None, False), (AtOnce(), True)])
@pytest.mark.django_db
def test_an_act_does_not_wait_for_its_broker(monkeypatch, django_capture_on_commit_callbacks, aside, waits):
    answered = threading.Event()
    monkeypatch.setattr(broker, "_quiet_until", 0.0)
    monkeypatch.setattr(broker, "_aside", aside or broker._aside)
    monkeypatch.setattr(broker.current_app, "send_task", lambda *_args, **_options: answered.wait(0.5))
    started = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        queue("test", recipient="mairie@example.org", language="fr", subject="Avis", text="Bonjour", key="k")
    assert (time.monotonic() - started >= 0.5) is waits
    answered.set()
