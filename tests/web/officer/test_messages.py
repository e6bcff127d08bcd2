"""The service's side of the thread, the questions of drafts, and the private notes on a tab of their own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.actions import messages
from grants.lifecycle import State
from grants.models import Message, Note
from people.models import Role
from tests.web.officer.test_dossiers import at
from tests.web.visits import sent, text
from tests.world import fresh, pdf

pytestmark = pytest.mark.usefixtures("staged_draft")

TAB, NOTES = "/volet/messages", "/volet/notes"
HOSTILE = "<script>alert(1)</script> {{ 7*7 }}"


def ask(world, dossier, words="May we add a quote?", **more):
    return messages.send(dossier=dossier, text=words, by=world.editor(dossier), **more)


class TestMessages:
    def test_an_officer_answers_from_the_tab(self, world, visit):
        dossier = world.dossier()
        asked = ask(world, dossier)
        browser = visit(world.officer)
        page = text(browser.get(at(dossier, TAB)))
        assert "May we add a quote?" in page
        assert '<span class="es-count">1<span class="visually-hidden"> to read</span></span>' in page
        assert f'action="{at(dossier, "/messages")}"' in page
        answer = browser.post(at(dossier, "/messages"), {"text": "Yes.", "seen": asked.pk})
        assert (answer.status_code, answer.url) == (302, at(dossier, TAB))
        page = text(browser.get(at(dossier, TAB)))
        assert "Yes." in page
        assert "to read" not in page
        assert fresh(asked).answered_at is not None

    def test_what_waits_is_work_at_home_and_on_the_list_to_do(self, world, visit):
        dossier = world.dossier()
        ask(world, dossier)
        browser = visit(world.officer)
        for url in ("/en/", "/en/instruction"):
            page = text(browser.get(url))
            assert "Messages of applicants" in page
            assert f"1 message to read · {dossier.applicant.name}" in page
            assert at(dossier, TAB) in page
        answer = browser.post(at(dossier, "/messages/lus"), {"through": dossier.messages.get().pk})
        assert (answer.status_code, answer.url) == (302, at(dossier, TAB))
        for url in ("/en/", "/en/instruction"):
            assert "Messages of applicants" not in text(browser.get(url))
        assert "Messages of applicants" in text(visit(world.other_officer).get("/en/"))

    def test_a_faulty_message_comes_back_on_the_tab_with_its_words(self, world, visit):
        dossier = world.dossier()
        ask(world, dossier)
        page = text(visit(world.officer).post(at(dossier, "/messages"), {"text": "y" * 20_001}))
        assert "Error:" in page
        assert "May we add a quote?" in page
        assert "y" * 20_001 in page
        page = text(visit(world.officer).get(at(dossier, "/messages")))
        assert "Error:" not in page
        assert '<a class="nav-link" href="' + at(dossier, TAB) + '" aria-current="page">' in page

    @pytest.mark.parametrize("reader", ["auditor", "secretary"])
    def test_others_read_and_do_not_write(self, world, visit, reader):
        dossier = world.dossier()
        ask(world, dossier)
        browser = visit(getattr(world, reader))
        page = text(browser.get(at(dossier, TAB)))
        assert "May we add a quote?" in page
        assert "<textarea" not in page
        assert browser.get(at(dossier, "/messages")).status_code == 404
        assert browser.post(at(dossier, "/messages"), {"text": "No."}).status_code == 404
        assert browser.post(at(dossier, "/messages/lus")).status_code == 404
        assert Message.objects.count() == 1

    def test_who_finds_no_tab(self, world, visit):
        dossier = world.dossier(State.CONTRACTED)
        ask(world, dossier)
        world.tie(world.other_officer, dossier.applicant)
        for person in (world.payer, world.adviser, world.member, world.other_officer, world.editor(dossier)):
            for end in (TAB, "/messages"):
                assert visit(person).get(at(dossier, end)).status_code == 404
        assert at(dossier, TAB) not in text(visit(world.payer).get(at(dossier)))

    def test_an_officer_of_the_applicant_s_does_not_write_for_the_service(self, world, visit):
        """Whoever edits for the applicant writes as such, and in the applicant's room."""
        dossier = world.dossier()
        ask(world, dossier)
        world.give(world.editor(dossier), Role.INSTRUCTING_OFFICER)
        browser = visit(fresh(world.editor(dossier)))
        for end in ("/messages", "/question"):
            assert browser.post(at(dossier, end), {"text": "No."}).status_code == 404
        assert browser.post(at(dossier, "/messages/lus")).status_code == 404

    def test_the_tab_takes_at_most_twelve_queries(self, world, visit):
        dossier = world.dossier(State.RETURNED)
        browser = visit(world.officer)
        spent = []
        for _round in range(2):
            for _message in range(4):
                ask(world, dossier, uploads=[pdf("A"), pdf("B")])
            with CaptureQueriesContext(connection) as queries:
                text(browser.get(at(dossier, TAB)))
            spent.append(len(queries))
        assert spent[0] == spent[1] <= 12


