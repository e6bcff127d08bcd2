"""A worker killed in the middle of sending: no mail is left unsent, none goes out twice under its key (I5, I7)."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from records.actions.outbox import queue
from records.models import OutboxMail
from records.rules.mailing import key_digest

ROOT = Path(__file__).resolve().parents[2]
MAILS = 24
State = OutboxMail.State
Start = Callable[..., "subprocess.Popen[bytes]"]


def database_environment() -> dict[str, str]:
    """How another process reaches the database of this test."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return {"WORKER_DATABASE": name}
    return {"DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()}


def kill(process: "subprocess.Popen[bytes]") -> None:
    """SIGKILL, to the process and to all that it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)


@pytest.fixture(params=["filesystem", "redis"])
def broker(request: pytest.FixtureRequest) -> dict[str, str]:
    """Where the workers get their tasks: the embedded broker's folder, or a Redis."""
    if request.param == "filesystem":
        return {"REDIS_URL": ""}
    return {"REDIS_URL": request.getfixturevalue("redis_url"), "WORKER_PREFIX": f"escalier-killed-{os.getpid()}:"}


@pytest.fixture
def start(tmp_path: Path, broker: dict[str, str], transactional_db: None) -> Iterator[Start]:
    """Start a worker under a name; none outlives the test."""
    workers: list[subprocess.Popen[bytes]] = []
    environment = {
        **os.environ,
        **database_environment(),
        **broker,
        "ESCALIER_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tests.reliability.worker_settings",
    }

    def run(name: str, hold: str = "") -> "subprocess.Popen[bytes]":
        with open(tmp_path / f"{name}.log", "wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "tests.reliability.worker", name],
                cwd=ROOT,
                env=environment | {"WORKER_HOLD": hold},
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        workers.append(worker)
        return worker

    yield run
    for worker in workers:
        if worker.poll() is None:
            kill(worker)
    if broker["REDIS_URL"]:
        forget(broker)


def forget(broker: dict[str, str]) -> None:
    """Leave nothing of the test in a Redis that others use."""
    import redis

    with redis.Redis.from_url(broker["REDIS_URL"]) as client:
        for key in client.scan_iter(f"{broker['WORKER_PREFIX']}*"):
            client.delete(key)


def wait_for(true: Callable[[], bool], folder: Path, seconds: float = 30) -> None:
    """Wait until `true`; fail with what the workers said."""
    limit = time.monotonic() + seconds
    while not true():
        if time.monotonic() > limit:
            pytest.fail("\n".join(path.read_text() for path in folder.glob("*.log")), pytrace=False)
        time.sleep(0.1)


def sent() -> int:
    return OutboxMail.objects.filter(state=State.SENT).count()


def test_killed_in_the_middle_no_mail_is_lost_and_none_goes_out_twice(start, tmp_path):
    keys = [f"killed:{place}" for place in range(MAILS)]
    for key in keys:
        queue("test", recipient="mairie@example.org", language="fr", subject="Avis", text="Bonjour", key=key)

    # One dies with mails that were not out yet, the other with mails that were out and not yet noted as sent.
    first, second = start("first", "before"), start("second", "after")
    wait_for(lambda: all((tmp_path / f"{name}.held").exists() for name in ("first", "second")), tmp_path)
    for worker in (first, second):
        kill(worker)
    names = {key: f"{key_digest(key)}.eml" for key in keys}
    out = {path.name: path.stat().st_ino for path in (tmp_path / "mails").glob("*.eml")}
    cut = set(OutboxMail.objects.filter(state=State.SENDING).values_list("key", flat=True))
    assert {names[key] in out for key in cut} == {True, False}, "one cut before its file, one after"
    assert 0 < sent() < MAILS - len(cut), "the workers died in the middle"

    start("third")
    wait_for(lambda: sent() == MAILS, tmp_path)

    files = {path.name: path.stat().st_ino for path in (tmp_path / "mails").iterdir()}
    assert sorted(files) == sorted(names.values()), "a file a key, and nothing beside them"
    assert files.items() >= out.items(), "what was out was left as it was"
    attempts = Counter(line.strip("<>").partition("@")[0] for line in (tmp_path / "attempts").read_text().split())
    assert attempts == {key_digest(key): 2 if key in cut else 1 for key in keys}
