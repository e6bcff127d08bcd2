"""A form as data: read whole, every error at once, written back as it was; what it asks, and what is missing."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from programmes.rules import answers as rules
from programmes.rules import form
from programmes.rules.form_values import parse, plain
from programmes.rules.reading import answered, said
from programmes.rules.reference import FILE, reference_form
from tests.world import answers

FR = {"fr": "Titre", "en": "Title"}


def one(**field: Any) -> form.Form:
    """A form of one question."""
    asked = {"code": "it", "label": {"fr": "Question", "en": "Question"}, **field}
    return parse({"sections": [{"code": "part", "title": FR, "fields": [asked]}]})


def told(of: form.Form, **given: Any) -> list[str]:
    return rules.missing_answers(of.sections[0], {"part": given})


class TestTheReferenceForm:
    def test_it_is_what_its_file_says(self):
        assert parse(tomllib.loads(Path(FILE).read_text(encoding="utf-8"))) == reference_form()
        assert parse(plain(reference_form())) == reference_form()

    @pytest.mark.parametrize("section", reference_form().sections, ids=lambda section: section.code)
    def test_a_section_with_all_its_answers_lacks_nothing(self, section):
        given = {section.code: answers(section)}
        assert rules.missing_answers(section, given) == []
        required = {piece.code for piece in section.pieces if piece.required}
        assert rules.missing_pieces(section, required, given) == []

    def test_each_missing_answer_and_document_is_named(self):
        project, papers = reference_form().sections[0], reference_form().part(form.DOCUMENTS)
        assert rules.missing_answers(project, {"project": {"need": " "}}) == [
            "Answer “Object of the project”.",
            "Answer “Need of the inhabitants or of the services”.",
            "Answer “Services planned”.",
        ]
        assert papers is not None
        assert rules.missing_pieces(papers, ["quote"], {}) == ["Attach the document “Deliberation”."]

    @pytest.mark.parametrize(
        "words, missing", [(120, []), (121, ["Shorten “Object of the project”: 121 words, and 120 at most."])]
    )
    def test_words_are_counted(self, words, missing):
        project = reference_form().sections[0]
        given = {**answers(project), "object": "word " * words}
        assert rules.missing_answers(project, {"project": given}) == missing

    @pytest.mark.parametrize(
        "start, end, missing",
        [
            ("2027-09-01", "2027-09-02", []),
            ("2027-09-01", "2027-09-01", ["“End of the project” must come after “Start of the project”."]),
            ("2027-02-30", "2027-09-01", ["“Start of the project”: give a date, such as 2027-09-01."]),
            ("20270901", "2028-09-01", ["“Start of the project”: give a date, such as 2027-09-01."]),
            ("2027-09-01", "", ["Answer “End of the project”."]),
        ],
    )
    def test_a_project_ends_after_it_starts(self, start, end, missing):
        schedule = reference_form().section("schedule")
        assert schedule is not None
        assert rules.missing_answers(schedule, {"schedule": {"start": start, "end": end}}) == missing

    def test_its_words_follow_the_language_of_the_page(self):
        title = reference_form().sections[0].title
        assert str(title) == "Describe the project"
        with translation.override("fr"):
            assert str(title) == "Décrire le projet"
        assert str(form.Words("Seul")) == "Seul"


class TestEveryKind:
    CHOICES = ({"code": "a", "label": {"fr": "Alpha"}}, {"code": "b", "label": {"fr": "Bêta"}})

    @pytest.mark.parametrize(
        "kind, kept, wrong, sentence",
        [
            ("email", "a@b.fr", "a b@c", "“Question”: give an e-mail address, such as name@town.fr."),
            ("date", "2027-09-01", "2027-13-01", "“Question”: give a date, such as 2027-09-01."),
            ("number", "-12.5", "12,5", "“Question”: give a number, such as 1250 or 12.5."),
            ("number", "0", "NaN", "“Question”: give a number, such as 1250 or 12.5."),
            ("amount", "1234.50", "-1", "“Question”: give an amount in euros, such as 1234.50."),
            ("amount", "0", "1e400", "“Question”: give an amount in euros, such as 1234.50."),
            ("yes_no", "no", "maybe", "“Question”: answer yes or no."),
            ("location", "2A004", "Toulouse", "“Question” is too long: 5 characters at most."),
            ("location", "31555", "3155x", "“Question”: give a commune by its INSEE code, such as 31555."),
        ],
    )
    def test_takes_its_answers_and_no_others(self, kind, kept, wrong, sentence):
        asked = one(kind=kind)
        assert told(asked, it=kept) == []
        assert told(asked, it=wrong) == [sentence]
        assert told(asked, it="") == ["Answer “Question”."]
        assert told(asked, it=["a"]) == ["“Question”: write a text."]

    def test_a_choice_is_one_of_its_options_and_is_read_by_its_label(self):
        asked = one(kind="choice", choices=list(self.CHOICES))
        assert told(asked, it="a") == []
        assert told(asked, it="c") == ["“Question”: choose one of the answers."]
        assert said(asked.sections[0].fields[0], "b") == "Bêta"

    def test_a_number_keeps_its_range(self):
        asked = one(kind="number", least=1, most=10)
        assert [told(asked, it=text) for text in ("0", "1", "10", "10.5")] == [
            ["“Question”: 1 at least."],
            [],
            [],
            ["“Question”: 10 at most."],
        ]

    def test_a_table_is_checked_cell_by_cell_and_read_row_by_row(self):
        columns = [
            {"code": "post", "label": {"fr": "Poste"}},
            {"code": "cost", "label": {"fr": "Coût"}, "kind": "amount"},
        ]
        asked = one(kind="table", columns=columns, max_rows=2)
        rows = [{"post": "Site", "cost": "1200.00"}, {"post": "Borne", "cost": ""}]
        assert told(asked, it=rows) == []
        assert told(asked, it=[]) == ["Answer “Question”."]
        assert told(asked, it=[{"post": "Site", "cost": "cher"}]) == [
            "“Question”, row 1: “Coût”: give an amount in euros, such as 1234.50."
        ]
        assert told(asked, it=rows * 2) == ["“Question”: 2 rows at most."]
        assert told(asked, it="Site") == ["“Question”: fill in the table."]
        assert said(asked.sections[0].fields[0], rows) == "Site · €1,200.00\nBorne"


class TestConditions:
    def form(self) -> form.Form:
        other = {"section": "part", "field": "kind", "values": ["other"]}
        kinds = [{"code": "site", "label": {"fr": "Site"}}, {"code": "other", "label": {"fr": "Autre"}}]
        deeper = {"section": "part", "field": "public", "values": ["yes"]}
        fields = [
            {"code": "kind", "label": {"fr": "Genre"}, "kind": "choice", "choices": kinds},
            {"code": "public", "label": {"fr": "Public ?"}, "kind": "yes_no", "shown_when": other},
            {"code": "which", "label": {"fr": "Lequel"}, "shown_when": deeper},
        ]
        piece = {"code": "plan", "label": {"fr": "Plan"}, "required": True, "shown_when": other}
        return parse(
            {
                "sections": [
                    {"code": "part", "title": FR, "fields": fields},
                    {"code": "papers", "title": FR, "part": "documents", "pieces": [piece]},
                ]
            }
        )

    def shown(self, **given: str) -> list[str]:
        return [item.code for item in rules.shown(self.form().sections[0], {"part": given})]

    def test_what_depends_on_an_answer_is_shown_with_it_and_what_hangs_on_the_hidden_is_hidden(self):
        assert self.shown() == ["kind"]
        assert self.shown(kind="other") == ["kind", "public"]
        assert self.shown(kind="other", public="yes") == ["kind", "public", "which"]
        assert self.shown(kind="site", public="yes") == ["kind"]

    def test_what_is_hidden_is_not_missing_not_filed_and_not_read(self):
        kept = {"part": {"kind": "site", "public": "yes", "which": "Mairie"}}
        of = self.form()
        assert rules.missing_answers(of.sections[0], kept) == []
        assert rules.filed(of, kept) == {"part": {"kind": "site"}}
        assert list(answered(of, kept)) == [("Title", [("Genre", "Site")])]
        assert rules.missing_pieces(of.sections[1], [], kept) == []
        assert rules.missing_pieces(of.sections[1], [], {"part": {"kind": "other"}}) == ["Attach the document “Plan”."]


class TestReading:
    def errors(self, content: Any) -> list[tuple[str, str]]:
        with pytest.raises(form.FormErrors) as caught:
            parse(content)
        return list(caught.value.errors)

    def test_every_error_is_told_at_once_with_its_place(self):
        fields = [
            {"code": "Bad code", "label": {"fr": "Un"}},
            {"code": "two", "label": {"en": "Two"}, "kind": "essay"},
            {"code": "two", "label": {"fr": "Deux"}, "max_words": 0, "surprise": 1},
            {"code": "three", "label": {"fr": "Trois"}, "kind": "choice", "required": "yes"},
        ]
        assert self.errors({"sections": [{"code": "part", "title": FR, "fields": fields, "minutes": True}]}) == [
            ("sections.part.minutes", "Write a whole number from 1 to 600."),
            (
                "sections.part.fields.Bad code.code",
                "Small letters, digits and _, 40 at most, beginning with a letter.",
            ),
            (
                "sections.part.fields.two.kind",
                "One of text, long, number, amount, date, email, choice, yes_no, table, location.",
            ),
            ("sections.part.fields.two.label.fr", "Write it in French."),
            (
                "sections.part.fields.two.surprise",
                "Unknown; known here: code, label, help, example, kind, required, max_words, least, most, after, "
                "choices, columns, max_rows, shown_when.",
            ),
            ("sections.part.fields.two.max_words", "Only a question of the kind “long” takes “max_words”."),
            ("sections.part.fields.two.max_words", "Write a whole number from 1 to 5000."),
            ("sections.part.fields.two.code", "This code stands there already."),
            ("sections.part.fields.three.choices", "A question of the kind “choice” lists its “choices”."),
            ("sections.part.fields.three.required", "true or false."),
        ]

    def test_a_condition_names_an_earlier_question_and_one_of_its_answers(self):
        late = {"section": "part", "field": "b", "values": ["yes"]}
        wrong = {"section": "part", "field": "b", "values": ["maybe"]}
        fields = [
            {"code": "a", "label": FR, "shown_when": late},
            {"code": "b", "label": FR, "kind": "yes_no"},
            {"code": "c", "label": FR, "shown_when": wrong},
            {"code": "d", "label": FR, "kind": "date", "after": "b"},
        ]
        assert self.errors({"sections": [{"code": "part", "title": FR, "fields": fields}]}) == [
            ("sections.part.fields.a.shown_when", "Name an earlier question of the kind “choice” or “yes_no”."),
            ("sections.part.fields.c.shown_when.values", "“maybe” is no answer to that question."),
            ("sections.part.fields.d.after", "Name an earlier date of the same section."),
        ]

    @pytest.mark.parametrize("content", [None, [], "form", {}, {"sections": "x"}, {"sections": [1]}, {"sections": []}])
    def test_what_is_no_form_is_refused(self, content):
        assert self.errors(content) != []


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["fr", "en", "code", "kind"]), inner),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["code", "title", "fields", "pieces", "part", "minutes", "intro"]), JUNK))
def test_no_plain_value_breaks_the_reader(section):
    """Whatever a file holds, it is read or told, and never an error of ours."""
    try:
        found = parse({"sections": [section]})
    except form.FormErrors:
        return
    assert parse(plain(found)) == found
