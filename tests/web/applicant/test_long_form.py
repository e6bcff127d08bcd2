"""A section of sixty questions of every kind, all but one hanging on an answer: its page asks no more for that."""

from dataclasses import replace

import pytest

from grants.actions import drafting
from programmes.actions import calls, forms
from programmes.rules.form import KINDS, Column, Condition, Field, Option, Section, Words
from programmes.rules.reference import reference_form
from tests.web.visits import text

MOST_QUERIES = 12
OF_KIND = {
    "choice": {"choices": (Option("a", Words("A")), Option("b", Words("B")))},
    "table": {"columns": (Column("c", Words("C")), Column("d", Words("D"), "date"))},
}
FIRST = Field("q0", Words("Question 0"), kind="yes_no")


def question(number):
    kind = KINDS[number % len(KINDS)]
    hangs = Condition("long", "q0", ("yes",))
    return Field(f"q{number}", Words(f"Question {number}"), kind=kind, shown_when=hangs, **OF_KIND.get(kind, {}))


@pytest.fixture
def draft(world):
    section = Section("long", Words("Soixante questions"), fields=(FIRST, *map(question, range(1, 60))))
    call = world.prepared_call()
    form = replace(reference_form(), sections=(*reference_form().sections, section))
    forms.edit_form(call=call, form=form, by=world.manager)
    call = calls.publish_call(call=call, by=world.manager)
    town = world.town()
    return drafting.create_dossier(call=call, applicant=town.organisation, title="Long", by=town.editor)


def test_a_section_of_sixty_questions_is_rendered_in_few_queries(world, draft, visit, django_assert_max_num_queries):
    browser, url = visit(world.editor(draft)), f"/en/mes-dossiers/{draft.reference}/demande/long"
    page = text(browser.get(url))
    assert [number for number in range(60) if f"Question {number}<" not in page] == []
    with django_assert_max_num_queries(MOST_QUERIES):
        browser.get(url)
