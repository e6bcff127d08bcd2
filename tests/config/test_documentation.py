"""What is written about the product is what the product does."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from config import documentation

ROOT = Path(__file__).resolve().parents[2]
OWN = ("demo", "web", "monitoring", "selection", "grants", "programmes", "people", "records", "kit")
# Read by Django or a command before the settings are; described in the second table.
ELSEWHERE = {"REQUIRE_SERVICES", "CHROMIUM", "PYTHON"}


def test_the_generated_pages_are_what_the_code_says() -> None:
    assert list(documentation.stale()) == []


def test_a_page_that_the_code_has_left_behind_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in documentation.PAGES:
        (tmp_path / name).write_text((documentation.DOCS / name).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(documentation, "DOCS", tmp_path)
    assert list(documentation.stale()) == []

    page = tmp_path / "permissions.md"
    page.write_text(page.read_text(encoding="utf-8").replace("| paying_officer |", "| auditor |", 1), encoding="utf-8")
    (tmp_path / "lifecycle.md").unlink()

    assert list(documentation.stale()) == ["lifecycle.md", "permissions.md"]


def read_by_the_settings() -> set[str]:
    """The names of the variables that the settings read."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / "config" / "settings.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            name = node.args[0]
            if getattr(node.func.value, "id", "") == "env" and isinstance(name, ast.Constant):
                found.add(name.value)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_secret":
            found.add(ast.literal_eval(node.args[0]))
    return found


def test_every_variable_is_described_and_every_described_variable_is_read() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", page, flags=re.MULTILINE))

    assert read_by_the_settings() == described - ELSEWHERE


def test_every_command_stands_in_the_readme() -> None:
    commands = {name for name, app in get_commands().items() if app.split(".")[-1] in OWN}
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = [line.split(" | ")[0] for line in page.split("## Commands")[1].splitlines() if line.startswith("| `")]
    listed = {name for row in rows for name in re.findall(r"`([a-z_]+)", row)}

    assert listed == commands - {"flush"}
