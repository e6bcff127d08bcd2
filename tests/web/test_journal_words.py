"""Every act that the code writes in the journal is told in words, in both languages, with its name beneath."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

from grants.lifecycle import State
from kit.actors import DEMO
from records.actions import journal
from records.models import JournalEntry
from tests.web.visits import text
from web.applicant.follow import TOLD
from web.shared.journal_words import WORDS

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("config", "demo", "web", "monitoring", "selection", "grants", "programmes", "people", "records", "kit")
ACT = re.compile(r"[a-z_]+\.[a-z_]+")


class Acts:
    """The names that one module hands to the journal, or to a function of its own that takes an `act`."""

    def __init__(self, tree: ast.Module, constants: dict[str, ast.expr]) -> None:
        self.tree, self.constants = tree, constants
        self.places = {"journal.write": 1}
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                taken = [ast.unparse(argument) for argument in node.args.args]
                if "act: str" in taken:
                    self.places[node.name] = taken.index("act: str")

    def written(self) -> Iterator[str]:
        """Each name; fails for a call whose name cannot be read from the source."""
        for outer in self.tree.body:
            for node in ast.walk(outer):
                if isinstance(node, ast.Call) and (place := self.places.get(ast.unparse(node.func))) is not None:
                    yield from self._names(node.args[place], outer)

    def _names(self, value: ast.expr, outer: ast.stmt) -> Iterator[str]:
        if isinstance(value, ast.Constant):
            yield str(value.value)
        elif isinstance(value, ast.IfExp):
            yield from self._names(value.body, outer)
            yield from self._names(value.orelse, outer)
        else:
            assert isinstance(value, ast.Name), ast.unparse(value)
            if not self._handed_on(value.id, outer):
                yield from self._names(self._assigned(value.id, outer), outer)

    def _handed_on(self, name: str, outer: ast.stmt) -> bool:
        """The function's own argument: its callers name the act."""
        own = isinstance(outer, ast.FunctionDef) and outer.name in self.places
        return own and name == "act"

    def _assigned(self, name: str, outer: ast.stmt) -> ast.expr:
        values = assigned(ast.walk(outer))
        return values[name] if name in values else self.constants[name]


def assigned(nodes: Iterator[ast.AST]) -> dict[str, ast.expr]:
    """What each name is set to."""
    return {
        node.targets[0].id: node.value
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def written_in_the_source() -> set[str]:
    """Every act that the product can write in the journal."""
    files = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py") if "migrations" not in path.parts]
    found: set[str] = set()
    for path in files:
        source = path.read_text(encoding="utf-8")
        if "journal" not in source or not re.search(r"^from records\.|^def write\(", source, re.MULTILINE):
            continue
        tree = ast.parse(source)
        constants: dict[str, ast.expr] = {}
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("records."):
                module = ROOT / f"{node.module.replace('.', '/')}.py"
                if module.exists():
                    constants |= assigned(iter(ast.parse(module.read_text(encoding="utf-8")).body))
        found |= set(Acts(tree, constants | assigned(iter(tree.body))).written())
    return found


def test_every_act_written_has_words_and_no_other_has():
    written = written_in_the_source()
    assert written == set(WORDS)
    assert [name for name in written if not ACT.fullmatch(name)] == []


def test_the_two_languages_have_words_of_their_own():
    with override("en"):
        english = {act: str(words) for act, words in WORDS.items()}
    with override("fr"):
        french = {act: str(words) for act, words in WORDS.items()}
    assert [act for act in WORDS if english[act] == french[act]] == []
    for told in (english, french):
        assert sorted(told.values()) == sorted(set(told.values()))


def test_an_applicant_is_told_of_acts_that_are_written():
    assert set(TOLD) - set(WORDS) == set()
    assert len(TOLD) == len(set(TOLD))


def cells(page: str) -> list[str]:
    """The cells of the page's column of acts, up to the states that an act moves."""
    found = re.findall(r'<td role="cell" data-label="(?:Act|Acte)"><span>(.*?)</span></td>', page)
    return [re.sub(r"<small>[^<]*</small>$", "", cell) for cell in found]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_pages_of_the_journal_show_words_and_names(world, visit, language):
    dossier = world.dossier(State.CONTRACTED)
    browser = visit(world.auditor)
    chains = {
        f"/{language}/audit/pistes/{dossier.reference}": dossier.journal_chain,
        f"/{language}/audit/programmes/{world.programme.code}": world.programme.journal_chain,
        f"/{language}/instruction/dossiers/{dossier.reference}/volet/journal": dossier.journal_chain,
    }
    for url, chain in chains.items():
        acts = list(JournalEntry.objects.filter(chain=chain).order_by("seq").values_list("act", flat=True))
        with override(language):
            expected = [f"{WORDS[act]}<small><code>{act}</code></small>" for act in acts]
        assert len(expected) > 3
        assert cells(text(browser.get(url))) == expected


def test_the_words_are_those_of_the_language(world, visit):
    dossier = world.dossier()
    browser = visit(world.auditor)
    english = text(browser.get(f"/en/audit/pistes/{dossier.reference}"))
    assert "Dossier started<small><code>dossier.created</code></small>" in english
    french = text(browser.get(f"/fr/audit/pistes/{dossier.reference}"))
    assert "Dossier commencé<small><code>dossier.created</code></small>" in french


def test_an_act_without_words_shows_its_name(world, visit):
    dossier = world.dossier()
    journal.write(DEMO, "thing.done", dossier)
    page = text(visit(world.auditor).get(f"/en/audit/pistes/{dossier.reference}"))
    assert cells(page)[-1] == "<code>thing.done</code>"
