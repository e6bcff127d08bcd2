"""The thread between applicant and service, what waits to be read in it, and the service's private notes."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from grants.actions import drafting, handling, instruction, messages
from grants.lifecycle import State
from grants.models import Dossier, Message, MessageFile, MessageRead, Note, Side
from grants.models.messages import LONGEST_TEXT
from grants.queries import messages as thread
from grants.queries.parts import MESSAGES, NOTES, parts
from kit import clock
from kit.errors import Conflict, NotAllowed, Refused
from people.actions import roles
from people.permissions.table import EDITOR, MANAGER, OFFICER, SIGNATORY
from records.models import Document, JournalPersonal
from tests.world import START, acts, fresh, last_entry, mails, pdf, recipients

pytestmark = pytest.mark.usefixtures("staged_draft")


def ask(world, dossier, text="May we add a quote?", **more):
    """The applicant's editor writes."""
    return messages.send(dossier=dossier, text=text, by=world.editor(dossier), **more)


def reply(world, dossier, text="Yes, until Friday.", **more):
    """An officer writes."""
    return messages.send(dossier=dossier, text=text, by=world.officer, **more)


def waiting(person, side=None):
    return list(thread.unread(person, side))


class TestSending:
    def test_the_service_hears_of_a_message_and_its_documents_are_kept(self, world):
        dossier = world.dossier()
        message = ask(world, dossier, " Here is\r\nthe quote. ", uploads=[pdf("Quote"), pdf("Plan")])

        assert (message.side, message.role, message.text) == (Side.APPLICANT, EDITOR, "Here is\nthe quote.")
        kept = [file.document for file in message.files.order_by("pk")]
        assert [(item.kind, item.chain) for item in kept] == [("message", dossier.journal_chain)] * 2
        entry = last_entry(dossier)
        assert (entry.act, entry.on_behalf) == ("message.sent", dossier.applicant.name)
        assert entry.data == {
            "message": message.pk,
            "side": "applicant",
            "length": 18,
            "documents": [item.digest for item in kept],
        }
        assert recipients(dossier, "message_sent") == ["Officer"]

    def test_the_journal_keeps_a_digest_that_can_be_erased_and_no_word(self, world):
        dossier = world.dossier()
        ask(world, dossier, "Secret words.")
        entry = last_entry(dossier)
        personal = JournalPersonal.objects.get(entry=entry).data
        assert "Secret" not in f"{entry.data} {entry.reason} {personal}"
        assert set(personal) == {"actor", "sha256"}

    def test_both_persons_of_the_applicant_hear_of_an_answer(self, world):
        dossier = world.dossier()
        message = reply(world, dossier)
        assert (message.side, message.role) == (Side.STAFF, OFFICER)
        assert set(recipients(dossier, "message_sent")) == {
            world.editor(dossier).full_name,
            world.signatory(dossier).full_name,
        }

    def test_a_mail_says_who_wrote_and_where_to_read_it_and_no_word_of_it(self, world):
        dossier = world.dossier()
        ask(world, dossier, "My account is FR76 3000.", uploads=[pdf("Quote")])
        mail = mails(dossier, "message_sent")[0]
        editor = world.editor(dossier)
        assert mail.subject == f"{dossier.reference}: a message for you"
        assert mail.text == (
            f"{editor.full_name} ({dossier.applicant}) wrote a message about the application {dossier.reference}.\n"
            "One document comes with it.\n\nRead it and answer here:\n"
            f"http://127.0.0.1:8000/d/{dossier.reference}?volet=messages"
        )

    def test_one_mail_for_each_message_and_person(self, world):
        dossier = world.dossier()
        assert world.other_officer
        ask(world, dossier)
        ask(world, dossier)
        assert sorted(recipients(dossier, "message_sent")) == ["Officer", "Officer", "Other Officer", "Other Officer"]

    def test_a_manager_hears_where_no_officer_may(self, world):
        dossier = world.dossier()
        world.tie(world.officer, dossier.applicant)
        ask(world, dossier)
        assert recipients(dossier, "message_sent") == ["Manager"]

    def test_a_signatory_and_a_manager_write_as_such(self, world):
        dossier = world.dossier()
        assert messages.send(dossier=dossier, text="A", by=world.signatory(dossier)).role == SIGNATORY
        assert messages.send(dossier=dossier, text="B", by=world.manager).role == MANAGER

    def test_nobody_else_writes(self, world):
        dossier = world.dossier()
        writers = {"instructing_officer", "programme_manager"}
        others = [person for role, person in world.everyone().items() if role not in writers]
        for person in [*others, world.person(), world.town().editor]:
            with pytest.raises(NotAllowed):
                messages.send(dossier=dossier, text="No.", by=person)
        assert not Message.objects.exists()

    def test_a_partner_neither_writes_nor_reads(self, world):
        dossier = world.draft()
        town, editor = world.town(), world.editor(dossier)
        drafting.invite_partner(dossier=dossier, organisation=town.organisation, part="Hosting", by=editor)
        ask(world, dossier)
        for person in (town.editor, town.signatory):
            with pytest.raises(NotAllowed):
                messages.send(dossier=dossier, text="No.", by=person)
            assert MESSAGES not in parts(person, dossier)
            assert not Message.objects.visible_to(person).exists()
            assert waiting(person) == []

    @pytest.mark.parametrize("text, told", [("", "Fill in this field."), (" \x00\n ", "Fill in this field.")])
    def test_an_empty_message_is_refused(self, world, text, told):
        with pytest.raises(Refused) as refusal:
            ask(world, world.dossier(), text)
        assert (str(refusal.value), refusal.value.field) == (told, "text")

    def test_twenty_thousand_characters_and_no_more(self, world):
        dossier = world.dossier()
        assert len(ask(world, dossier, "é" * LONGEST_TEXT).text) == LONGEST_TEXT == 20_000
        with pytest.raises(Refused):
            ask(world, dossier, "é" * (LONGEST_TEXT + 1))

    def test_half_a_character_is_refused_and_nul_taken_out(self, world):
        dossier = world.dossier()
        with pytest.raises(Refused):
            ask(world, dossier, "half \ud800")
        assert ask(world, dossier, "a\x00b\x07c").text == "abc"

    def test_a_document_that_is_not_taken_is_named_and_nothing_is_sent(self, world):
        dossier = world.dossier()
        bad = SimpleUploadedFile("page.html", b"<html><script>alert(1)</script></html>")
        with pytest.raises(Refused) as refusal:
            ask(world, dossier, uploads=[pdf("Quote"), bad])
        assert str(refusal.value).startswith("page.html: This kind of file is not accepted")
        assert refusal.value.field == "papers"
        assert not Message.objects.exists()
        assert not Document.objects.filter(kind="message").exists()

    def test_five_documents_at_most(self, world):
        dossier = world.dossier()
        with pytest.raises(Refused) as refusal:
            ask(world, dossier, uploads=[pdf(str(number)) for number in range(6)])
        assert refusal.value.field == "papers"

    def test_a_thread_holds_so_many_documents(self, world, monkeypatch):
        monkeypatch.setattr(messages, "MOST_DOCUMENTS", 2)
        dossier = world.dossier()
        ask(world, dossier, uploads=[pdf("1"), pdf("2")])
        with pytest.raises(Refused) as refusal:
            reply(world, dossier, uploads=[pdf("3")])
        assert str(refusal.value) == "The messages of a dossier hold 2 documents at most."
        assert reply(world, dossier).files.count() == 0


