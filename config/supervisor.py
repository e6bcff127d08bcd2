"""Web server, worker and scheduler under one roof: `python -m config.supervisor`.

A child that dies is started again, later each time; SIGTERM or SIGINT ends all of them, and whatever they started.
"""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from config.settings import VAR_DIR

PORT = int(os.environ.get("PORT", "8000"))
ADDRESS = f"http://127.0.0.1:{PORT}/"
CELERY = [sys.executable, "-m", "celery", "-A", "config", "--quiet"]
CHILDREN = {
    "web": [
        *(sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{PORT}"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--log-level", "warning"),
        *("--graceful-timeout", "10", "--no-control-socket"),
    ],
    "worker": [*CELERY, "worker", "-P", "threads", "-c", "2", "--loglevel", "WARNING", "--without-mingle"],
    "beat": [*CELERY, "beat", "--loglevel", "WARNING", "--pidfile="],
}
LONGEST_WAIT, GRACE, POLL = 30.0, 15.0, 0.2  # seconds


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold `folder` alone: two supervisors, or a reset under a running one, would lose data. Exits when it is held."""
    with open(folder / ".running", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"Escalier is already running on {folder}. End it first (Ctrl-C in its window).")
        yield


def _die_with_parent() -> None:
    """On Linux, a child ends when the supervisor is killed outright and cannot end it."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


class Child:
    """One process of the house, in a process group of its own so that its orphans can be found."""

    def __init__(self, name: str) -> None:
        self.name, self.wait, self.due = name, 0.5, 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def tend(self) -> None:
        """Start the process when it is due; note its death, and when it may start again."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.started = now
                self.process = subprocess.Popen(
                    CHILDREN[self.name],
                    start_new_session=True,
                    stdin=subprocess.DEVNULL,
                    preexec_fn=_die_with_parent,
                )
        elif (code := self.process.poll()) is not None:
            self.signal(signal.SIGKILL)
            self.wait = 0.5 if now - self.started > LONGEST_WAIT else min(self.wait * 2, LONGEST_WAIT)
            self.process, self.due = None, now + self.wait
            print(f"{self.name} ended ({code}); starting it again in {self.wait:.0f} s.", file=sys.stderr, flush=True)

    def signal(self, number: int) -> None:
        """Signal the process and all that it started."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None


def port_is_free() -> bool:
    """Whether the web server can listen."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return False
    return True


def answers() -> bool:
    """Whether the web server listens."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", PORT), timeout=0.5):
        return True
    return False


def announce() -> None:
    """Say where the product is, and who can sign in."""
    accounts = subprocess.run(
        [sys.executable, "manage.py", "demo_accounts"], capture_output=True, text=True, check=False, timeout=60
    )
    print(f"\nEscalier answers at {ADDRESS}  (Ctrl-C ends it)\n", flush=True)
    if accounts.returncode == 0:
        print(accounts.stdout, flush=True)


def end(children: list[Child]) -> None:
    """End every child: politely, then after `GRACE` seconds by force; no orphan is left."""
    for child in children:
        child.signal(signal.SIGTERM)
    limit = time.monotonic() + GRACE
    while time.monotonic() < limit and not all(child.ended() for child in children):
        time.sleep(POLL)
    for child in children:
        child.signal(signal.SIGKILL)


def keep_running(children: list[Child]) -> None:
    """Tend the children until a signal asks for the end."""
    stopping = announced = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    while not stopping:
        for child in children:
            child.tend()
        if not announced and answers():
            announced = True
            announce()
        time.sleep(POLL)


def main() -> int:
    """Keep the house running until a signal ends it."""
    with only_one(VAR_DIR):
        if not port_is_free():
            sys.exit(f"Port {PORT} is taken. Stop what uses it, or choose another: PORT=8001 make run")
        children = [Child(name) for name in CHILDREN]
        try:
            keep_running(children)
        finally:
            end(children)
    print("Escalier has ended.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
