"""The applicant's tab of messages: the thread, the form at its end, what waits to be read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from grants.actions import instruction, messages
from grants.lifecycle import State
from grants.models import Message
from tests.web.visits import sent, text
from tests.world import fresh, pdf

pytestmark = pytest.mark.usefixtures("staged_draft")

HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(1)> {{ 7*7 }} {% now %}"


def at(dossier, end="/messages", language="en"):
    return f"/{language}/mes-dossiers/{dossier.reference}{end}"


def test_a_question_is_asked_and_its_answer_read(world, visit):
    dossier = world.dossier()
    editor = visit(world.editor(dossier))
    page = text(editor.get(at(dossier)))
    assert "Nothing was written yet. Ask your question below" in page
    answer = editor.post(at(dossier), {"text": "May we add a quote?", "papers": [pdf("Quote", "quote.pdf"), pdf("B")]})
    assert (answer.status_code, answer.url) == (302, at(dossier))
    page = text(editor.get(at(dossier)))
    assert "May we add a quote?" in page
    assert "Editor of the applicant organisation · Town" in page
    assert "quote.pdf" in page

    messages.send(dossier=dossier, text="Yes,\nuntil Friday.", by=world.officer)
    page = text(editor.get(at(dossier)))
    assert page.index("May we add a quote?") < page.index("Yes,<br>until Friday.") < page.index("Your message")
    assert f"Instructing officer · {world.programme.managing_body}" in page


def test_what_waits_is_counted_on_the_tab_and_at_home_until_it_is_read(world, visit):
    dossier = world.dossier()
    messages.send(dossier=dossier, text="One.", by=world.officer)
    messages.send(dossier=dossier, text="Two.", by=world.officer)
    browser = visit(world.signatory(dossier))
    badge = '<span class="es-count">2<span class="visually-hidden"> to read</span></span>'
    for end in ("", "/contenu", "/messages", "/pieces"):
        assert badge in text(browser.get(at(dossier, end)))
    home = text(browser.get("/en/"))
    assert "Messages of the service" in home
    assert "2 messages to read" in home
    page = text(browser.get(at(dossier)))
    assert page.count("To read") == 2
    last = dossier.messages.latest("pk")
    assert f'name="through" value="{last.pk}"' in page

    answer = browser.post(at(dossier, "/messages/lus"), {"through": last.pk})
    assert (answer.status_code, answer.url) == (302, at(dossier))
    page = text(browser.get(at(dossier)))
    assert "The messages are marked as read." in page
    assert badge not in page
    assert "Mark as read" not in page
    assert "Messages of the service" not in text(browser.get("/en/"))
    assert badge in text(visit(world.editor(dossier)).get(at(dossier)))


def test_reading_the_thread_marks_nothing(world, visit):
    dossier = world.dossier()
    messages.send(dossier=dossier, text="One.", by=world.officer)
    browser = visit(world.signatory(dossier))
    text(browser.get(at(dossier)))
    assert "To read" in text(browser.get(at(dossier)))


def test_what_was_not_seen_is_not_answered(world, visit):
    dossier = world.dossier()
    first = messages.send(dossier=dossier, text="One.", by=world.officer)
    browser = visit(world.editor(dossier))
    assert f'<input type="hidden" name="seen" value="{first.pk}"' in text(browser.get(at(dossier)))
    second = messages.send(dossier=dossier, text="Two.", by=world.officer)
    browser.post(at(dossier), {"text": "To the first.", "seen": first.pk})
    assert [fresh(row).answered_at is None for row in (first, second)] == [False, True]


@pytest.mark.parametrize("given, told", [("", "Fill in this field."), ("x" * 20_001, "at most 20000 characters")])
def test_a_faulty_message_is_kept_and_told(world, visit, given, told):
    dossier = world.dossier()
    page = text(visit(world.editor(dossier)).post(at(dossier), {"text": given}))
    assert "Error:" in page
    assert told in page
    assert given in page
    assert not Message.objects.exists()


def test_the_words_stay_when_a_document_is_refused(world, visit):
    dossier = world.dossier()
    bad = pdf("x", "page.html")
    page = text(visit(world.editor(dossier)).post(at(dossier), {"text": "My words.", "papers": [bad]}))
    assert "page.html: This file is named .html but its content is PDF" in page
    assert "My words.</textarea>" in page
    assert not Message.objects.exists()


def test_hostile_words_and_numbers_are_inert(world, visit):
    dossier = world.dossier()
    browser = visit(world.editor(dossier))
    browser.post(at(dossier), {"text": HOSTILE + "\x00", "seen": "9" * 30})
    browser.post(at(dossier), {"text": HOSTILE + "\x00"})
    page = text(browser.get(at(dossier)))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=alert(1)&gt; {{ 7*7 }} {% now %}" in page
    assert "<script>alert" not in page
    assert Message.objects.get().text == HOSTILE
    for through in ("9" * 30, "-1", "abc", "\x00"):
        assert browser.post(at(dossier, "/messages/lus"), {"through": through}).status_code == 302


def test_a_document_is_sent_to_the_two_sides_and_logged(world, visit):
    dossier, other = world.dossier(), world.dossier()
    message = messages.send(dossier=dossier, text="Here.", by=world.editor(dossier), uploads=[pdf("Quote")])
    file = message.files.get()
    url = at(dossier, f"/messages/documents/{file.pk}")
    assert b"Quote" in sent(visit(world.signatory(dossier)).post(url))
    staff = f"/en/documents/{file.document_id}"
    assert b"Quote" in sent(visit(world.officer).post(staff))
    for person in (world.payer, world.signatory(other), world.administrator):
        assert visit(person).post(url).status_code == 404
        assert visit(person).post(staff).status_code == 404
    assert visit(world.signatory(dossier)).get(url).status_code == 405
    assert visit(world.signatory(other)).post(at(other, f"/messages/documents/{file.pk}")).status_code == 404


def test_a_request_for_completion_stands_in_the_thread_also_when_dropped(world, visit):
    dossier = world.dossier(State.RETURNED)
    browser = visit(world.editor(dossier))
    page = text(browser.get(at(dossier)))
    assert "Completion asked for" in page
    assert "Say more." in page
    assert f'<a href="{at(dossier, "/demande")}">Complete the dossier</a>' in page
    instruction.cancel_completion(dossier=dossier, by=world.officer)
    page = text(browser.get(at(dossier)))
    assert page.index("Say more.") < page.index("Request for completion dropped")
    assert "This request was dropped: there is nothing left to complete." in page
    assert "Complete the dossier" not in page


def test_before_filing_the_applicant_is_told_what_the_service_reads(world, visit):
    dossier = world.draft()
    page = text(visit(world.editor(dossier)).get(at(dossier)))
    assert "The service reads your message, and nothing else of an application that is not filed." in page


def test_the_thread_comes_in_pages_each_event_once(world, visit, monkeypatch):
    monkeypatch.setattr("web.shared.messages.PER_PAGE", 2)
    dossier = world.dossier(State.RETURNED)
    for number in range(5):
        messages.send(dossier=dossier, text=f"Message {number}.", by=world.officer)
    browser = visit(world.editor(dossier))
    page, pages, seen = text(browser.get(at(dossier))), [], 0
    while page:
        pages.append([number for number in range(5) if f"Message {number}." in page])
        seen += page.count("Completion asked for")
        link = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        page = text(browser.get(link.replace("&amp;", "&"))) if "Earlier messages" in page else ""
    assert pages == [[3, 4], [1, 2], [0]]
    assert seen == 1


def test_a_partner_and_strangers_find_nothing(world, visit):
    dossier, other = world.dossier(), world.dossier()
    for person in (world.officer, world.auditor, world.signatory(other), world.person()):
        assert visit(person).get(at(dossier)).status_code == 404
        assert visit(person).post(at(dossier), {"text": "No."}).status_code == 404
        assert visit(person).post(at(dossier, "/messages/lus")).status_code == 404
    assert not Message.objects.exists()


def test_it_takes_at_most_twelve_queries_whatever_its_length(world, visit):
    dossier = world.dossier()
    browser = visit(world.editor(dossier))
    spent = []
    for _round in range(2):
        for _message in range(4):
            messages.send(dossier=dossier, text="One.", by=world.officer, uploads=[pdf("A"), pdf("B")])
        with CaptureQueriesContext(connection) as queries:
            text(browser.get(at(dossier)))
        spent.append(len(queries))
    assert spent[0] == spent[1] <= 12


def test_in_french(world, visit):
    dossier = world.dossier()
    messages.send(dossier=dossier, text="Bonjour.", by=world.officer)
    with translation.override("fr"):
        page = text(visit(world.editor(dossier)).get(at(dossier, language="fr")))
    assert "Échanges avec le service instructeur" in page
    assert f"Agent instructeur · {world.programme.managing_body}" in page
    assert "Marquer comme lus" in page