class TestQuestionsOfDrafts:
    def test_a_question_is_answered_and_nothing_else_of_the_draft_is_shown(self, world, visit):
        dossier = world.draft()
        ask(world, dossier, uploads=[pdf("Plan")])
        browser = visit(world.officer)
        home = text(browser.get("/en/"))
        assert at(dossier, "/question") in home
        assert dossier.title not in home
        page = text(browser.get(at(dossier, "/question")))
        assert "May we add a quote?" in page
        assert "you see its messages and nothing else of it" in page
        assert dossier.title not in page
        document = dossier.messages.get().files.get().document
        assert b"Plan" in sent(browser.post(f"/en/documents/{document.pk}"))
        for end in ("", TAB, NOTES, "/messages", "/notes"):
            assert browser.get(at(dossier, end)).status_code == 404

        answer = browser.post(at(dossier, "/question"), {"text": "Yes."})
        assert (answer.status_code, answer.url) == (302, at(dossier, "/question"))
        assert "Yes." in text(visit(world.editor(dossier)).get(f"/en/mes-dossiers/{dossier.reference}/messages"))

    def test_it_is_marked_as_read(self, world, visit):
        dossier = world.draft()
        ask(world, dossier)
        browser = visit(world.officer)
        answer = browser.post(at(dossier, "/messages/lus"))
        assert (answer.status_code, answer.url) == (302, at(dossier, "/question"))
        assert "Messages of applicants" not in text(browser.get("/en/"))

    def test_a_draft_without_question_is_not_there(self, world, visit):
        dossier = world.draft()
        for person in (world.officer, world.manager):
            assert visit(person).get(at(dossier, "/question")).status_code == 404
            assert visit(person).post(at(dossier, "/question"), {"text": "No."}).status_code == 404

    def test_the_page_takes_at_most_twelve_queries(self, world, visit):
        dossier = world.draft()
        browser = visit(world.officer)
        spent = []
        for _round in range(2):
            for _message in range(3):
                ask(world, dossier, uploads=[pdf("A"), pdf("B")])
            with CaptureQueriesContext(connection) as queries:
                text(browser.get(at(dossier, "/question")))
            spent.append(len(queries))
        assert spent[0] == spent[1] <= 12

    def test_once_filed_the_question_leads_to_the_tab(self, world, visit):
        dossier = world.dossier()
        answer = visit(world.officer).get(at(dossier, "/question"))
        assert (answer.status_code, answer.url) == (302, at(dossier, TAB))
        assert visit(world.auditor).get(at(dossier, "/question")).status_code == 404


