"""The floors of the house, and what imports do not show of them.

`import-linter` holds the imports (pyproject.toml); here stand foreign keys, migrations, templates and addresses, and
the house rules that are read off the syntax tree.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LAYERS = PYPROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
FLOOR = {name: number for number, name in enumerate(reversed(LAYERS))}
ROOMS = {
    *("models", "rules", "queries", "actions", "lifecycle", "requirements", "mails", "documents", "tasks", "admin"),
    *("management", "migrations", "apps", "permissions", "acting", "templatetags", "data", "checks"),
}
TRADE = [name for name in LAYERS if 1 <= FLOOR[name] <= 6]


def sources(*floors: str, room: str = "") -> Iterator[tuple[Path, ast.Module]]:
    """The Python files of `floors` (of one room of each), parsed; migrations left out."""
    for floor in floors:
        for path in sorted((ROOT / floor).rglob("*.py")):
            parts = path.relative_to(ROOT / floor).with_suffix("").parts
            if "migrations" not in parts and (not room or parts[0] == room):
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """The full names that a file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_linters_contracts_hold():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout


def test_every_package_stands_on_a_floor():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert packages == set(LAYERS)


def test_every_floor_but_the_wiring_is_an_application_of_its_own_name():
    assert [name for name in settings.INSTALLED_APPS if name in FLOOR] == [name for name in LAYERS if name != "config"]
    for name in LAYERS[1:]:
        assert apps.get_app_config(name).name == name


def test_rooms_have_known_names():
    strange = [
        f"{floor}/{path.name}"
        for floor in TRADE
        for path in (ROOT / floor).iterdir()
        if path.stem not in ROOMS and not path.name.startswith("__") and path.suffix in {"", ".py"}
        if path.is_file() or any(path.rglob("*.py"))
    ]
    # What records is made of beside its rooms: bytes, triggers, the broker's door and the mails' last stop.
    # And the register of people: who a SIRET belongs to, which no table of ours holds.
    known = {"people/register", *(f"records/{name}.py" for name in ("broker", "mail_backend", "store", "triggers"))}
    assert set(strange) - known == set()


def test_no_room_is_empty():
    empty = [
        str(path.relative_to(ROOT))
        for floor in LAYERS
        for path in (ROOT / floor).iterdir()
        if path.is_dir() and path.name in ROOMS - {"migrations"}
        if (path / "__init__.py").exists() and not any(file.stat().st_size for file in path.rglob("*.*"))
    ]
    assert empty == []


def test_kit_holds_no_models():
    assert list(apps.get_app_config("kit").get_models()) == []


def test_foreign_keys_point_down():
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for name in FLOOR
        if name != "config"
        for model in apps.get_app_config(name).get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is not None
        if FLOOR.get(field.related_model._meta.app_label, -1) > FLOOR[name]
    ]
    assert upward == []


def test_migrations_depend_on_floors_below():
    upward = [
        f"{app}.{name} → {target}"
        for (app, name), migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items()
        if app in FLOOR
        for target, _name in [*migration.dependencies, *migration.run_before]
        if FLOOR.get(target, -1) > FLOOR[app]
    ]
    assert upward == []


def test_addresses_are_known_to_the_pages_alone():
    """No lower floor reverses an upper address; its mails link to `/d/<reference>`."""
    guilty = [
        str(path.relative_to(ROOT))
        for path, tree in sources(*[name for name in LAYERS if FLOOR[name] < FLOOR["web"]])
        if any(name.startswith(("django.urls.reverse", "django.shortcuts")) for name in imported(tree))
    ]
    assert guilty == []


def test_mails_and_documents_link_to_no_page():
    templates = ROOT / "templates"
    for room in ("mails", "documents"):
        for path in (templates / room).rglob("*.*"):
            assert not re.search(r"{%\s*url\b", path.read_text(encoding="utf-8")), path


