"""Saving one answer while it is typed: what is answered to the page's script, to whom, and at what cost."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from grants.lifecycle import State
from grants.rules.drafts import digest
from kit import clock
from kit.text import format_time
from programmes.rules.form import Condition, Field, Form, Section, Words
from tests.world import START, fresh
from web.applicant.forms import SectionForm

pytestmark = pytest.mark.django_db

BEGUN = digest("A plain answer.")
MOST_QUERIES = 7


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def draft(world):
    return world.dossier(State.DRAFT)


def at(dossier, section="project"):
    return reverse("applicant:autosave", args=[dossier.reference, section])


def page_of(dossier, section="project"):
    return reverse("applicant:section", args=[dossier.reference, section])


def typed(text, field="need", base=BEGUN, **more):
    return {"field": field, "base": base, field: text, **more}


def test_a_saved_answer_says_when_and_what_it_is_now(world, browse, draft):
    sent = browse(world.editor(draft)).post(at(draft), typed("A need."))
    assert sent.status_code == 200
    said = f"Saved at {format_time(START, 'en')}"
    assert sent.json() == {"state": "saved", "said": said, "base": digest("A need."), "told": ""}
    assert fresh(draft).answers["project"]["need"] == "A need."


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED])
def test_it_asks_seven_queries_at_most(world, browse, state):
    dossier = world.dossier(state)
    client = browse(world.editor(dossier))
    client.post(at(dossier), typed("Warm."))
    base = digest("Warm.")
    for text, status in (("Typed.", 200), ("Typed.", 200), ("Other.", 409)):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.post(at(dossier), typed(text, base=base)).status_code == status
        # A test's transaction is within another one: two savepoints more than the product asks for.
        asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
        assert len(asked) <= MOST_QUERIES, "\n".join(asked)


def test_sent_twice_it_is_kept_once(world, browse, draft):
    client = browse(world.editor(draft))
    first = client.post(at(draft), typed("A need."))
    before = fresh(draft).hands
    with clock.at(START.replace(hour=20)):
        second = client.post(at(draft), typed("A need."))
    assert (first.status_code, second.status_code) == (200, 200)
    assert fresh(draft).hands == before


def test_another_answer_is_shown_and_not_replaced(world, browse, draft):
    mayor = world.signatory(draft)
    browse(mayor).post(at(draft), typed("Of the mayor."))
    sent = browse(world.editor(draft)).post(at(draft), typed("Of the editor."))
    assert sent.status_code == 409
    assert sent.json() == {
        "state": "changed",
        "said": f"Changed by {mayor} at {format_time(START, 'en')}.",
        "theirs": "Of the mayor.",
        "values": [["need", "Of the mayor."]],
        "base": digest("Of the mayor."),
    }
    assert fresh(draft).answers["project"]["need"] == "Of the mayor."


def test_ones_own_other_window_is_no_other_person(world, browse, draft):
    client = browse(world.editor(draft))
    client.post(at(draft), typed("One window."))
    with clock.at(START.replace(day=3)):
        told = client.post(at(draft), typed("Another window.")).json()["said"]
    assert told == "Changed in another window or on another device on 1 March 2027 at 10:00."


@pytest.mark.parametrize(
    "section, field, text, told",
    [
        ("schedule", "start", "tomorrow", "Write a day such as 24/11/2026."),
        (
            "team",
            "elected_email",
            "nobody",
            "“E-mail of the elected person”: give an e-mail address, such as name@town.fr.",
        ),
    ],
)
def test_what_cannot_be_kept_says_how_to_mend_it(world, browse, draft, section, field, text, told):
    base = digest(draft.answers[section][field])
    sent = browse(world.editor(draft)).post(at(draft, section), typed(text, field, base))
    assert (sent.status_code, sent.json()["state"]) == (422, "refused")
    assert sent.json()["told"].split("”")[-1] == told.split("”")[-1]
    assert fresh(draft).answers == draft.answers


def test_what_is_kept_says_what_would_hinder_its_filing(world, browse, draft):
    day = draft.answers["schedule"]["start"]
    base = digest(draft.answers["schedule"]["end"])
    sent = browse(world.editor(draft)).post(at(draft, "schedule"), typed(day, "end", base))
    assert sent.status_code == 200
    assert "must come after" in sent.json()["told"]
    emptied = browse(world.editor(draft)).post(at(draft, "schedule"), typed("", "end", digest(day)))
    assert (emptied.status_code, emptied.json()["told"], emptied.json()["base"]) == (200, "", "")


@pytest.mark.parametrize(
    "text, kept",
    [("é" * 20_000, "é" * 20_000), ("A\x00B", "AB"), ("a\r\nb", "a\nb"), ("<b>’\u202e", "<b>’\u202e")],
    ids=["long", "nul", "lines", "marks"],
)
def test_hostile_and_long_texts_are_kept_as_they_are_read(world, browse, draft, text, kept):
    assert browse(world.editor(draft)).post(at(draft), typed(text)).status_code == 200
    assert fresh(draft).answers["project"]["need"] == kept


def test_a_text_that_is_too_long_is_refused(world, browse, draft):
    sent = browse(world.editor(draft)).post(at(draft), typed("é" * 20_001))
    assert (sent.status_code, sent.json()["state"]) == (422, "refused")


def test_half_a_character_is_no_error(world, browse, draft):
    body = f"field=need&base={BEGUN}&need=%ED%A0%80%FF"
    sent = browse(world.editor(draft)).post(at(draft), body, content_type="application/x-www-form-urlencoded")
    assert sent.status_code == 200


@pytest.mark.parametrize("section, field", [("project", "unknown"), ("nothing", "need"), ("budget", "need")])
def test_a_question_that_is_none_is_not_there(world, browse, draft, section, field):
    assert browse(world.editor(draft)).post(at(draft, section), typed("x", field)).status_code == 404


def test_nobody_else_finds_it_and_what_was_filed_is_typed_in_no_more(world, browse, draft):
    for person in (world.town().editor, world.officer, world.person()):
        assert browse(person).post(at(draft), typed("x")).status_code == 404
    filed = world.dossier(State.SUBMITTED)
    assert browse(world.editor(filed)).post(at(filed), typed("x")).status_code == 404


def test_who_is_signed_out_is_told_so_and_not_led_away(draft):
    assert Client().post(at(draft), typed("x"), headers={"HX-Request": "true"}).status_code == 401


def test_a_stale_token_is_refused_and_the_page_gives_a_new_one(world, draft):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.editor(draft), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(at(draft), typed("x", csrfmiddlewaretoken="stale")).status_code == 403
    page = client.get(page_of(draft)).content.decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[-1]
    assert client.post(at(draft), typed("x", csrfmiddlewaretoken=token)).status_code == 200


def test_the_page_says_what_each_answer_was_begun_from(world, browse, draft):
    page = html.unescape(browse(world.editor(draft)).get(page_of(draft)).content.decode())
    assert f'data-question="need" data-base="{BEGUN}"' in page
    assert f'"need": "{BEGUN}"' in page


def test_saved_as_a_whole_the_other_editors_answers_stay(world, browse, draft):
    """The page was opened before the other one typed; without scripts too."""
    client, mayor = browse(world.editor(draft)), browse(world.signatory(draft))
    form = client.get(page_of(draft)).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    mayor.post(at(draft), typed("Of the mayor."))

    assert client.post(page_of(draft), {**data, "object": "Of the editor."}).status_code == 302
    kept = fresh(draft).answers["project"]
    assert (kept["need"], kept["object"]) == ("Of the mayor.", "Of the editor.")

    refused = client.post(page_of(draft), {**data, "need": "Of the editor.", "version": fresh(draft).version})
    page = refused.content.decode()
    assert ("Of the mayor." in page, "Of the editor." in page) == (True, True)
    assert [label for label, _answer in refused.context["theirs"]] == [
        str(draft.questions.section("project").field("need").label)
    ]
    again = refused.context["form"]
    sent = {name: again[name].value() or "" for name in again.fields}
    assert client.post(page_of(draft), sent).status_code == 302
    assert fresh(draft).answers["project"]["need"] == "Of the editor."


def test_a_question_that_hangs_on_another_says_when_it_is_asked():
    """As words for everybody, and as data for the script."""
    first = Section(
        "first", Words("Premier", "First"), fields=(Field("local", Words("Sur place ?", "On <site>?"), kind="yes_no"),)
    )
    second = Section(
        "second",
        Words("Second", "Second"),
        fields=(
            Field("kind", Words("Genre", "Kind")),
            Field("why", Words("Pourquoi", "Why"), shown_when=Condition("second", "kind", ("a", "b"))),
            Field("where", Words("Où", "Where"), shown_when=Condition("first", "local", ("yes",))),
        ),
    )
    form = SectionForm(section=second, answers={}, asked=Form((first, second)), others={"first": {"local": "yes"}})
    plain, why, where = form.questions()
    assert (plain["when"], plain["apart"]) == ("", "")
    assert (why["when"], why["values"], why["apart"]) == ("kind", '["a", "b"]', "")
    assert (where["when"], where["apart"]) == ("", "yes")
    assert html.unescape(form.fields["why"].help_text) == "To be answered if the answer to “Kind” is “a” or “b”."
    assert form.fields["where"].help_text == (
        "To be answered if, in the part “First”, the answer to “On &lt;site&gt;?” is “Yes”."
    )
