"""The reference form: what it asks, and what it says is missing."""

import pytest

from grants.models import Section
from grants.rules import form
from tests.world import answers


def test_the_form_has_the_sections_of_the_dossier_in_their_order():
    assert [section.code for section in form.REFERENCE_FORM] == list(Section.values)
    assert [str(section.title) for section in form.REFERENCE_FORM] == [str(label) for label in Section.labels]


def test_ids_are_unique_within_a_section():
    for section in form.REFERENCE_FORM:
        codes = [item.code for item in (*section.fields, *section.pieces)]
        assert len(codes) == len(set(codes))


@pytest.mark.parametrize("section", form.REFERENCE_FORM, ids=lambda section: section.code)
def test_a_section_with_all_its_answers_lacks_nothing(section):
    assert form.missing_answers(section, answers(section)) == []
    required = {piece.code for piece in section.pieces if piece.required}
    assert form.missing_pieces(section, required) == []


def test_each_missing_answer_is_named():
    assert form.missing_answers(form.PROJECT, {"need": " "}) == [
        "Answer “Object of the project”.",
        "Answer “Need of the inhabitants or of the services”.",
        "Answer “Services planned”.",
    ]
    assert form.missing_pieces(form.DOCUMENTS, ["quote"]) == ["Attach the document “Deliberation”."]


@pytest.mark.parametrize(
    "words, told", [(120, []), (121, ["Shorten “Object of the project”: 121 words, and 120 at most."])]
)
def test_words_are_counted(words, told):
    given = {**answers(form.PROJECT), "object": "word " * words}
    assert form.missing_answers(form.PROJECT, given) == told


@pytest.mark.parametrize(
    "start, end, told",
    [
        ("2027-09-01", "2027-09-02", []),
        ("2027-09-01", "2027-09-01", ["“End of the project” must come after the start of the project."]),
        ("2027-02-30", "2027-09-01", ["“Start of the project”: give a date, such as 2027-09-01."]),
        ("20270901", "2028-09-01", ["“Start of the project”: give a date, such as 2027-09-01."]),
        ("2027-09-01", "", ["Answer “End of the project”."]),
    ],
)
def test_a_project_ends_after_it_starts(start, end, told):
    assert form.missing_answers(form.SCHEDULE, {"start": start, "end": end}) == told


def test_an_address_is_one():
    given = {**answers(form.TEAM), "elected_email": "a b@c"}
    assert form.missing_answers(form.TEAM, given) == [
        "“Elected member: e-mail address”: give an e-mail address, such as name@town.fr."
    ]


def test_an_unknown_field_is_none():
    with pytest.raises(KeyError):
        form.PROJECT.field("unknown")