class TestNotes:
    def test_a_note_is_written_read_and_struck_out(self, world, visit):
        dossier = world.dossier()
        browser = visit(world.officer)
        page = text(browser.get(at(dossier, NOTES)))
        assert "Never shown to the applicant" in page
        assert "No note was written yet." in page
        answer = browser.post(at(dossier, "/notes"), {"text": f"To be watched. {HOSTILE}\x00"})
        assert (answer.status_code, answer.url) == (302, at(dossier, NOTES))
        note = Note.objects.get()
        assert note.text == f"To be watched. {HOSTILE}"
        page = text(browser.get(at(dossier, NOTES)))
        assert "To be watched. &lt;script&gt;" in page
        assert "<script>alert" not in page
        assert "Strike out the note of" in page

        answer = browser.post(at(dossier, f"/notes/{note.pk}/barrer"))
        assert (answer.status_code, answer.url) == (302, at(dossier, NOTES))
        page = text(browser.get(at(dossier, NOTES)))
        assert "<del>To be watched." in page
        assert "Struck out by Officer, 1 March 2027 at 10:00" in page
        assert "Strike out the note of" not in page

    def test_a_faulty_note_comes_back_with_its_words(self, world, visit):
        dossier = world.dossier()
        page = text(visit(world.officer).post(at(dossier, "/notes"), {"text": "y" * 20_001}))
        assert "Error:" in page
        assert "y" * 20_001 in page
        assert not Note.objects.exists()

    def test_a_colleague_s_note_is_not_theirs_to_strike_out_but_the_manager_s(self, world, visit):
        dossier = world.dossier()
        note = messages.write_note(dossier=dossier, text="Mine.", by=world.officer)
        browser = visit(world.other_officer)
        assert "Strike out the note of" not in text(browser.get(at(dossier, NOTES)))
        assert browser.post(at(dossier, f"/notes/{note.pk}/barrer")).status_code == 302
        assert "A note is struck out by whoever wrote it" in text(browser.get(at(dossier, NOTES)))
        assert fresh(note).struck_at is None
        manager = visit(world.manager)
        assert "Strike out the note of" in text(manager.get(at(dossier, NOTES)))
        manager.post(at(dossier, f"/notes/{note.pk}/barrer"))
        assert fresh(note).struck_by == world.manager

    def test_a_note_is_found_under_its_own_dossier_alone(self, world, visit):
        dossier, other = world.dossier(), world.dossier()
        note = messages.write_note(dossier=dossier, text="Mine.", by=world.officer)
        assert visit(world.officer).post(at(other, f"/notes/{note.pk}/barrer")).status_code == 404

    def test_the_auditor_reads_and_the_paying_officer_writes(self, world, visit):
        dossier = world.dossier(State.CONTRACTED)
        messages.write_note(dossier=dossier, text="Mine.", by=world.officer)
        auditor = visit(world.auditor)
        page = text(auditor.get(at(dossier, NOTES)))
        assert "Mine." in page
        assert "<textarea" not in page
        assert auditor.post(at(dossier, "/notes"), {"text": "No."}).status_code == 404
        payer = visit(world.payer)
        assert "Mine." in text(payer.get(at(dossier, NOTES)))
        assert payer.post(at(dossier, "/notes"), {"text": "Of the payer."}).status_code == 302

    def test_nobody_else_finds_them(self, world, visit):
        dossier = world.dossier(State.CONTRACTED)
        note = messages.write_note(dossier=dossier, text="Mine.", by=world.officer)
        world.tie(world.other_officer, dossier.applicant)
        others = (world.secretary, world.adviser, world.member, world.controller, world.follow_up_agent)
        for person in (*others, world.other_officer, world.editor(dossier), world.signatory(dossier)):
            assert visit(person).get(at(dossier, NOTES)).status_code == 404
            assert visit(person).post(at(dossier, "/notes"), {"text": "No."}).status_code == 404
            assert visit(person).post(at(dossier, f"/notes/{note.pk}/barrer")).status_code == 404
        assert Note.objects.count() == 1

    def test_the_tab_takes_at_most_twelve_queries(self, world, visit):
        dossier = world.dossier()
        browser = visit(world.officer)
        spent = []
        for _round in range(2):
            for _note in range(3):
                messages.write_note(dossier=dossier, text="Mine.", by=world.officer)
            with CaptureQueriesContext(connection) as queries:
                text(browser.get(at(dossier, NOTES)))
            spent.append(len(queries))
        assert spent[0] == spent[1] <= 12
