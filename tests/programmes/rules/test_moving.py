"""Answers that move to a later version of the form: under their codes, beside them, and told."""

from programmes.rules.form_values import parse
from programmes.rules.moving import earlier, moved


def form(*fields):
    return parse({"sections": [{"code": "idea", "title": {"fr": "Idée"}, "fields": list(fields)}]})


def asks(code, label, **more):
    return {"code": code, "label": {"fr": label}, **more}


def choice(*codes):
    return {"kind": "choice", "choices": [{"code": code, "label": {"fr": code.title()}} for code in codes]}


def table(*codes):
    return {"kind": "table", "columns": [{"code": code, "label": {"fr": code.title()}} for code in codes]}


def test_answers_stay_under_their_codes_also_where_the_question_is_gone():
    answers = {"idea": {"what": "A site", "gone": "Kept"}, "left": {"out": "Kept too"}}
    assert moved(answers, 1, form(asks("what", "Quoi", kind="long"))) == answers


def test_an_answer_that_the_question_no_longer_takes_is_put_beside():
    later = form(asks("who", "Qui", **choice("town")), asks("rows", "Lignes", **table("name")), asks("when", "Quand"))
    answers = {"idea": {"who": "school", "rows": [{"name": "A", "role": "B"}], "when": "soon"}}
    assert moved(answers, 2, later) == {
        "idea": {"who@2": "school", "rows@2": [{"name": "A", "role": "B"}], "when": "soon"}
    }


def test_an_empty_answer_and_one_put_beside_before_stay_where_they_are():
    answers = {"idea": {"who": "", "who@1": "school"}}
    assert moved(answers, 2, form(asks("who", "Qui", **choice("town")))) == answers


def test_what_is_no_longer_asked_is_told_in_the_words_of_the_version_that_asked_it():
    first = form(asks("who", "Qui ?", **choice("school")), asks("gone", "Ancienne question"))
    second = form(asks("who", "Qui donc ?", **choice("town")), asks("gone", "Question d’hier"))
    third = form(asks("who", "Qui alors ?", **choice("town")))
    answers = {"idea": {"who": "town", "who@1": "school", "gone": "Kept", "never": "?", "empty": ""}}
    assert list(earlier(third, answers, [(2, second), (1, first)])) == [
        ("Qui ?", "School"),
        ("Question d’hier", "Kept"),
        ("never", "?"),
    ]
