"""The form of a call, written on pages: every list, every kind of question, conditions; moved, taken out, refused."""

import re

import pytest

from programmes.actions.forms import edit_form
from programmes.queries import current_form
from programmes.rules.form import KINDS, Check, Condition, Option, Words
from programmes.rules.form_edit import FIELDS, Place, item
from programmes.rules.reference import reference_form
from tests.web.visits import text


@pytest.fixture
def call(world):
    return world.prepared_call()


@pytest.fixture
def browser(world, visit):
    return visit(world.manager)


def at(call, end=""):
    return f"/en/pilotage/appels/{call.slug}/formulaire{end}"


def form_of(call):
    return call.form_versions.order_by("-number").first().form


def seen(call):
    return {"seen": call.form_versions.order_by("-number").first().digest}


def field(call, section, code):
    return item(form_of(call), Place(FIELDS, section), code)


def test_the_page_of_the_call_leads_to_its_form(call, browser):
    assert at(call) in text(browser.get(f"/en/pilotage/appels/{call.slug}"))
    page = text(browser.get(at(call)))
    for section in reference_form():
        assert f'id="section-{section.code}"' in page
    assert "Version 1, in preparation" in page
    assert "The form is published with the call" in page


def test_a_section_is_added_changed_moved_and_taken_out(call, browser):
    given = {"part": "questions", "title_fr": "Dire l’idée", "title_en": "Tell the idea", "minutes": "7"}
    browser.post(at(call, "/ajouter/sections"), {**given, **seen(call)})
    made = form_of(call).sections[-1]
    assert (made.code, made.title, made.minutes) == ("dire_l_idee", Words("Dire l’idée", "Tell the idea"), 7)

    browser.post(at(call, f"/modifier/sections:{made.code}"), {**given, "minutes": "9", **seen(call)})
    assert form_of(call).sections[-1].minutes == 9

    answer = browser.post(at(call), {"move": f"up:sections:{made.code}", **seen(call)})
    assert answer["Location"] == f"{at(call)}#sections"
    assert form_of(call).codes[-2] == made.code

    assert "Take out “Tell the idea”" in text(browser.get(at(call, f"/retirer/sections:{made.code}")))
    browser.post(at(call, f"/retirer/sections:{made.code}"), seen(call))
    assert form_of(call) == reference_form()


def test_a_question_of_every_kind_is_added_with_the_settings_of_its_kind(call, browser):
    page = text(browser.get(at(call, "/ajouter/fields:project")))
    assert re.findall(r'href="\?kind=(\w+)"', page) == list(KINDS)
    more = {
        "long": {"max_words": "50"},
        "number": {"least": "1", "most": "9"},
        "choice": {"choices": "town = Commune | Town\nÉcole | School"},
        "table": {"columns": "who = Qui | Who\nsum = Montant | | amount", "max_rows": "5"},
    }
    for kind in KINDS:
        assert f'value="{kind}"' in text(browser.get(at(call, f"/ajouter/fields:project?kind={kind}")))
        given = {"kind": kind, "label_fr": f"Question {kind}", "required": "on", **more.get(kind, {}), **seen(call)}
        assert browser.post(at(call, "/ajouter/fields:project"), given).status_code == 302
    made = {found.kind: found for found in form_of(call).sections[0].fields[3:]}
    assert list(made) == list(KINDS)
    assert made["long"].max_words == 50
    assert (made["number"].least, made["number"].most) == (1, 9)
    assert made["choice"].choices == (
        Option("town", Words("Commune", "Town")),
        Option("ecole", Words("École", "School")),
    )
    assert [(column.code, column.kind) for column in made["table"].columns] == [("who", "text"), ("sum", "amount")]
    for kind, found in made.items():
        page = text(browser.get(at(call, f"/modifier/fields:project:{found.code}")))
        assert f"Question {kind}" in page


def test_a_question_keeps_its_code_and_its_condition_and_may_become_of_another_kind(call, browser):
    given = {"kind": "choice", "label_fr": "Objet", "choices": "a = A", **seen(call)}
    browser.post(at(call, "/modifier/fields:project:object"), given)
    found = field(call, "project", "object")
    assert (found.kind, found.label, found.max_words, found.required) == ("choice", Words("Objet"), None, False)
    assert 'href="?kind=text"' in text(browser.get(at(call, "/modifier/fields:project:object?kinds")))


