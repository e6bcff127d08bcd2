"""A programme as a file: read whole, every error at once with its key, written back as it stood."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

import programmes
from programmes.rules.form import Words
from programmes.rules.programme_file import Board, Decided, Head, ProgrammeFile, ProgrammeFileErrors
from programmes.rules.programme_reading import read
from programmes.rules.programme_writing import written

EXAMPLES = sorted(Path(programmes.__path__[0], "examples").glob("*.toml"))
HEAD = """
[programme]
code = "SMALL-27"
title = { fr = "Petit programme" }
managing_body = "Région"
starts_on = 2027-01-01
ends_on = 2028-12-31
"""
DECISION = """
[[decisions]]
reference = "COPIL-1"
body = "steering"
taken_on = 2026-12-01
text = "Adoption."
"""
ACTION = """
[[actions]]
code = "1"
step = "project"
title = { fr = "Projets" }
[[actions.envelopes]]
code = "E1"
amount = 1234.50
decision = "COPIL-1"
[[actions.aid_rules]]
rate = 0.5
valid_from = 2027-01-01
decision = "COPIL-1"
"""
CALL = """
[[calls]]
slug = "petit-appel"
reference_prefix = "PETIT"
action = "1"
envelope = "E1"
title = { fr = "Appel" }
presentation = { fr = "Texte." }
opens_at = 2027-01-15T09:00:00
closes_at = 2027-03-15T17:00:00
"""
WHOLE = HEAD + DECISION + ACTION + CALL


def faults(text: str) -> list[tuple[str, str]]:
    with pytest.raises(ProgrammeFileErrors) as refused:
        read(text)
    return list(refused.value.errors)


class TestReading:
    def test_what_is_left_out_is_as_it_usually_is(self):
        file = read(WHOLE)
        assert file.programme == Head(
            "SMALL-27", Words("Petit programme"), "Région", date(2027, 1, 1), date(2028, 12, 31)
        )
        assert file.decisions == (Decided("COPIL-1", "steering", date(2026, 12, 1), "Adoption."),)
        (action,) = file.actions
        assert (action.envelopes[0].amount, action.envelopes[0].fund) == (Decimal("1234.50"), "FEDER")
        assert (action.aid_rules[0].rate, action.aid_rules[0].rounding_unit) == (Decimal("0.5"), Decimal(1))
        (call,) = file.calls
        assert (call.needs_advice, call.grid, call.form) == (True, None, None)

    def test_times_are_those_of_paris_unless_they_have_an_offset(self):
        (call,) = read(WHOLE).calls
        assert call.opens_at == datetime(2027, 1, 15, 8, tzinfo=UTC)
        (other,) = read(WHOLE.replace("2027-01-15T09:00:00", "2027-01-15T09:00:00-05:00")).calls
        assert other.opens_at == datetime(2027, 1, 15, 14, tzinfo=UTC)
        (quoted,) = read(WHOLE.replace("2027-01-15T09:00:00", '"2027-01-15T09:00"')).calls
        assert quoted == call

    @pytest.mark.parametrize(
        "time, sentence",
        [
            ("2027-03-28T02:30:00", "No clock in Paris shows this time: summer time begins. Choose another one."),
            (
                "2027-10-31T02:30:00",
                "Clocks in Paris show this time twice: summer time ends. Add the offset, such as +01:00.",
            ),
            ("2027-03-28", "Write a date and a time, such as 2027-01-15T17:00:00 (in Paris)."),
            ('"soon"', "Write a date and a time, such as 2027-01-15T17:00:00 (in Paris)."),
        ],
    )
    def test_a_deadline_is_one_instant(self, time, sentence):
        assert faults(WHOLE.replace("2027-03-15T17:00:00", time)) == [("calls.petit-appel.closes_at", sentence)]

    def test_every_error_is_told_at_once_with_its_key(self):
        text = (
            WHOLE.replace('code = "SMALL-27"', 'code = "small"')
            .replace("ends_on = 2028-12-31", "ends_on = 2026-12-31\ncolour = 1")
            .replace('body = "steering"', 'body = "parliament"')
            .replace("rate = 0.5", "rate = 1.5")
            .replace("amount = 1234.50", 'amount = "much"')
            .replace('envelope = "E1"', 'envelope = "E2"')
        )
        assert faults(text) == [
            ("programme.colour", f"Unknown; known here: {', '.join(_keys(Head))}."),
            ("programme.ends_on", "The end must come after the start."),
            ("programme.code", "Use capital letters, digits, hyphens and dots, for example PRAI-2027."),
            ("decisions.COPIL-1.body", "One of steering, selection, monitoring, management."),
            (
                "actions.1.envelopes.E1.amount",
                "Write an amount in euros without quotation marks, such as 1234.50.",
            ),
            ("actions.1.aid_rules.2027-01-01.rate", "Write a number from 0 to 1, with 4 decimals at most."),
            ("calls.petit-appel.envelope", "The action 1 has no envelope “E2” in the file."),
        ]

    def test_reminders_come_in_their_order_or_not_at_all(self):
        (call,) = read(f"{WHOLE}reminder_days = [1, 30, 1]\n").calls
        assert call.reminder_days == (30, 1)
        never = read(f"{WHOLE}reminder_days = []\n")
        assert never.calls[0].reminder_days == ()
        assert read(written(never)) == never
        place = "calls.petit-appel.reminder_days"
        assert [key for key, _told in faults(f"{WHOLE}reminder_days = [0, 6, 5, 4, 3, 2]\n")] == [f"{place}.1", place]
        assert [key for key, _told in faults(f"{WHOLE}reminder_days = 7\n")] == [place]

    def test_money_names_a_decision_of_the_steering_committee(self):
        sentence = "Money, rules and targets change by a decision of the steering committee; choose one."
        assert faults(WHOLE.replace('body = "steering"', 'body = "selection"')) == [
            ("actions.1.envelopes.E1.decision", sentence),
            ("actions.1.aid_rules.2027-01-01.decision", sentence),
        ]
        assert faults(WHOLE.replace(DECISION, "")) == [
            ("actions.1.envelopes.E1.decision", "The file has no decision “COPIL-1”."),
            ("actions.1.aid_rules.2027-01-01.decision", "The file has no decision “COPIL-1”."),
        ]

    def test_the_errors_of_a_form_have_their_whole_key(self):
        form = '\n[[calls.form.sections]]\ncode = "Idea"\ntitle = { fr = "Idée" }\n'
        assert faults(WHOLE + form) == [
            (
                "calls.petit-appel.form.sections.Idea.code",
                "Small letters, digits and _, 40 at most, beginning with a letter.",
            )
        ]

    def test_what_stands_twice_is_told(self):
        assert faults(WHOLE + CALL) == [
            ("calls.petit-appel.slug", "This stands there already."),
            ("calls.reference_prefix", "“PETIT” stands there more than once."),
        ]

    def test_a_text_that_is_no_toml_says_where(self):
        ((key, sentence),) = faults("[programme\n")
        assert key == ""
        assert sentence.startswith("This is not TOML: ")
        assert "line 1" in sentence

    @pytest.mark.parametrize("text", ["", "programme = 1", "[programme]\ncode = nan", "actions = [1]", "calls = 3"])
    def test_whatever_the_file_holds_is_answered(self, text):
        assert faults(text)

    @pytest.mark.parametrize(
        "number", ["9" * 5000, "1e999999999", "-1", "nan", "inf", "1e-999999999", "true", '"0.5"', "{}", "2027-01-01"]
    )
    def test_a_number_that_is_none_is_refused_and_a_tiny_one_too(self, number):
        assert faults(WHOLE.replace("rate = 0.5", f"rate = {number}"))
        assert faults(WHOLE.replace("amount = 1234.50", f"amount = {number}"))
        assert faults(f"{WHOLE}appeal_days = {number}\n")

    def test_a_nest_of_lists_is_refused(self):
        assert faults(f"actions = {'[' * 100_000}")

    def test_a_file_of_any_size_is_not_read(self):
        assert faults("#" * 2_000_001) == [("", "2000000 characters at most.")]

    def test_in_the_language_of_the_reader(self):
        with translation.override("fr"):
            assert faults(HEAD.replace("ends_on = 2028-12-31", "ends_on = 2026-12-31")) == [
                ("programme.ends_on", "La fin doit venir après le début.")
            ]


class TestWriting:
    @pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
    def test_an_example_is_what_is_written_of_it(self, path):
        text = path.read_text(encoding="utf-8")
        assert written(read(text)) == text

    def test_a_time_that_clocks_show_twice_is_written_with_its_offset(self):
        file = read(WHOLE.replace("2027-03-15T17:00:00", "2027-10-31T02:30:00+01:00"))
        assert "closes_at = 2027-10-31T01:30:00+00:00\n" in written(file)
        assert read(written(file)) == file

    @given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
    @settings(max_examples=60, deadline=None)
    def test_every_text_comes_back(self, text):
        file = ProgrammeFile(
            Head("SMALL-27", Words("Titre"), "Région", date(2027, 1, 1), date(2028, 1, 1)),
            (Decided("COPIL-1", "steering", date(2026, 12, 1), f"a\n{text}\nz"),),
            (Board("Comité", 2),),
        )
        once = read(written(file))
        assert read(written(once)) == once


def _keys(made: type) -> list[str]:
    return list(made.__dataclass_fields__)
