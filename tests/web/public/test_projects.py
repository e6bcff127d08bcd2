"""Funded projects: the list, its filters and totals, each sheet, and the files."""

import csv
import io
import json

from grants.lifecycle import State
from grants.models import Dossier
from tests.web.visits import text

PROJECTS = "/en/projets"


def streamed(answer):
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def test_only_dossiers_with_an_agreement_are_public(world, visit):
    browser = visit(None)
    assert "No project is funded yet" in text(browser.get(PROJECTS))
    hidden = [world.dossier(state) for state in (State.DRAFT, State.SUBMITTED, State.SELECTED)]
    shown = world.dossier(State.CONTRACTED, title="Accueil numérique")
    page = text(browser.get(PROJECTS))
    assert shown.reference in page
    assert "€18,104" in page
    for dossier in hidden:
        assert dossier.reference not in page
        assert browser.get(f"{PROJECTS}/{dossier.reference}").status_code == 404
    sheet = text(browser.get(f"{PROJECTS}/{shown.reference}"))
    for words in ("Accueil numérique", shown.applicant.name, "€36,209.96"):
        assert words in sheet
    for private in ("A plain answer.", world.signatory(shown).full_name, "FR76"):
        assert private not in sheet


def test_the_list_is_narrowed_and_its_totals_with_it(world, visit):
    one = world.dossier(State.CONTRACTED, title="Médiathèque")
    other = world.dossier(State.CONTRACTED, title="Guichet")
    browser = visit(None)
    page = text(browser.get(f"{PROJECTS}?q=guichet"))
    assert other.reference in page
    assert one.reference not in page
    assert "1 project" in page
    assert "2 projects" in text(browser.get(PROJECTS))
    assert "No project matches" in text(browser.get(f"{PROJECTS}?q=nowhere"))
    assert "No project matches" in text(browser.get(f"{PROJECTS}?department=99"))


def test_the_files_hold_the_filtered_projects_and_no_formula(world, visit):
    one = world.dossier(State.CONTRACTED, title="=SUM(A1)")
    world.dossier(State.CONTRACTED, title="Guichet")
    browser = visit(None)
    rows = list(csv.DictReader(io.StringIO(streamed(browser.get("/en/donnees/projets.csv")))))
    assert len(rows) == 2
    row = next(row for row in rows if row["reference"] == one.reference)
    assert row["title"] == "'=SUM(A1)"
    assert (row["eligible"], row["granted"], row["state"]) == ("36209.96", "18104.00", "contracted")
    assert row["contracted_on"] == "2027-03-01"
    found = json.loads(streamed(browser.get("/en/donnees/projets.json?q=guichet")))
    assert [item["title"] for item in found] == ["Guichet"]
    assert json.loads(streamed(browser.get("/en/donnees/projets.json?q=nowhere"))) == []
    assert Dossier.objects.filter(state=State.CONTRACTED).count() == 2