class TestDrafts:
    def test_an_applicant_asks_before_filing_and_the_service_answers(self, world):
        dossier = world.draft()
        ask(world, dossier)
        assert list(thread.questions(world.officer)) == [dossier]
        reply(world, dossier)
        assert acts(dossier)[-2:] == ["message.sent", "message.sent"]
        assert NOTES not in parts(world.officer, dossier)
        assert not Dossier.objects.visible_to(world.officer).filter(pk=dossier.pk).exists()

    def test_the_mail_of_a_draft_does_not_tell_its_title(self, world):
        dossier = world.draft()
        ask(world, dossier)
        mail = mails(dossier, "message_sent")[0]
        assert dossier.title not in f"{mail.subject} {mail.text}"

    def test_the_service_begins_no_thread_in_a_draft(self, world):
        dossier = world.draft()
        for person in (world.officer, world.manager):
            with pytest.raises(NotAllowed):
                messages.send(dossier=dossier, text="Hurry up.", by=person)
            assert not thread.questions(person).exists()

    def test_a_tied_officer_and_other_roles_find_no_question(self, world):
        dossier = world.draft()
        ask(world, dossier)
        world.tie(world.officer, dossier.applicant)
        assert not thread.questions(world.officer).exists()
        everyone = world.everyone()
        assert {role for role, person in everyone.items() if thread.questions(person).exists()} == {"programme_manager"}


