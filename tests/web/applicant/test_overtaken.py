"""A page that was open while the form of the call changed: nothing is saved over, and nothing typed is lost."""

from dataclasses import replace

import pytest

from grants.actions.forms import publish_form
from programmes.actions.forms import edit_form
from programmes.rules.form_edit import FIELDS, SECTIONS, Place, remove
from programmes.rules.reference import reference_form
from tests.web.visits import text
from tests.world import fresh


def moved(world, form):
    edit_form(call=world.any_call, form=form, by=world.manager)
    publish_form(call=world.any_call, reason="Clearer.", by=world.manager)


@pytest.fixture
def draft(world):
    return world.new_draft(call=world.any_call)


def sent(visit, world, draft, **typed):
    browser = visit(world.editor(draft))
    url = f"/en/mes-dossiers/{draft.reference}/demande/project"
    return browser.post(url, {"version": draft.version, **draft.answers["project"], **typed}, follow=True)


def test_a_save_from_before_is_a_conflict_that_the_page_explains_with_all_that_was_typed(world, visit, draft):
    moved(world, remove(reference_form(), Place(FIELDS, "project"), "need"))
    page = text(sent(visit, world, draft, object="Typed late", need="Typed where nothing is asked"))
    assert "This was changed since you opened the page" in page
    assert "is no longer asked. You had typed: Typed where nothing is asked" in page
    assert "Typed late</textarea>" in page
    assert fresh(draft).answers == draft.answers


def test_what_was_typed_in_a_section_that_is_gone_is_told_on_the_list_of_parts(world, visit, draft):
    moved(world, remove(reference_form(), Place(SECTIONS), "project"))
    answer = sent(visit, world, draft, object="Typed late")
    assert answer.redirect_chain == [(f"/en/mes-dossiers/{draft.reference}/demande", 302)]
    page = text(answer)
    assert page.count("is no longer asked. You had typed: Typed late") == 1
    assert "Earlier answers" in page


def test_nothing_is_told_while_nothing_is_gone(world, visit, draft):
    renamed = replace(reference_form().sections[0], minutes=11)
    moved(world, replace(reference_form(), sections=(renamed, *reference_form().sections[1:])))
    page = text(sent(visit, world, draft, object="Typed late"))
    told = ("This was changed since you opened the page", "Typed late</textarea>", "You had typed: Typed late")
    assert [page.count(words) for words in told] == [1, 1, 0]
