"""The bench: it measures what it says, keeps off the installation's data, and tells a broken promise."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from benchmarks.__main__ import parsed
from benchmarks.pages import PAGES, Page
from benchmarks.report import Line, as_json, as_table, line, verdicts
from benchmarks.scratch import named, scratch

ROOT = Path(__file__).resolve().parent.parent.parent
LISTED = Page("list", lambda house, number: None, most_queries=12, growth=1.5)
TOLD = Page("sign-in", lambda house, number: None)


def at(size: int, *, ms: float = 10.0, queries: int = 7, page: str = "list") -> Line:
    return Line(page, size, 30, median_ms=ms, p95_ms=ms, queries=queries, bytes=100)


def broken(*lines: Line, growth: bool = True) -> list[str]:
    return [item.promise for item in verdicts([LISTED, TOLD], lines, growth=growth) if not item.held]


class TestPromises:
    def test_a_page_within_its_limits_keeps_them(self) -> None:
        assert broken(at(1000, queries=12), at(10_000, queries=12, ms=15.0)) == []

    def test_one_query_too_many_breaks_it(self) -> None:
        assert broken(at(1000), at(10_000, queries=13)) == ["queries at 10000"]

    def test_a_page_that_slows_down_breaks_it(self) -> None:
        assert broken(at(1000), at(10_000, ms=15.1)) == ["time at 10000 over time at 1000"]

    def test_the_smallest_is_compared_with_the_largest(self) -> None:
        assert broken(at(10_000, ms=16.0), at(1000), at(5000, ms=99.0)) == ["time at 10000 over time at 1000"]

    def test_time_is_not_judged_where_it_means_nothing(self) -> None:
        assert broken(at(20), at(40, ms=99.0), growth=False) == []

    def test_a_page_without_a_promise_is_only_told(self) -> None:
        assert broken(at(1000, page="sign-in"), at(10_000, page="sign-in", ms=99.0, queries=99)) == []

    def test_the_promises_are_those_of_the_product(self) -> None:
        made = {page.name: (page.most_queries, page.growth) for page in PAGES if page.most_queries}
        assert {name: made[name] for name in ("list", "dossier", "ranking")} == {
            "list": (12, 1.5),
            "dossier": (15, 1.5),
            "ranking": (12, 1.5),
        }


class TestFigures:
    def test_the_most_queries_count_and_the_median_time(self) -> None:
        requests = [{"ms": ms, "queries": queries, "bytes": 5} for ms, queries in ((1.0, 3), (2.0, 9), (6.0, 4))]
        assert line("list", 40, requests) == Line("list", 40, 3, median_ms=2.0, p95_ms=5.6, queries=9, bytes=5)

    def test_a_page_that_nobody_could_ask_for_is_told_as_such(self) -> None:
        assert line("submit", 40, []) == Line("submit", 40, 0)

    def test_the_table_names_what_is_not_kept(self) -> None:
        lines = [at(1000), at(10_000, ms=20.0)]
        found = list(verdicts([LISTED], lines, growth=True))
        rows = as_table([LISTED], [1000, 10_000], lines, found).splitlines()
        assert rows[2].replace(" ", "") == "|list|10.0|10.0|7|20.0|20.0|7|×2.00|"
        assert rows[-1] == "NOT KEPT: list, time at 10000 over time at 1000: 2 > 1.5"
        assert as_json({}, lines, found)["passed"] is False


class TestScratch:
    def test_a_house_takes_no_setting_of_the_installation(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("ESCALIER_VAR", "SECRET_KEY", "JOURNAL_KEY", "REDIS_URL", "EMAIL_URL", "SITE_URL"):
            monkeypatch.setenv(name, "of-the-installation")
        with scratch() as environment:
            folder = Path(environment["ESCALIER_VAR"])
            assert folder.is_dir()
            assert "of-the-installation" not in environment.values()
            assert "DATABASE_URL" not in environment
        assert not folder.exists()

    def test_on_a_server_it_is_a_new_database_which_is_dropped(self, postgres: None) -> None:
        given = os.environ["DATABASE_URL"]
        with scratch(given) as environment:
            address = environment["DATABASE_URL"]
            assert address != given
            assert databases(given) >= {address.rpartition("/")[2]}
        assert address.rpartition("/")[2] not in databases(given)


def databases(address: str) -> set[str]:
    with psycopg.connect(named(address, "postgres")) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def test_sizes_and_rounds_are_taken_from_the_command_line() -> None:
    given = parsed(["--sizes", "500", "20", "500", "--rounds", "3", "--json", "-"])
    assert (given.sizes, given.rounds, given.json) == ([20, 500], 3, "-")
    assert (parsed([]).sizes, parsed([]).rounds) == ([1000, 10_000], 30)
    with pytest.raises(SystemExit):
        parsed(["--rounds", "0"])


def test_a_quick_run_measures_every_page_and_leaves_nothing(tmp_path: Path) -> None:
    own = tmp_path / "var"
    own.mkdir()
    environment = os.environ | {"ESCALIER_VAR": str(own), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "benchmarks", "--quick", "--json", "-"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    measured = {item["page"]: item["requests"] for item in told["results"]}
    # Forty dossiers stand on one page, so that no page follows.
    one_page = {"list, following page": 0, "ranking, following page": 0}
    assert measured == {page.name: one_page.get(page.name, 2) for page in PAGES}
    assert told["passed"]
    assert told["machine"]["database"]["vendor"] == ("sqlite" if settings.EMBEDDED else "postgresql")
    assert "| dossier " in done.stderr
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["var"]
