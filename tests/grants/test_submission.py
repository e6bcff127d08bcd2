"""Filing under seal, once; filing again; taking back."""

import hashlib
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from grants.actions import awards, drafting, submission
from grants.lifecycle import State
from grants.models import Snapshot
from grants.queries import contents
from kit import clock
from kit.errors import NotAllowed, Unmet
from records.models import Document
from tests.world import CLOSES, START, acts, fresh, last_entry, mails, pdf, recipients, standing_money


def test_filing_seals_what_was_filed_and_acknowledges_it(world, settings):
    town = world.town("Catus")
    dossier = world.draft(town=town)
    document = Document.objects.get()

    snapshot = submission.submit(dossier=dossier, by=town.signatory)

    dossier = fresh(dossier)
    assert (dossier.state, dossier.submitted_at, dossier.submitted_by) == (State.SUBMITTED, START, town.signatory)
    content = json.loads(snapshot.content)
    assert content["documents"][0]["sha256"] == document.digest
    assert content["plan"]["cost_lines"] == [
        {"post": "Site", "supplier": "Web SARL", "cost": "36209.96", "eligible": "36209.96"}
    ]
    assert (content["answers"], content["reference"]) == (dossier.answers, dossier.reference)
    assert snapshot.digest == hashlib.sha256(snapshot.content.encode()).hexdigest()
    assert contents.is_whole(snapshot)
    entry = last_entry(dossier)
    assert (entry.act, entry.from_state, entry.to_state) == ("dossier.submitted", "draft", "submitted")
    assert (entry.data["digest"], entry.on_behalf) == (snapshot.digest, "Catus")
    assert recipients(dossier, "acknowledgement") == ["Editor of Catus", "Mayor of Catus"]
    text = mails(dossier, "acknowledgement")[0].text
    for fact in (
        dossier.reference,
        "1 March 2027 at 10:00",
        snapshot.digest,
        "contact@example.org",
        "within 60 days",
        f"{settings.SITE_URL}/d/{dossier.reference}",
    ):
        assert fact in text


def test_the_receipt_is_written_in_the_reader_s_language(world):
    town = world.town(language="fr")
    dossier = world.draft(town=town)
    submission.submit(dossier=dossier, by=town.signatory)
    mail = mails(dossier, "acknowledgement")[0]
    assert (mail.language, mail.subject) == ("fr", f"{dossier.reference}\u00a0: votre dossier est reçu")
    assert "1er mars 2027 à 10" in mail.text


def test_the_same_form_sent_twice_files_once(world):
    town = world.town()
    dossier = world.draft(town=town)
    first = submission.submit(dossier=dossier, by=town.signatory)
    second = submission.submit(dossier=dossier, by=town.signatory)

    assert (second, Snapshot.objects.count(), acts(dossier).count("dossier.submitted")) == (first, 1, 1)
    assert len(mails(dossier, "acknowledgement")) == 2


def test_a_filed_dossier_is_not_filed_again(world):
    dossier = world.dossier()
    with pytest.raises(NotAllowed):
        submission.submit(dossier=dossier, by=world.signatory(dossier))


def test_only_a_signatory_files(world):
    town = world.town()
    dossier = world.draft(town=town)
    for person in (town.editor, world.town().signatory, world.officer, world.manager, world.administrator):
        with pytest.raises(NotAllowed):
            submission.submit(dossier=dossier, by=person)
    assert (fresh(dossier).state, Snapshot.objects.count()) == (State.DRAFT, 0)


def test_a_stranger_learns_nothing_from_sending_twice(world):
    town = world.town()
    dossier = world.draft(town=town)
    submission.submit(dossier=dossier, by=town.signatory)
    with pytest.raises(NotAllowed):
        submission.submit(dossier=dossier, by=world.town().signatory)


def test_everything_that_is_missing_is_told_at_once(world):
    town, other = world.town(), world.town("Partner")
    call = world.any_call
    dossier = drafting.create_dossier(call=call, applicant=town.organisation, title="X", by=town.editor)
    drafting.invite_partner(dossier=dossier, organisation=other.organisation, part="Half.", by=town.editor)
    with clock.at(CLOSES), pytest.raises(Unmet) as refusal:
        submission.submit(dossier=dossier, by=town.signatory)

    told = refusal.value.missing
    assert told[0] == "Answer “Object of the project”."
    assert told[-4:] == [
        "Attach the document “Deliberation”.",
        "List the expenses of the project in the budget.",
        "Partner has not confirmed its part yet; wait for its answer, or leave it out.",
        "The call closed on 31 May 2027 at 17:00.",
    ]
    assert len(told) == 18 + 4
    assert (fresh(dossier).state, mails(dossier, "acknowledgement")) == (State.DRAFT, [])


