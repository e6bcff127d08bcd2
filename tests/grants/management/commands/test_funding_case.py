"""`manage.py funding_case`: what stands on standard output, on standard error, and in the exit status."""

import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[4]
CASES = ROOT / "tests" / "cases" / "funding"
GOOD = CASES / "whole-euros-down.json"
EXPECTED = json.loads((CASES / "whole-euros-down.expected.json").read_text(encoding="utf-8"))


def run(file):
    """Exit status, standard output, standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("funding_case", str(file), stdout=out, stderr=err)
    except SystemExit as ended:
        return ended.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_a_case_is_answered_in_json_and_nothing_else():
    status, out, err = run(GOOD)
    assert (status, json.loads(out), err) == (0, EXPECTED, "")


def test_a_dash_reads_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"[" + GOOD.read_bytes() + b"]")))
    status, out, err = run("-")
    assert (status, json.loads(out), err) == (0, [EXPECTED], "")


def test_each_fault_is_a_line_and_one_bad_case_refuses_the_file(tmp_path):
    good = json.loads(GOOD.read_bytes())
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([good, {**good, "eligible": 5, "envelope": "1.234"}]), encoding="utf-8")
    status, out, err = run(file)
    assert (status, out) == (2, "")
    assert [line.rsplit(": ", 1)[0] for line in err.splitlines()] == ["case 1: envelope", "case 1: eligible"]


@pytest.mark.parametrize(
    ("content", "start"), [(None, "{file}: cannot be read: No such file"), (b"{", "not JSON"), (b"\xff", "not UTF-8")]
)
def test_what_cannot_be_read_is_said_in_one_line(tmp_path, content, start):
    file = tmp_path / "case.json"
    if content is not None:
        file.write_bytes(content)
    status, out, err = run(file)
    assert (status, out) == (2, "")
    assert err.startswith(start.format(file=file))
    assert err.count("\n") == 1


def test_a_folder_cannot_be_read(tmp_path):
    status, out, err = run(tmp_path)
    assert (status, out) == (2, "")
    assert "cannot be read" in err


@pytest.mark.parametrize(("arguments", "status"), [([str(GOOD)], 0), (["missing.json"], 2), ([], 2)])
def test_the_shell_sees_the_exit_status(arguments, status):
    done = subprocess.run(
        [sys.executable, "manage.py", "funding_case", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == status, done.stderr
    assert bool(done.stdout) is (status == 0)
    assert bool(done.stderr) is (status != 0)
