"""The permission page equals the oracle kept by hand beside this test, cell by cell."""

import csv
import itertools
from pathlib import Path

import pytest

from people.permissions import SYSTEM, allowed
from people.permissions.labels import ROLE_LABELS
from people.permissions.table import ROLES, RULES, RULES_OF, STAFF_ROLES, STATES

with (Path(__file__).parent / "permissions_oracle.csv").open(encoding="utf-8", newline="") as file:
    ORACLE = list(csv.DictReader(file))

# The acts of the oracle that no part of the product does yet. One that appears on the page leaves this list.
LATER = {
    "agreement.amend",
    "audit_package.download",
    "certification.batch",
    "claim.ask",
    "control.answer",
    "control.find",
    "control.sample",
    "correction.decide",
    "dossier.invite",
    "event.edit",
    "event.register",
    "follow_up.record",
    "indicator.declare",
    "opinion.ask",
    "opinion.give",
    "report.freeze",
    "survey.answer",
}


def cells(states: str) -> set[str]:
    """The states that one cell of the oracle names."""
    if states == "*":
        return set(STATES)
    if states == "*-draft":
        return set(STATES) - {"draft"}
    return set(states.split("|"))


def oracle() -> set[tuple[str, str, str, str]]:
    return {
        (row["action"], row["role"], row["relation"], state)
        for row in ORACLE
        if row["action"] not in LATER
        for state in cells(row["states"])
    }


def test_each_act_of_the_oracle_is_on_the_page_or_for_later_and_never_both():
    named = {row["action"] for row in ORACLE}
    assert set(RULES_OF) == named - LATER
    assert named & LATER == LATER


def test_the_page_grants_what_the_oracle_grants_and_nothing_else():
    granted = oracle()
    relations = {row["relation"] for row in ORACLE}
    actions = {row["action"] for row in ORACLE}
    product = set(itertools.product(actions, ROLES, relations, (*STATES, "-")))
    assert granted <= product
    assert {cell for cell in product if allowed(*cell)} == granted


def test_the_page_names_no_role_relation_or_state_that_the_oracle_does_not_know():
    assert {rule.role for rule in RULES} <= {row["role"] for row in ORACLE}
    assert {rule.relation for rule in RULES} <= {row["relation"] for row in ORACLE}
    assert {state for rule in RULES for state in rule.states or ()} <= set(STATES)
    assert {state for row in ORACLE for state in cells(row["states"])} == {*STATES, "-"}


def test_the_notes_are_the_conditions_of_the_oracle():
    notes = sorted((rule.action, rule.role, rule.relation, rule.note) for rule in RULES)
    conditions = sorted(
        (row["action"], row["role"], row["relation"], row["conditions"]) for row in ORACLE if row["action"] not in LATER
    )
    assert notes == conditions


def test_no_rule_stands_twice():
    assert len({(rule.action, rule.role, rule.relation) for rule in RULES}) == len(RULES)


def test_what_is_not_listed_is_refused():
    assert not allowed("dossier.explode", "administrator", "any", "-")


@pytest.mark.parametrize("action", ["dossier.select", "payment.order", "score.give", "dossier.contract"])
def test_an_administrator_of_the_site_decides_nothing_of_the_trade(action):
    assert "administrator" not in {rule.role for rule in RULES_OF[action]}


def test_controller_and_follow_up_agent_stand_on_the_page_only_to_read():
    assert {rule.action for rule in RULES if rule.role in {"controller", "follow_up_agent"}} == {"dossier.view"}


def test_every_role_has_a_name_for_its_readers():
    assert set(ROLE_LABELS) == set(ROLES)
    assert {"auditor", "administrator"} < STAFF_ROLES


def test_parts_of_the_product_do_only_what_is_listed():
    assert {(rule.actor, rule.action) for rule in SYSTEM} == {
        ("scheduler", "reminder.send"),
        ("installer", "administrator.create"),
        # From a programme file, at the command line of the server.
        ("installer", "programme.create"),
        ("installer", "programme.edit"),
        ("installer", "committee.edit"),
        ("installer", "grid.edit"),
        ("installer", "call.edit"),
        ("installer", "call.publish"),
    }
