"""May I apply? Answered by anybody, by the questions of the form that is published; nothing is kept."""

from dataclasses import replace

import pytest

from kit import clock
from programmes.actions import calls
from programmes.actions.forms import edit_form
from programmes.rules.form import Check, Words
from programmes.rules.reference import reference_form
from tests.web.visits import text
from tests.world import CLOSES

CHECKS = (
    Check("town", Words("Commune ?", "Are you a town?"), "yes", Words("Non.", "Only towns may apply.")),
    Check("begun", Words("Commencé ?", "Has it begun?"), "no", Words("Trop tard.", "It must not have begun.")),
)


@pytest.fixture
def call(world):
    made = world.prepared_call()
    edit_form(call=made, form=replace(reference_form(), eligibility=CHECKS), by=world.manager)
    return calls.publish_call(call=made, by=world.manager)


def at(call, query=""):
    return f"/en/appels/{call.slug}/puis-je-deposer{query}"


def test_the_page_of_the_call_leads_to_the_questions_while_one_can_apply(call, visit):
    url = f"/en/appels/{call.slug}"
    assert "May I apply? 2 questions, without an account" in text(visit().get(url))
    with clock.at(CLOSES):
        assert at(call) not in text(visit().get(url))


def test_the_questions_are_asked_without_an_account(call, visit):
    page = text(visit().get(at(call)))
    assert "Are you a town?" in page
    assert "Error:" not in page
    assert "By these answers" not in page
    assert visit().post(at(call), {"town": "yes"}).status_code == 405


@pytest.mark.parametrize(
    ("town", "begun", "reasons"),
    [
        ("yes", "no", set()),
        ("no", "no", {"Only towns may apply."}),
        ("yes", "yes", {"It must not have begun."}),
        ("no", "yes", {"Only towns may apply.", "It must not have begun."}),
    ],
)
def test_the_answers_say_whether_one_may_apply_and_each_reason_why_not(call, visit, town, begun, reasons):
    page = text(visit().get(at(call, f"?town={town}&begun={begun}")))
    assert {str(check.otherwise) for check in CHECKS if str(check.otherwise) in page} == reasons
    assert ("By these answers, you may apply" in page) == (not reasons)
    assert ("Sign in to apply" in page) == (not reasons)


@pytest.mark.parametrize("query", ["?town=yes", "?town=yes&begun=maybe"])
def test_every_question_is_to_be_answered(call, visit, query):
    page = text(visit().get(at(call, query)))
    assert 'href="#id_begun_0"' in page or 'href="#id_begun"' in page
    assert "By these answers" not in page


def test_a_call_without_such_questions_says_so_and_has_no_link(world, visit):
    call = world.call()
    assert "asks no question beforehand" in text(visit().get(at(call)))
    assert at(call) not in text(visit().get(f"/en/appels/{call.slug}"))


def test_a_call_in_preparation_is_there_for_its_staff_alone(world, visit):
    call = world.prepared_call()
    assert visit().get(at(call)).status_code == 404
    assert visit(world.manager).get(at(call)).status_code == 200
