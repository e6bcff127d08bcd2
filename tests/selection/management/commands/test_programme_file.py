"""`manage.py load_programme` and `dump_programme`: a programme from its file and back; every key is documented."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

import programmes
from people.models import Role
from programmes.models import Programme
from programmes.rules import form
from programmes.rules import programme_file as parts
from programmes.rules.programme_reading import read
from records.models import JournalEntry
from tests.world import World

PRAI = Path(programmes.__path__[0], "examples", "prai-midi-pyrenees.toml")
PAGE = Path(settings.BASE_DIR, "docs", "programme-file.md")


@pytest.fixture
def office(db) -> World:
    return World()


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def load(path: Path, by, *options: str) -> str:
    return run("load_programme", str(path), "--by", by.email, "--lang", "en", *options)


def test_from_the_file_to_the_product_and_back(office, tmp_path):
    first = load(PRAI, office.administrator)
    assert first.splitlines()[0] == "programme"
    assert first.splitlines()[1].startswith("PRAI-MODELE is created. Propose its manager on the page of roles")

    manager = office.give(office.person("Pilot"), Role.PROGRAMME_MANAGER, "PRAI-MODELE")
    assert load(PRAI, manager, "--publish").splitlines()[-2:] == [
        "calls.prai-modele-projets-innovants.published",
        "PRAI-MODELE is as the file says.",
    ]
    assert load(PRAI, manager) == "PRAI-MODELE was as the file says already; nothing was changed.\n"

    text = PRAI.read_text(encoding="utf-8")
    assert run("dump_programme", "PRAI-MODELE") == text
    run("dump_programme", "PRAI-MODELE", "--out", str(tmp_path / "dumped.toml"))
    assert (tmp_path / "dumped.toml").read_bytes() == PRAI.read_bytes()


def test_who_installs_the_product_loads_a_programme_at_once(db):
    assert (
        run("load_programme", str(PRAI), "--publish", "--lang", "en").splitlines()[-1]
        == "PRAI-MODELE is as the file says."
    )
    assert run("dump_programme", "PRAI-MODELE") == PRAI.read_text(encoding="utf-8")
    programme = Programme.objects.get()
    assert set(JournalEntry.objects.values_list("actor_id", flat=True)) == {"system:installer"}
    assert [call.form_versions.get().published_by for call in programme.calls.order_by("pk")] == [None]
    told = run("load_programme", str(PRAI), "--lang", "en")
    assert told == "PRAI-MODELE was as the file says already; nothing was changed.\n"


def test_every_error_is_told_with_its_key_and_nothing_changes(office, tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(PRAI.read_text(encoding="utf-8").replace("rate = 0.5", "rate = 5", 2), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        load(wrong, office.administrator)
    assert str(refused.value).splitlines() == [
        "Nothing was changed. In the file:",
        "actions.7.2.1.aid_rules.2025-01-01.rate: Write a number from 0 to 1, with 4 decimals at most.",
        "actions.7.2.2.aid_rules.2025-01-01.rate: Write a number from 0 to 1, with 4 decimals at most.",
    ]
    assert not Programme.objects.exists()


def test_who_is_not_known_loads_nothing(office, tmp_path):
    with pytest.raises(CommandError, match="Nobody has the address"):
        run("load_programme", str(PRAI), "--by", "nobody@example.org", "--lang", "en")
    with pytest.raises(CommandError, match="The file cannot be read"):
        load(tmp_path / "none.toml", office.administrator)
    (tmp_path / "latin.toml").write_bytes("é".encode("latin-1"))
    with pytest.raises(CommandError, match="The file cannot be read"):
        load(tmp_path / "latin.toml", office.administrator)
    with pytest.raises(CommandError, match="There is no programme NONE"):
        run("dump_programme", "NONE")


def test_the_page_names_every_key_and_its_example_can_be_read():
    page = PAGE.read_text(encoding="utf-8")
    tables = (
        *(parts.Head, parts.Decided, parts.Board, parts.Line, parts.Purse, parts.Terms, parts.Aim),
        *(parts.Opening, parts.Marking, parts.Mark),
        *(form.Form, form.Section, form.Field, form.Piece, form.Option, form.Column, form.Check),
    )
    keys = {name for table in tables for name in table.__dataclass_fields__}
    assert keys - set(re.findall(r"`([a-z_]+)`", page)) == set()

    (example,) = re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    assert read(example).programme.code == "PETIT-2027"


def test_the_page_tells_of_every_example():
    told = re.findall(r"^\| `([a-z-]+\.toml)` \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(told) == sorted(path.name for path in PRAI.parent.glob("*.toml"))
