"""`python -m benchmarks`: measure the main pages with few dossiers and with many, and say what is not kept.

A table goes to the standard error and, with `--json`, everything to a file or to the standard output.
Exit code 1 when a page breaks a promise.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.pages import PAGES
from benchmarks.report import Line, as_json, as_table, line, verdicts
from benchmarks.scratch import scratch

ROOT = Path(__file__).resolve().parent.parent
SIZES, ROUNDS, WARM_UP = [1000, 10_000], 30, 3
QUICK_SIZES, QUICK_ROUNDS = [40], 2
CLIENT = "Django's test client, in process: WSGI requests through all middleware"


class Process:
    """A house with its dossiers in a process of its own."""

    def __init__(self, size: int, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "benchmarks.house"]
        self.size = size
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def say(self, **question: Any) -> None:
        """Ask something, without waiting."""
        assert self._process.stdin is not None
        print(json.dumps(question), file=self._process.stdin, flush=True)

    def hear(self) -> Any:
        """The answer. Exits when the process has ended; what it had to say stands on the standard error."""
        assert self._process.stdout is not None
        answer = self._process.stdout.readline()
        if not answer:
            sys.exit(f"The house of {self.size} dossiers has fallen.")
        return json.loads(answer)

    def ask(self, **question: Any) -> Any:
        """Ask something, and wait."""
        self.say(**question)
        return self.hear()

    def end(self) -> None:
        """End the process."""
        with self._process:
            self._process.kill()


@contextmanager
def houses(sizes: Sequence[int], *, quick: bool) -> Iterator[tuple[list[Process], list[Any]]]:
    """A filled house for each size, and what each said of itself; they are filled at the same time."""
    with ExitStack() as stack:
        standing = []
        for size in sizes:
            process = Process(size, stack.enter_context(scratch(os.environ.get("DATABASE_URL", ""))))
            stack.callback(process.end)
            process.say(size=size, quick=quick)
            standing.append(process)
        print(f"Making {' and '.join(f'{size:,}' for size in sizes)} dossiers…", file=sys.stderr, flush=True)
        yield standing, [process.hear() for process in standing]


def measured(standing: Sequence[Process], rounds: int, warm_up: int) -> list[Line]:
    """Ask for every page of every house in turn, so that what else the machine does weighs on all of them alike."""
    found: dict[tuple[str, int], list[Any]] = {(page.name, house.size): [] for page in PAGES for house in standing}
    for number in range(-warm_up, rounds):
        for page in PAGES:
            for house in standing:
                answer = house.ask(page=page.name, round=number % rounds)
                if answer is not None and number >= 0:
                    found[page.name, house.size].append(answer)
    return [line(name, size, requests) for (name, size), requests in found.items()]


def parsed(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=_positive, nargs="+", metavar="N", help=f"dossiers ({SIZES})")
    parser.add_argument("--rounds", type=_positive, metavar="N", help=f"requests for each page ({ROUNDS})")
    parser.add_argument("--json", metavar="FILE", help="write everything to a file; - is the standard output")
    parser.add_argument("--quick", action="store_true", help="a tiny run, to try the bench itself: counts queries only")
    given = parser.parse_args(arguments)
    given.sizes = sorted(set(given.sizes or (QUICK_SIZES if given.quick else SIZES)))
    given.rounds = given.rounds or (QUICK_ROUNDS if given.quick else ROUNDS)
    return given


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("1 or more")
    return number


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, tell, and answer whether every promise is kept (0) or not (1)."""
    given = parsed(arguments)
    # Whoever ends the bench ends it as Ctrl-C does: its processes and databases go too.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    began = datetime.now(UTC)
    with houses(given.sizes, quick=given.quick) as (standing, told):
        lines = measured(standing, given.rounds, 0 if given.quick else WARM_UP)
    found = list(verdicts(PAGES, lines, growth=not given.quick))
    made = {str(size): round(answer.pop("seconds"), 1) for size, answer in zip(given.sizes, told, strict=True)}
    run = {
        "date": began.isoformat(timespec="seconds"),
        "client": CLIENT,
        "machine": told[0],
        "sizes": given.sizes,
        "rounds": given.rounds,
        "seconds_to_make": made,
    }
    print(as_table(PAGES, given.sizes, lines, found), file=sys.stderr, flush=True)
    everything = json.dumps(as_json(run, lines, found), indent=2)
    if given.json == "-":
        print(everything)
    elif given.json:
        Path(given.json).write_text(f"{everything}\n", encoding="utf-8")
    return 0 if all(item.held for item in found) else 1


if __name__ == "__main__":
    sys.exit(main())