class TestReading:
    def test_a_message_waits_for_the_other_side_alone(self, world):
        dossier = world.dossier()
        message = ask(world, dossier)
        for person in (world.officer, world.manager):
            assert waiting(person) == waiting(person, Side.STAFF) == [message]
            assert waiting(person, Side.APPLICANT) == []
        for person in (world.editor(dossier), world.signatory(dossier), world.auditor, world.secretary, world.payer):
            assert waiting(person) == []

    def test_an_answer_takes_it_away_from_everyone_and_waits_itself(self, world):
        dossier = world.dossier()
        asked = ask(world, dossier)
        answer = reply(world, dossier)
        assert waiting(world.officer) == waiting(world.manager) == []
        assert waiting(world.editor(dossier)) == waiting(world.signatory(dossier)) == [answer]
        assert (fresh(asked).answered_at, fresh(answer).answered_at) == (START, None)

    def test_what_came_in_meanwhile_is_not_answered(self, world):
        dossier = world.dossier()
        seen, unseen = ask(world, dossier, "First."), ask(world, dossier, "Second.")
        reply(world, dossier, seen=seen.pk)
        assert waiting(world.officer) == [unseen]

    def test_whoever_has_read_says_so_for_themselves(self, world):
        dossier = world.dossier()
        first, second = ask(world, dossier), ask(world, dossier)
        with clock.at(START + timedelta(hours=1)):
            mark = messages.mark_read(dossier=dossier, through=first.pk, by=world.officer)
        assert (mark.last, mark.read_at) == (first, START + timedelta(hours=1))
        assert waiting(world.officer) == [second]
        assert waiting(world.manager) == [first, second]
        assert (last_entry(dossier).act, last_entry(dossier).data) == ("message.read", {"through": first.pk})

        messages.mark_read(dossier=dossier, by=world.officer)
        assert waiting(world.officer) == []
        assert MessageRead.objects.get().last == second

    def test_reading_again_or_less_changes_nothing(self, world):
        dossier = world.dossier()
        first, second = ask(world, dossier), ask(world, dossier)
        messages.mark_read(dossier=dossier, by=world.officer)
        before = acts(dossier)
        for through in (first.pk, second.pk, None):
            assert messages.mark_read(dossier=dossier, through=through, by=world.officer).last == second
        assert acts(dossier) == before

    def test_where_nothing_came_nothing_is_read(self, world):
        dossier = world.dossier()
        with pytest.raises(Conflict):
            messages.mark_read(dossier=dossier, by=world.officer)
        reply(world, dossier)
        with pytest.raises(Conflict):
            messages.mark_read(dossier=dossier, by=world.officer)
        with pytest.raises(NotAllowed):
            messages.mark_read(dossier=dossier, by=world.auditor)

    def test_a_tie_takes_the_service_s_messages_away(self, world):
        dossier = world.dossier()
        ask(world, dossier)
        world.tie(world.officer, dossier.applicant)
        assert waiting(world.officer) == []
        assert list(thread.to_read(world.officer, Side.STAFF)) == []

    def test_dossiers_to_read_come_the_longest_waiting_first(self, world):
        dossier, other = world.dossier(), world.dossier()
        with clock.at(START + timedelta(hours=1)):
            ask(world, dossier)
        ask(world, other)
        with clock.at(START + timedelta(hours=2)):
            ask(world, other)
        found = thread.to_read(world.officer, Side.STAFF)
        assert [(row, row.unread) for row in found] == [(other, 2), (dossier, 1)]

    def test_what_a_colleague_is_in_charge_of_is_their_work(self, world):
        dossier = world.dossier()
        ask(world, dossier)
        assert world.other_officer
        handling.assign_officer(dossier=dossier, officer=world.officer, by=world.manager)
        found = {person: list(thread.to_read(person, Side.STAFF)) for person in (world.officer, world.other_officer)}
        assert found == {world.officer: [dossier], world.other_officer: []}
        assert len(waiting(world.other_officer)) == 1  # who opens the dossier is told all the same

    def test_who_lost_the_role_is_in_charge_of_nothing(self, world):
        dossier = world.dossier()
        ask(world, dossier)
        assert world.other_officer
        handling.assign_officer(dossier=dossier, officer=world.officer, by=world.manager)
        role = world.officer.role_assignments.get()
        roles.end_role(assignment=role, reason="Left.", by=world.manager)
        assert list(thread.to_read(world.other_officer, Side.STAFF)) == [dossier]

    def test_counting_costs_no_query_of_its_own(self, world):
        dossier = world.dossier()
        ask(world, dossier)
        assert waiting(world.officer)  # standing and programmes are read
        with CaptureQueriesContext(connection) as seen:
            counts = [row.unread for row in thread.with_unread(Dossier.objects.filter(pk=dossier.pk), world.officer)]
        assert (counts, len(seen)) == ([1], 1)
        assert thread.with_unread(Dossier.objects.filter(pk=dossier.pk), world.auditor).get().unread == 0


