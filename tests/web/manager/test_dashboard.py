"""The dashboard: the report's figures by action, indicators and their state."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from grants.lifecycle import State
from programmes.actions import programmes
from tests.web.visits import text
from web.manager import figures
from web.shared.figures import said

HOME = "/en/pilotage/tableau"


@pytest.mark.usefixtures("bare")
def test_an_empty_programme_leads_to_its_set_up(world, visit):
    world.programme
    page = text(visit(world.manager).get(HOME))
    assert "Nothing to show yet" in page
    assert 'href="/en/pilotage/parametrage"' in page


@pytest.mark.usefixtures("bare")
def test_a_grant_shows_where_it_stands(world, visit):
    dossier = world.dossier(State.CONTRACTED, envelope=world.envelope("50000"))
    page = text(visit(world.manager).get(HOME))
    assert "€50,000.00" in page
    assert f"€{dossier.granted:,.2f}" in page
    assert f"€{50000 - dossier.granted:,.2f}" in page


def test_targets_results_and_declared_costs_are_compared(world, visit):
    measure = world.measure
    given = {"measure": measure, "indicator": "people", "label_fr": "Personnes", "unit": "people", "by": world.manager}
    programmes.set_target(
        value=Decimal(600), operator=">=", valid_from=date(2027, 1, 1), decision=world.steering, **given
    )
    programmes.declare_result(value=Decimal(662), source="Bilan", declared_on=date(2027, 2, 1), **given)
    page = text(visit(world.manager).get(HOME))
    assert "≥\u00a0600\u00a0people" in page
    assert "662\u00a0people" in page
    assert "Reached" in page


@pytest.mark.parametrize("path", [HOME, "/en/pilotage/indicateurs", "/en/pilotage/parametrage"])
def test_nobody_else_finds_the_pages(world, visit, path):
    for person in (world.officer, world.secretary, world.auditor, world.administrator):
        assert visit(person).get(path).status_code == 404
    assert "/account/login/" in visit().get(path)["Location"]


@pytest.mark.parametrize(
    ("operator", "target", "result", "declared", "code"),
    [
        (">=", 600, 662, None, "reached"),
        (">=", 350, 337, None, "nearly"),
        (">=", 1000, 606, None, "not_reached"),
        (">", 60, "59.26", True, "contradicted"),
        ("≈", 25, 20, None, "approached"),
        ("≈", 25, 25, None, "reached"),
        ("≈", 25, 10, None, "not_reached"),
        ("<=", 10, 11, None, "not_reached"),
        ("<", 10, 9, None, "reached"),
        ("=", 8, 8, None, "reached"),
        (">=", 15, None, None, "none"),
        ("", 15, 3, None, "no_target"),
        (">=", None, 3, None, "no_target"),
    ],
)
def test_how_a_result_stands_to_its_target(operator, target, result, declared, code):
    target = None if target is None else Decimal(target)
    result = None if result is None else Decimal(result)
    assert figures.state_of(operator, target, result, declared).code == code


def test_a_bar_ends_at_a_quarter_beyond_the_plan():
    assert figures.bar(Decimal(10), None) is None
    whole = figures.bar(Decimal(100), Decimal(100))
    assert (whole.done, whole.over, whole.limit, whole.is_over) == ("80.00%", "0.00%", "80.00%", False)
    beyond = figures.bar(Decimal(300), Decimal(100))
    assert (beyond.done, beyond.over, beyond.is_over, beyond.rate) == ("80.00%", "20.00%", True, 3)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["≥\u00a0662\u00a0people", ">\u00a059.26%", "€120,000.00", ""]),
        ("fr", ["≥\u00a0662\u00a0personnes", ">\u00a059,26\u00a0%", "120\u202f000,00\u00a0€", ""]),
    ],
)
def test_figures_are_said_with_their_unit_and_without_idle_decimals(language, words):
    with override(language):
        assert [
            said(Decimal("662.00"), "people", ">="),
            said(Decimal("59.26"), "percent", ">"),
            said(Decimal("120000.00"), "EUR"),
            said(None, "people"),
        ] == words