def test_a_question_hangs_on_the_answers_to_an_earlier_one(call, browser):
    assert "there is none yet" in text(browser.get(at(call, "/condition/fields:project:need")))
    given = {"kind": "choice", "label_fr": "Pour qui ?", "choices": "all = Tous | All\nfew = Peu | Few", **seen(call)}
    browser.post(at(call, "/modifier/fields:project:object"), given)
    address = at(call, "/condition/fields:project:need")
    assert "project.object" in text(browser.get(address))
    assert 'value="few"' in text(browser.get(f"{address}?question=project.object"))
    browser.post(address, {"question": "project.object", "values": ["few"], **seen(call)})
    assert field(call, "project", "need").shown_when == Condition("project", "object", ("few",))
    assert "Asked when the answer to “Pour qui ?” is “Few”." in text(browser.get(at(call)))

    refused = text(browser.post(at(call, "/retirer/fields:project:object"), seen(call)))
    assert "hangs on what you take out" in refused
    browser.post(at(call), {"move": "down:fields:project:object", **seen(call)})
    assert "would stand before the question on which it hangs" in text(browser.get(at(call)))
    lines = {"kind": "choice", "label_fr": "Pour qui ?", "choices": "all = Tous", **seen(call)}
    assert "an answer that would go" in text(browser.post(at(call, "/modifier/fields:project:object"), lines))

    browser.post(address, {"question": "project.object", **seen(call)})
    assert field(call, "project", "need").shown_when is None


def test_a_document_and_an_eligibility_question_are_asked_for(call, browser):
    given = {"label_fr": "Statuts de l’association", "required": "on", **seen(call)}
    browser.post(at(call, "/ajouter/pieces:documents"), given)
    piece = form_of(call).pieces[-1]
    assert (piece.code, piece.required) == ("statuts_de_l_associa", True)
    check = {
        "question_fr": "Êtes-vous une commune ?",
        "right": "yes",
        "otherwise_fr": "Seules les communes le peuvent.",
    }
    browser.post(at(call, "/ajouter/eligibility"), {**check, **seen(call)})
    assert form_of(call).eligibility == (
        Check(
            "etes_vous_une_commune",
            Words("Êtes-vous une commune ?"),
            "yes",
            Words("Seules les communes le peuvent."),
        ),
    )
    assert "may apply: Yes" in text(browser.get(at(call)))
    browser.post(at(call, "/retirer/eligibility:etes_vous_une_commune"), seen(call))
    assert form_of(call).eligibility == ()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kind": "choice", "label_fr": "X", "choices": ""}, "id_choices"),
        ({"kind": "choice", "label_fr": "X", "choices": "A B = x"}, "id_choices"),
        ({"kind": "choice", "label_fr": "X", "choices": "a = x\na = y"}, "id_choices"),
        ({"kind": "table", "label_fr": "X", "columns": "a = x | y | picture", "max_rows": "3"}, "id_columns"),
        ({"kind": "text", "label_fr": "X", "help_en": "Only in English"}, "id_help_fr"),
        ({"kind": "text", "label_fr": ""}, "id_label_fr"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(call, browser, given, told):
    page = text(browser.post(at(call, "/ajouter/fields:project"), {**given, **seen(call)}))
    assert f'href="#{told}"' in page
    assert form_of(call) == reference_form()


def test_whoever_changes_what_another_one_changed_meanwhile_is_told_and_may_go_on(world, call, browser):
    old = seen(call)
    changed = reference_form().sections[1:]
    edit_form(call=call, form=type(reference_form())(changed), by=world.manager)
    given = {"part": "questions", "title_fr": "Idée", "minutes": "5"}
    page = text(browser.post(at(call, "/ajouter/sections"), {**given, **old}))
    assert "This was changed since you opened the page" in page
    assert f'value="{seen(call)["seen"]}"' in page
    browser.post(at(call, "/ajouter/sections"), {**given, **seen(call)})
    assert form_of(call).codes[-1] == "idee"


@pytest.mark.parametrize(
    "end",
    [
        "/modifier/sections",
        "/modifier/sections:none",
        "/modifier/fields:none:object",
        "/modifier/fields:project:none",
        "/modifier/other:project",
        "/ajouter/fields",
        "/ajouter/fields:none",
        "/ajouter/fields:project?kind=other",
        "/condition/sections:project",
        "/apercu?version=9",
        "/apercu?version=x",
    ],
)
def test_there_is_no_page_of_what_the_form_does_not_have(call, browser, end):
    assert browser.get(at(call, end)).status_code == 404


def test_an_officer_finds_nothing(world, call, visit):
    for end in ("", "/ajouter/sections", "/modifier/sections:project", "/retirer/sections:project", "/apercu"):
        assert visit(world.officer).get(at(call, end)).status_code == 404


def test_the_published_form_stays_while_the_next_version_is_written(world, browser):
    call = world.call()
    browser.post(at(call), {"move": "down:sections:project", **seen(call)})
    assert current_form(call).form == reference_form()
    assert form_of(call).codes[:2] == ("innovation", "project")