class TestEvents:
    def test_a_request_for_completion_is_told_from_its_row_and_stays_when_dropped(self, world):
        dossier = world.dossier(State.RETURNED)
        request = dossier.completion_requests.get()
        assert [(event.kind, event.request) for event in thread.events(dossier)] == [("asked", request)]
        with clock.at(START + timedelta(hours=1)):
            instruction.cancel_completion(dossier=dossier, by=world.officer)
        found = thread.events(fresh(dossier))
        assert [(event.kind, event.at) for event in found] == [
            ("asked", START),
            ("dropped", START + timedelta(hours=1)),
        ]
        assert found[0].request.message == "Say more."


class TestNotes:
    def write(self, world, dossier, text="To be watched.", by=None):
        return messages.write_note(dossier=dossier, text=text, by=by or world.officer)

    def test_a_note_is_kept_and_the_journal_does_not_repeat_it(self, world):
        dossier = world.dossier()
        note = self.write(world, dossier)
        assert (note.text, note.author, note.struck_at) == ("To be watched.", world.officer, None)
        entry = last_entry(dossier)
        assert (entry.act, entry.data) == ("note.written", {"note": note.pk, "length": 14})
        assert not mails(dossier, "note_written")

    def test_who_reads_notes(self, world):
        dossier = world.dossier(State.CONTRACTED)
        self.write(world, dossier)
        everyone = world.everyone()
        readers = {"instructing_officer", "programme_manager", "paying_officer", "auditor"}
        assert {role for role, person in everyone.items() if NOTES in parts(person, dossier)} == readers
        assert {role for role, person in everyone.items() if Note.objects.visible_to(person).exists()} == readers
        for person in (world.editor(dossier), world.signatory(dossier), world.person(), None):
            assert NOTES not in parts(person, dossier)
            assert not Note.objects.visible_to(person).exists()

    def test_a_tie_beats_the_role(self, world):
        dossier = world.dossier()
        self.write(world, dossier)
        world.tie(world.officer, dossier.applicant)
        assert not Note.objects.visible_to(world.officer).exists()
        with pytest.raises(NotAllowed):
            self.write(world, dossier)

    def test_who_writes_notes(self, world):
        dossier = world.dossier()
        everyone = world.everyone()
        writers = {"instructing_officer", "programme_manager"}
        for person in [*(person for role, person in everyone.items() if role not in writers), world.editor(dossier)]:
            with pytest.raises(NotAllowed):
                self.write(world, dossier, by=person)
        with pytest.raises(NotAllowed):
            self.write(world, world.draft())
        contracted = world.dossier(State.CONTRACTED)
        assert self.write(world, contracted, by=world.payer).author == world.payer

    def test_a_note_is_struck_out_by_its_author_or_a_manager_once(self, world):
        dossier = world.dossier()
        first, second = self.write(world, dossier), self.write(world, dossier)
        with pytest.raises(NotAllowed):
            messages.strike_note(note=first, by=world.other_officer)
        messages.strike_note(note=first, by=world.officer)
        messages.strike_note(note=second, by=world.manager)
        assert [(row.struck_at, row.struck_by) for row in dossier.notes.order_by("pk")] == [
            (START, world.officer),
            (START, world.manager),
        ]
        assert [row.text for row in dossier.notes.order_by("pk")] == ["To be watched."] * 2
        assert (last_entry(dossier).act, last_entry(dossier).data) == ("note.struck", {"note": second.pk})
        with pytest.raises(Conflict):
            messages.strike_note(note=first, by=world.officer)

    def test_a_note_has_words(self, world):
        with pytest.raises(Refused):
            self.write(world, world.dossier(), " ")
        with pytest.raises(Refused):
            self.write(world, world.dossier(), "x" * (LONGEST_TEXT + 1))


class TestWordsStay:
    """Neither a statement typed by hand nor a mistake of the product changes what was written."""

    def refused(self, change):
        with pytest.raises(DatabaseError, match=r"stay|append-only"), transaction.atomic():
            change()

    def test_of_messages_and_notes(self, world):
        dossier = world.dossier()
        message = ask(world, dossier, uploads=[pdf("Quote")])
        messages.write_note(dossier=dossier, text="Note.", by=world.officer)
        self.refused(lambda: Message.objects.update(text="Other words."))
        self.refused(lambda: Message.objects.update(sent_at=START + timedelta(days=1)))
        self.refused(lambda: Message.objects.filter(pk=message.pk)._raw_delete("default"))
        self.refused(lambda: MessageFile.objects.filter(message=message)._raw_delete("default"))
        self.refused(lambda: Note.objects.update(text="Other words."))
        self.refused(lambda: Note.objects.all()._raw_delete("default"))
        assert Message.objects.update(answered_at=START) == 1
