"""Every string has its French, and well set; what equals its English source is an exception that is listed."""

import pytest

from config import translations


def test_the_french_catalogue_is_complete_and_well_set():
    assert translations.problems() == []


def test_every_exception_is_still_needed():
    equal = {entry.msgid for entry in translations.merged() if entry.msgstr == entry.msgid}
    assert translations.equal_on_purpose() - equal == set()


@pytest.mark.parametrize(
    ("source", "french", "problem"),
    [
        ("Sign in", "", "empty"),
        ("Sign in", "Sign in", "equal"),
        ("%(n)s left", "%(m)s restants", "unknown placeholder"),
        ("Really?", "Vraiment ?", "ill-set"),
        ("Really?", "Vraiment?", "ill-set"),
        ("The applicant", "L'usager", "ill-set"),
        ("Rate: 50 %", "Taux\u00a0: 50 %", "ill-set"),
    ],
)
def test_the_check_finds(source, french, problem):
    assert any(found.startswith(problem) for found in translations._wrong(source, french, set(), source))


@pytest.mark.parametrize(
    ("source", "french"),
    [
        ("Sign in", "Se connecter"),
        ("PRAI", "PRAI"),
        ("%(n)s left (50 %%)", "Il reste %(n)s (50\u00a0%%)"),
        ("Really?", "Vraiment\u202f?"),
        ("See https://example.org/?a=b", "Voir https://example.org/?a=b"),
    ],
)
def test_the_check_lets_pass(source, french):
    assert list(translations._wrong(source, french, {"PRAI"}, source)) == []


def test_a_singular_may_be_filled_in_by_what_the_plural_names():
    source = "One day %(count)s days"
    assert list(translations._wrong("One day", "%(count)s jour", set(), source)) == []