@pytest.mark.parametrize("microseconds, filed", [(-1, True), (0, False), (1, False)])
def test_the_deadline_is_half_open(world, microseconds, filed):
    town = world.town()
    dossier = world.draft(town=town)
    with clock.at(CLOSES + timedelta(microseconds=microseconds)):
        if filed:
            submission.submit(dossier=dossier, by=town.signatory)
        else:
            with pytest.raises(Unmet):
                submission.submit(dossier=dossier, by=town.signatory)
    assert fresh(dossier).state == (State.SUBMITTED if filed else State.DRAFT)


def test_nothing_is_filed_before_the_call_opens(world):
    town = world.town()
    dossier = world.draft(town=town, call=world.call(opens_at=START + timedelta(days=1)))
    with pytest.raises(Unmet) as refusal:
        submission.submit(dossier=dossier, by=town.signatory)
    assert refusal.value.missing == ["The call opens on 2 March 2027 at 10:00; applications can be filed from then on."]


def test_a_completion_is_filed_after_the_call_s_deadline_and_makes_a_new_snapshot(world):
    town = world.town()
    dossier = world.draft(town=town)
    first = submission.submit(dossier=dossier, by=town.signatory)
    with clock.at(CLOSES + timedelta(days=3)):
        request = world.send_back(dossier, "documents")
        drafting.attach_document(dossier=fresh(dossier), upload=pdf("Quote"), kind="quote", by=town.editor)
    with clock.at(CLOSES + timedelta(days=10)):
        second = submission.submit(dossier=fresh(dossier), by=town.signatory)

    dossier = fresh(dossier)
    assert (dossier.state, dossier.submitted_at) == (State.SUBMITTED, START)
    assert fresh(request).answered_at == CLOSES + timedelta(days=10)
    assert (second.number, second.digest != first.digest) == (2, True)
    assert json.loads(second.content)["first_submitted_at"] == "2027-03-01T09:00:00.000000+00:00"
    assert [item["kind"] for item in json.loads(second.content)["documents"]] == ["deliberation", "quote"]
    assert mails(dossier, "acknowledgement")[-1].subject == f"{dossier.reference}: completed"


def test_a_completion_has_its_own_due_date_and_it_alone(world):
    dossier = world.dossier()
    signatory = world.signatory(dossier)
    request = world.send_back(dossier, days=15)
    with clock.at(request.due_at), pytest.raises(Unmet) as refusal:
        submission.submit(dossier=fresh(dossier), by=signatory)
    assert refusal.value.missing == [
        "The time to complete the application ended on 16 March 2027 at 10:00; "
        "ask the service for more time: contact@example.org."
    ]
    with clock.at(request.due_at - timedelta(microseconds=1)):
        submission.submit(dossier=fresh(dossier), by=signatory)


@pytest.mark.parametrize("statement", ["UPDATE grants_snapshot SET content = ''", "DELETE FROM grants_snapshot"])
def test_the_database_keeps_a_seal(world, statement):
    world.dossier()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert contents.is_whole(Snapshot.objects.get())


def test_what_is_reserved_returns_when_the_applicant_gives_up(world):
    dossier = world.dossier(State.SELECTED, envelope=world.envelope("20000"))
    assert standing_money(dossier) == {"left": Decimal(1896), "reserved": Decimal(18104)}
    staff = sorted([world.officer.full_name, world.secretary.full_name])

    submission.withdraw(dossier=dossier, reason="No staff.", by=world.signatory(dossier))

    dossier = fresh(dossier)
    assert (dossier.state, dossier.ended_at, dossier.granted) == (State.WITHDRAWN, START, None)
    assert standing_money(dossier) == {"left": Decimal(20000)}
    assert dossier.awards.get().released_at == START
    assert (last_entry(dossier).reason, last_entry(dossier).from_state) == ("No staff.", "selected")
    assert recipients(dossier, "withdrawn") == staff
    assert "€18,104.00" in mails(dossier, "withdrawn")[0].text


@pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED])
def test_a_dossier_without_grant_is_withdrawn_too(world, state):
    dossier = world.dossier(state)
    submission.withdraw(dossier=dossier, reason="No staff.", by=world.signatory(dossier))

    assert fresh(dossier).state == State.WITHDRAWN
    assert not dossier.completion_requests.filter(cancelled_at=None).exists()


@pytest.mark.parametrize("state", [State.DRAFT, State.INELIGIBLE, State.WITHDRAWN, State.CONTRACTED])
def test_it_is_withdrawn_between_filing_and_contract_alone(world, state):
    dossier = world.dossier(state)
    with pytest.raises(NotAllowed):
        submission.withdraw(dossier=dossier, reason="X.", by=world.signatory(dossier))
    assert fresh(dossier).state == state


def test_only_a_signatory_withdraws(world):
    dossier = world.dossier()
    for person in (world.editor(dossier), world.officer, world.manager):
        with pytest.raises(NotAllowed):
            submission.withdraw(dossier=dossier, reason="X.", by=person)
        with pytest.raises(NotAllowed):
            awards.release(dossier=dossier, by=person)
