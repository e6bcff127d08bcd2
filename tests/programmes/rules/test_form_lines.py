"""Choices and columns as lines: what is typed is read, what is read is written, what cannot be read is told."""

import pytest

from programmes.rules.form import Column, FormErrors, Option, Words
from programmes.rules.form_lines import column_lines, columns_of, option_lines, options_of

CHOICES = (Option("town", Words("Commune", "Town")), Option("other", Words("Autre | divers")))
COLUMNS = (
    Column("what", Words("Quoi", "What")),
    Column("sum", Words("Montant"), "amount"),
    Column("who", Words("Qui", "Who"), "choice", CHOICES),
)


def test_what_is_written_is_read_again():
    assert options_of(option_lines(CHOICES)) == CHOICES
    assert columns_of(column_lines(COLUMNS)) == COLUMNS


def test_the_lines_are_short():
    assert option_lines(CHOICES) == "town = Commune | Town\nother = Autre \\| divers"
    assert column_lines(COLUMNS).splitlines() == [
        "what = Quoi | What",
        "sum = Montant |  | amount",
        "who = Qui | Who | choice",
        "- town = Commune | Town",
        "- other = Autre \\| divers",
    ]


def test_a_code_may_be_left_out_and_empty_lines_say_nothing():
    assert options_of("\n École|School \n\nÉcole\n") == (
        Option("ecole", Words("École", "School")),
        Option("ecole_2", Words("École")),
    )


@pytest.mark.parametrize(
    ("read", "text", "told"),
    [
        (options_of, "a = A | B | C", "Line 1: 2 parts at most, set apart by bars."),
        (options_of, "a = A\nb = | B", "Line 2: Write it in French."),
        (columns_of, "a = A | B | picture", "Line 1: One of text, number, amount, date, choice."),
        (
            columns_of,
            "a = A\n- b = B",
            "Line 2: Choices, which begin with a dash, follow a column of the kind “choice”.",
        ),
    ],
)
def test_a_line_that_cannot_be_read_is_told_by_its_number(read, text, told):
    with pytest.raises(FormErrors) as caught:
        read(text)
    assert caught.value.errors == (("", told),)