def test_templates_include_their_own_room_or_the_shared_ones():
    shared = {"components", "base.html", "site_plain.html", "mails", "documents"}
    packages = {"bootstrap5", "django", "crispy_forms", "account"}
    strange = []
    for path in (ROOT / "templates").rglob("*.html"):
        room = path.relative_to(ROOT / "templates").parts[0]
        for target in re.findall(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)", path.read_text(encoding="utf-8")):
            if target.split("/")[0] not in {room} | shared | packages:
                strange.append(f"{path.relative_to(ROOT)} → {target}")
    assert strange == []


def test_records_knows_no_word_of_the_trade():
    trade = re.compile(r"\b(dossier|envelope|programme|committee|invoice|grant)s?\b", re.IGNORECASE)
    said = [
        f"{path.relative_to(ROOT)}:{node.lineno} {word}"
        for path, tree in sources("records")
        for node in ast.walk(tree)
        for word in [getattr(node, "name", None) or getattr(node, "id", None) or getattr(node, "arg", None)]
        if isinstance(word, str) and trade.search(word.replace("_", " "))
    ]
    assert said == []


@pytest.mark.parametrize(
    "forbidden", ["django.http", "django.shortcuts", "django.core.mail", "smtplib", "urllib.request"]
)
def test_actions_know_neither_request_nor_network(forbidden):
    guilty = [
        str(path.relative_to(ROOT))
        for path, tree in sources(*TRADE, room="actions")
        if any(name == forbidden or name.startswith(f"{forbidden}.") for name in imported(tree))
    ]
    # The outbox's relay is the one that sends, outside any transaction.
    known = {"records/actions/outbox.py"} if forbidden in {"django.core.mail", "smtplib"} else set()
    assert set(guilty) - known == set()


def test_rules_are_pure():
    guilty = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, tree in sources(*LAYERS, room="rules")
        for name in imported(tree)
        if name.split(".")[0] in {"django", "celery", "os", "random", "time", "socket", "requests"}
        or name.startswith("kit.clock")
    ]
    assert guilty == []


def test_no_signal_carries_a_rule_of_the_trade():
    """`post_migrate` is none: it puts the database's triggers back."""
    signals = ("django.db.models.signals", "django.dispatch")
    guilty = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, tree in sources(*LAYERS)
        for name in imported(tree)
        if name.startswith(signals) and not name.endswith(".post_migrate")
    ]
    assert guilty == []


def test_every_write_is_in_an_action():
    """Read off the syntax tree: `.save()`, `.create()`, `.update()`, `.delete()` on tables, outside the actions."""
    verbs = {"bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    allowed = {
        # Sending is not an act: the outbox's relay marks its own rows. The bulk maker is the one exemption by name.
        "records/tasks.py",
        # The framework's own way to make an account, which the actions on accounts call.
        "people/models/person.py",
        "demo/bulk/",
    }
    guilty = []
    for path, tree in sources(*[name for name in LAYERS if FLOOR[name] >= 1]):
        place = str(path.relative_to(ROOT))
        if "/actions" in place or place.startswith(tuple(allowed)):
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            on_manager = re.search(r"\bobjects\b", ast.unparse(node.func.value))
            writes = node.func.attr in verbs or (node.func.attr in {"create", "update", "delete"} and on_manager)
            if writes or (node.func.attr == "save" and not node.args and "form" not in ast.unparse(node.func.value)):
                guilty.append(f"{place}:{node.lineno} {ast.unparse(node.func)}")
    assert guilty == []


def test_the_bulk_maker_alone_is_exempt_from_acting():
    """`people.acting.exempt_bulk_write` is the one exemption by name, and its writers of records serve no one else."""
    exempt = {"people.acting.exempt_bulk_write", "records.actions.bulk.post_many", "records.actions.bulk.write_many"}
    takers = {
        (path.relative_to(ROOT).parts[:2], name)
        for path, tree in sources(*LAYERS)
        for name in imported(tree)
        if name in exempt or name in {"people.acting.*", "records.actions.bulk", "records.actions.bulk.*"}
    }
    assert takers == {(("demo", "bulk"), name) for name in exempt}


def test_files_stay_short():
    long = {
        str(path.relative_to(ROOT)): count
        for path in [*(path for name in LAYERS for path in (ROOT / name).rglob("*.py"))]
        if "migrations" not in path.parts and (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}
