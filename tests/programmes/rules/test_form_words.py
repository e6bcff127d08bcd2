"""A form in words: conditions, and what differs between two versions."""

from dataclasses import replace

from programmes.rules.form import KINDS, PARTS, Check, Condition, Field, Form, Option, Piece, Section, Words
from programmes.rules.form_words import KIND_WORDS, PART_WORDS, condition_words, differences

CHOICES = (Option("town", Words("Commune", "Town")), Option("school", Words("École", "School")))
ASKED = Field("who", Words("Qui ?", "Who?"), kind="choice", choices=CHOICES)
LAST = Field("when", Words("Quand ?", "When?"))
IDEA = Section("idea", Words("Idée", "Idea"), fields=(ASKED, LAST))
PAPERS = Section(
    "papers", Words("Pièces", "Papers"), part="documents", pieces=(Piece("quote", Words("Devis", "Quote")),)
)
FORM = Form((IDEA, PAPERS), (Check("town", Words("Commune ?", "A town?"), "yes", Words("Non.", "No.")),))


def test_every_kind_and_part_has_words():
    assert (tuple(KIND_WORDS), set(PART_WORDS)) == (KINDS, set(PARTS))


def test_a_condition_is_told_by_its_question_and_answers():
    both = Condition("idea", "who", ("town", "school"))
    assert condition_words(FORM, both) == "Asked when the answer to “Who?” is “Town” or “School”."
    assert condition_words(FORM, None) == ""
    assert condition_words(FORM, Condition("none", "who", ("town",))) == ""


def test_two_forms_alike_do_not_differ():
    assert differences(FORM, FORM) == []


def test_what_is_added_changed_moved_and_taken_out_is_told_once():
    hanging = replace(LAST, label=Words("Quand ?", "When then?"), shown_when=Condition("idea", "who", ("town",)))
    later = Form(
        (
            replace(PAPERS, pieces=(), minutes=9),
            Section("more", Words("Encore", "More"), fields=(LAST,)),
            replace(IDEA, fields=(ASKED, hanging, Field("why", Words("Pourquoi ?", "Why?")))),
        )
    )
    assert differences(FORM, later) == [
        "Section “Papers”: changed (minutes).",
        "Section “More”: added.",
        "Section: in another order.",
        "Section “Papers”, document “Quote”: taken out.",
        "Section “Idea”, question “When then?”: changed (wording, when it is asked).",
        "Section “Idea”, question “Why?”: added.",
        "Eligibility question “A town?”: taken out.",
    ]
