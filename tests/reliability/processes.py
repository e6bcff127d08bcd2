"""Processes of the product that a test starts and kills: on the test's database, with files of the test's own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from records.models import OutboxMail

ROOT = Path(__file__).resolve().parents[2]
Process = subprocess.Popen[bytes]


class House:
    """Workers and web servers of one test, their broker, and the folder where they keep files and say things."""

    def __init__(self, folder: Path, redis_url: str) -> None:
        self.folder, self.redis_url = folder, redis_url
        self.prefix = f"escalier-test-{os.getpid()}:"
        self.running: list[Process] = []

    def start(self, module: str, name: str, **environment: str) -> Process:
        """Run `module` in a session of its own, so that all it starts can be killed with it."""
        with open(self.folder / f"{name}.log", "wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"tests.reliability.{module}", name],
                cwd=ROOT,
                env=self._environment() | environment,
                start_new_session=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self.running.append(process)
        return process

    def worker(self, name: str, **environment: str) -> Process:
        """A worker with its timetable; its environment is told in `worker.py`."""
        return self.start("worker", name, **environment)

    def _environment(self) -> dict[str, str]:
        name = str(connection.settings_dict["NAME"])
        if connection.vendor == "sqlite":
            database = {"WORKER_DATABASE": name}
        else:
            database = {"DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()}
        return os.environ | {
            **database,
            "REDIS_URL": self.redis_url,
            "WORKER_PREFIX": self.prefix if self.redis_url else "",
            "ESCALIER_VAR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "tests.reliability.worker_settings",
        }

    def until(self, true: Callable[[], bool], seconds: float = 30) -> None:
        """Wait until `true`; fail with what the processes said."""
        limit = time.monotonic() + seconds
        while not true():
            if time.monotonic() > limit:
                pytest.fail(self.said(), pytrace=False)
            time.sleep(0.05)

    def said(self) -> str:
        """What the processes wrote on their standard errors."""
        return "\n".join(f"{path.stem}: {path.read_text()}" for path in sorted(self.folder.glob("*.log")))

    def end(self) -> None:
        """Kill what still runs, and leave nothing in a Redis that others use."""
        for process in self.running:
            kill(process)
        if self.redis_url:
            forget(self.redis_url, self.prefix)


def kill(process: Process) -> None:
    """SIGKILL, to the process and to all that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def ask(process: Process, question: str) -> Any:
    """One line to the process, one line of JSON back."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{question}\n".encode())
    process.stdin.flush()
    return answer(process)


def answer(process: Process) -> Any:
    """The next line of JSON that the process says; `None` once it is gone."""
    assert process.stdout is not None
    return json.loads(process.stdout.readline() or "null")


def forget(redis_url: str, prefix: str) -> None:
    """Delete the keys of a test; a server that is gone holds none."""
    import redis

    with redis.Redis.from_url(redis_url, socket_timeout=2) as client:
        try:
            for key in client.scan_iter(f"{prefix}*", count=1000):
                client.delete(key)
        except redis.exceptions.ConnectionError:
            return


def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sent() -> int:
    """How many mails are out."""
    return OutboxMail.objects.filter(state=OutboxMail.State.SENT).count()
