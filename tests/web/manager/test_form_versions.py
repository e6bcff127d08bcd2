"""The versions of a call's form: read as applicants read them, published with their drafts, given up, compared."""

from dataclasses import replace

import pytest

from programmes.actions.forms import edit_form
from programmes.rules.form import Condition
from programmes.rules.form_edit import FIELDS, Place, add, item, remove
from programmes.rules.form_edit import replace as changed
from programmes.rules.reference import reference_form
from tests.web.visits import text
from tests.world import fresh, last_entry

PROJECT = Place(FIELDS, "project")


@pytest.fixture
def call(world):
    return world.call()


@pytest.fixture
def browser(world, visit):
    return visit(world.manager)


def at(call, end=""):
    return f"/en/pilotage/appels/{call.slug}/formulaire{end}"


def hanging():
    """The reference form, one question less, one that hangs on another."""
    yes_no = replace(item(reference_form(), PROJECT, "need"), kind="yes_no", max_words=None)
    form = changed(remove(reference_form(), PROJECT, "object"), PROJECT, "need", yes_no)
    services = item(form, PROJECT, "services")
    return changed(form, PROJECT, "services", replace(services, shown_when=Condition("project", "need", ("yes",))))


def test_the_whole_form_is_read_as_applicants_fill_it_in_and_nothing_can_be_sent(call, browser):
    page = text(browser.get(at(call, "/apercu")))
    for section in reference_form():
        assert str(section.title) in page
        for question in section.fields:
            assert f'name="{section.code}-{question.code}"' in page
    assert 'method="post" novalidate' not in page
    assert browser.post(at(call, "/apercu"), {"project-object": "X"}).status_code == 405


def test_each_version_can_be_read_and_conditions_stand_with_their_questions(world, call, browser):
    edit_form(call=call, form=hanging(), by=world.manager)
    second = text(browser.get(at(call, "/apercu")))
    assert "To be answered if the answer to “Need of the inhabitants or of the services” is “Yes”." in second
    assert 'name="project-object"' not in second
    assert 'name="project-object"' in text(browser.get(at(call, "/apercu?version=1")))


def test_the_page_says_what_the_prepared_version_changes_and_which_drafts_use_which(world, call, browser):
    world.new_draft(call=call)
    assert "The form is published" in text(browser.get(at(call)))
    edit_form(call=call, form=hanging(), by=world.manager)
    page = text(browser.get(at(call)))
    assert "Version 2 binds nobody yet" in page
    assert "Section “Describe the project”, question “Object of the project”: taken out." in page
    assert "question “Services planned”: changed (when it is asked)." in page
    assert "1 draft moves to it when it is published" in page
    assert "1 draft, 0 applications filed" in page


def test_publishing_moves_the_drafts_and_says_why(world, call, browser):
    draft = world.new_draft(call=call)
    edit_form(call=call, form=hanging(), by=world.manager)
    page = text(browser.get(at(call, "/publier")))
    assert "1 draft moves" in page
    assert 'href="#id_reason"' in text(browser.post(at(call, "/publier"), {"reason": " "}))
    assert browser.post(at(call, "/publier"), {"reason": "Clearer."}).status_code == 302
    assert (fresh(draft).form.number, last_entry(fresh(draft)).reason) == (2, "Clearer.")
    assert "Version 2, published" in text(browser.get(at(call)))


def test_the_applicant_finds_what_is_no_longer_asked(world, call, browser, visit):
    draft = world.new_draft(call=call)
    mine = visit(world.editor(draft))
    assert "Earlier answers" not in text(mine.get(f"/en/mes-dossiers/{draft.reference}/demande"))
    edit_form(call=call, form=hanging(), by=world.manager)
    browser.post(at(call, "/publier"), {"reason": "Clearer."})
    page = text(mine.get(f"/en/mes-dossiers/{draft.reference}/demande"))
    assert "Earlier answers" in page
    assert "<dt>Object of the project</dt>" in page


def test_a_prepared_version_is_given_up(world, call, browser):
    assert "No other version is in preparation" in text(browser.get(at(call, "/abandonner")))
    edit_form(call=call, form=hanging(), by=world.manager)
    assert browser.post(at(call, "/abandonner")).status_code == 302
    assert [row.number for row in call.form_versions.all()] == [1]


def test_before_the_call_is_published_the_form_goes_with_it(world, visit):
    call, browser = world.prepared_call(), visit(world.manager)
    assert "The form is published with the call." in text(browser.get(at(call, "/publier")))
    assert "No other version is in preparation" in text(browser.get(at(call, "/abandonner")))


def test_a_long_form_costs_the_page_no_more_queries(world, call, browser, django_assert_max_num_queries):
    form = reference_form()
    for number in range(60):
        form = add(form, PROJECT, replace(item(form, PROJECT, "need"), code=f"more_{number}"))
    edit_form(call=call, form=form, by=world.manager)
    text(browser.get(at(call)))
    for end in ("", "/apercu"):
        with django_assert_max_num_queries(12):
            browser.get(at(call, end))
