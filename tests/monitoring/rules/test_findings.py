"""Declared figures beside computed ones: a finding for each difference, none where they agree."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from monitoring.rules import findings
from monitoring.rules.findings import COUNT, MONEY, Comparison, Finding

amounts = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)


def compare(declared, computed, code="eligible_total", unit=MONEY):
    return Comparison(code, unit, Decimal(declared), Decimal(computed))


def test_the_reference_programme_s_two_differences():
    """The final report declares 20 projects and 1 138 557.64 €; its own list holds 19, and 1 021 904.81 €."""
    found = list(
        findings.findings(
            [
                compare(20, 19, "projects_count", COUNT),
                compare("1138557.64", "1021904.81"),
                compare("502791.00", "502791.00", "erdf_total"),
            ]
        )
    )
    assert found == [
        Finding("projects_count", COUNT, Decimal(20), Decimal(19)),
        Finding("eligible_total", MONEY, Decimal("1138557.64"), Decimal("1021904.81")),
    ]
    assert [item.difference for item in found] == [Decimal(1), Decimal("116652.83")]


@pytest.mark.parametrize(
    ("declared", "computed", "difference"), [("10.00", "10.01", "-0.01"), ("0", "5", "-5"), ("5.1", "5.10", None)]
)
def test_a_difference_is_declared_less_computed_to_the_cent(declared, computed, difference):
    found = [item.difference for item in findings.findings([compare(declared, computed)])]
    assert found == ([] if difference is None else [Decimal(difference)])


@given(st.lists(st.tuples(amounts, amounts), max_size=8))
def test_there_is_a_finding_for_each_pair_that_differs_and_for_no_other(pairs):
    found = list(findings.findings(compare(*pair) for pair in pairs))
    assert [(item.declared, item.computed) for item in found] == [pair for pair in pairs if pair[0] != pair[1]]
    assert all(item.computed + item.difference == item.declared for item in found)


@pytest.mark.parametrize("code", ["projects_count", "eligible_total", "erdf_total"])
def test_each_finding_has_its_sentence_in_both_languages(code):
    figures = {"declared": "20", "computed": "19", "difference": "1"}
    said = {}
    for language in ("en", "fr"):
        with translation.override(language):
            said[language] = str(findings.SENTENCES[code]).format(**figures)
    assert all(figure in sentence for sentence in said.values() for figure in figures.values())
    assert said["en"] != said["fr"]
