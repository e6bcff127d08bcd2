"""One step on a form: added, replaced, moved, taken out; refused where something else hangs on it."""

from dataclasses import replace

import pytest

from programmes.rules import form_edit
from programmes.rules.form import Check, Condition, Field, Form, FormErrors, Option, Piece, Section, Words
from programmes.rules.form_edit import ELIGIBILITY, FIELDS, PIECES, SECTIONS, Place, new_code

ASKED = Field("who", Words("Qui ?"), kind="choice", choices=(Option("town", Words("Commune")),))
HANGS = Field("why", Words("Pourquoi ?"), shown_when=Condition("idea", "who", ("town",)))
LAST = Field("when", Words("Quand ?"))
PAPERS = Section("papers", Words("Pièces"), part="documents", pieces=(Piece("quote", Words("Devis")),))
FORM = Form((Section("idea", Words("Idée"), fields=(ASKED, HANGS, LAST)), PAPERS))
IDEA = Place(FIELDS, "idea")


def errors(act, *arguments):
    with pytest.raises(FormErrors) as caught:
        act(*arguments)
    return list(caught.value.errors)


def codes(form, place):
    return [item.code for item in form_edit.items(form, place)]


@pytest.mark.parametrize(
    ("place", "new"),
    [
        (Place(SECTIONS), Section("more", Words("Encore"))),
        (IDEA, Field("more", Words("Encore"))),
        (Place(PIECES, "papers"), Piece("more", Words("Encore"))),
        (Place(ELIGIBILITY), Check("more", Words("Encore ?"), "yes", Words("Non."))),
    ],
)
def test_something_is_added_at_the_end_replaced_and_taken_out_again(place, new):
    more = form_edit.add(FORM, place, new)
    assert codes(more, place) == [*codes(FORM, place), "more"]
    assert form_edit.item(more, place, "more") == new
    other = replace(new, code="other", **{_words(new): Words("Autre")})
    changed = form_edit.replace(more, place, "more", other)
    assert form_edit.item(changed, place, "more") == replace(other, code="more")
    assert form_edit.remove(more, place, "more") == FORM


def _words(item):
    return next(name for name in ("title", "label", "question") if hasattr(item, name))


@pytest.mark.parametrize(
    ("code", "step", "order"),
    [
        ("when", -1, ["who", "when", "why"]),
        ("when", 1, ["who", "why", "when"]),
        ("when", -9, ["when", "who", "why"]),
        ("who", -1, ["who", "why", "when"]),
    ],
)
def test_something_moves_within_its_list(code, step, order):
    assert codes(form_edit.move(FORM, IDEA, code, step), IDEA) == order


def test_nothing_moves_before_the_question_on_which_it_hangs():
    sentence = "“Pourquoi ?” would stand before the question on which it hangs."
    assert errors(form_edit.move, FORM, IDEA, "who", 1) == [("", sentence)]
    assert errors(form_edit.move, FORM, IDEA, "why", -1) == [("", sentence)]


def test_a_question_on_which_another_hangs_is_not_taken_out_nor_its_answer():
    told = "“Pourquoi ?” hangs on what you take out: change when it is asked first."
    assert errors(form_edit.remove, FORM, IDEA, "who") == [("", told)]
    other = replace(ASKED, choices=(Option("school", Words("École")),))
    told = "“Pourquoi ?” is asked for an answer that would go: change that first."
    assert errors(form_edit.replace, FORM, IDEA, "who", other) == [("", told)]


def test_what_is_wrong_in_the_new_item_has_its_place():
    assert errors(form_edit.add, FORM, IDEA, Field("more", Words("", "More"), kind="long", least=3)) == [
        ("least", "Only a question of the kind “number” takes “least”."),
        ("label.fr", "Write it in French."),
    ]
    alone = form_edit.remove(FORM, Place(SECTIONS), "papers")
    assert errors(form_edit.remove, alone, Place(SECTIONS), "idea") == [("", "A form has at least one section.")]


@pytest.mark.parametrize(("place", "code"), [(IDEA, "none"), (Place(FIELDS, "none"), "who"), (Place(SECTIONS), "none")])
def test_what_the_form_does_not_have_is_told(place, code):
    for act in (form_edit.item, form_edit.remove):
        with pytest.raises(KeyError):
            act(FORM, place, code)


@pytest.mark.parametrize(
    ("words", "taken", "longest", "code"),
    [
        ("Besoin des élus ?", [], 40, "besoin_des_elus"),
        ("L’idée", ["l_idee", "l_idee_2"], 40, "l_idee_3"),
        ("3 devis", [], 40, "q_3_devis"),
        ("???", [], 40, "q"),
        ("Statuts de l’association", [], 20, "statuts_de_l_associa"),
        ("Statuts de l’association", ["statuts_de_l_associa"], 20, "statuts_de_l_assoc_2"),
    ],
)
def test_a_code_is_made_of_words_and_is_of_one_thing_alone(words, taken, longest, code):
    assert new_code(words, taken, longest) == code
