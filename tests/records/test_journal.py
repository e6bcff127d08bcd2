"""The journal: what is written, and what every kind of tampering leaves behind."""

import contextlib
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from kit import clock
from records.actions import access, journal, ledger
from records.actions.journal import SITE, Subject
from records.models import JournalEntry, JournalHead, JournalPersonal, JournalSeal
from records.queries.journal import actor_name, entries, verify
from records.rules.chain import Verdict
from records.tasks import seal_journal

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)


@pytest.fixture
def three(clerk, dossier):
    """Three acts of one dossier and one of the site."""
    for act in ("created", "submitted", "selected"):
        journal.write(clerk, f"dossier.{act}", dossier, to_state=act, amount=Decimal("12.50"))
    journal.write(clerk, "site.opened", SITE)


def test_an_act_tells_who_what_why_and_when(clerk, dossier):
    instant = datetime(2010, 5, 4, 8, 0, tzinfo=UTC)
    with clock.at(instant):
        journal.write(
            clerk,
            "dossier.selected",
            dossier,
            from_state="advised",
            to_state="selected",
            reason="Réunion n° 3",
            on_behalf="organisation:7",
            personal={"signatory": "Jeanne Martin"},
            amount=Decimal("18104.00"),
            day=DAY,
            members={"b", "a"},
            at=instant,
            count=3,
        )
    entry = entries("dossier:D-1").get()
    assert (entry.seq, entry.act, entry.subject, entry.actor_id) == (1, "dossier.selected", "D-1", "system:clerk")
    assert (entry.from_state, entry.to_state, entry.reason) == ("advised", "selected", "Réunion n° 3")
    assert entry.on_behalf == "organisation:7"
    assert entry.data == {
        "amount": "18104.00",
        "day": "2027-03-01",
        "members": ["a", "b"],
        "at": "2010-05-04T08:00:00.000000+00:00",
        "count": 3,
    }
    assert entry.personal.data == {"actor": "clerk", "signatory": "Jeanne Martin"}
    assert entry.occurred_at == instant
    assert entry.recorded_at.year >= 2026
    assert verify() == Verdict(1)


@pytest.mark.parametrize("value", [0.5, object(), b"x", float("nan")])
def test_data_without_one_spelling_is_refused(clerk, dossier, value):
    with pytest.raises(TypeError):
        journal.write(clerk, "x", dossier, value=value)
    assert JournalEntry.objects.count() == 0


def test_an_act_that_fails_leaves_no_gap(clerk, dossier, three):
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        journal.write(clerk, "dossier.paid", dossier)
        raise ZeroDivisionError
    journal.write(clerk, "dossier.closed", dossier)
    assert list(entries("dossier:D-1").values_list("seq", "act"))[-2:] == [
        (3, "dossier.selected"),
        (4, "dossier.closed"),
    ]
    assert verify() == Verdict(5)


def test_personal_data_is_erased_and_the_chain_stays(clerk, dossier, three):
    entry = entries("dossier:D-1").get(seq=2)
    assert actor_name(entry) == "clerk"
    journal.erase_personal(entry=entry, by=clerk)
    journal.erase_personal(entry=entry, by=clerk)
    entry = entries("dossier:D-1").get(seq=2)
    assert (entry.personal.data, entry.personal.salt, actor_name(entry)) == ({}, "", "")
    assert list(entries("dossier:D-1").values_list("act", flat=True))[3:] == ["journal.personal_erased"]
    assert verify() == Verdict(5)


@pytest.mark.parametrize(
    "table", ["records_journalentry", "records_journalseal", "records_accesslog", "records_transfer"]
)
@pytest.mark.parametrize("change", ["UPDATE {table} SET id = id + 1000", "DELETE FROM {table}"])
def test_the_database_refuses_changes(clerk, dossier, three, table, change, a_row_in_each):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table=table))
    assert verify() == Verdict(4)


@pytest.fixture
def a_row_in_each(clerk, three):
    access.log(clerk, "x", SITE)
    source, purse = ledger.open_account("s", "source", may_overdraw=True), ledger.open_account("p", "purse")
    ledger.post("fund", debit=source, credit=purse, amount=Decimal(1), key="k")
    journal.seal_day(DAY)


def first_bad():
    """What `verify_journal` says, and that it exits 1 saying it."""
    output, errors = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_journal", stdout=output, stderr=errors)
    assert (ended.value.code, output.getvalue()) == (1, "")
    return errors.getvalue().strip()


def test_a_sound_journal_is_counted(three, capsys):
    journal.seal_day(DAY)
    call_command("verify_journal")
    assert capsys.readouterr().out == "4 journal entries verified\n"


@pytest.mark.parametrize(
    "column, value",
    [
        ("act", "'x'"),
        ("actor_id", "'x'"),
        ("reason", "'x'"),
        ("data", "'{}'"),
        ("occurred_at", "'2001-01-01 00:00:00+00:00'"),
        ("recorded_at", "'2001-01-01 00:00:00+00:00'"),
        ("personal_digest", "'x'"),
        ("digest", "'x'"),
    ],
)
def test_a_row_altered_is_found(three, tamper, column, value):
    tamper(f"UPDATE records_journalentry SET {column} = {value} WHERE chain = 'dossier:D-1' AND seq = 2")
    assert first_bad().startswith("dossier:D-1 #2 ")
    assert first_bad().endswith("its content does not match its digest")


def test_a_row_deleted_is_found(three, tamper):
    entry = JournalEntry.objects.get(chain="dossier:D-1", seq=2)
    tamper(
        f"DELETE FROM records_journalpersonal WHERE entry_id = {entry.pk}",
        f"DELETE FROM records_journalentry WHERE id = {entry.pk}",
    )
    assert first_bad() == "dossier:D-1 #3 dossier.selected: row 2 is missing before it"


def test_rows_reordered_are_found(three, tamper):
    tamper(
        "UPDATE records_journalentry SET seq = 99 WHERE chain = 'dossier:D-1' AND seq = 1",
        "UPDATE records_journalentry SET seq = 1 WHERE chain = 'dossier:D-1' AND seq = 2",
        "UPDATE records_journalentry SET seq = 2 WHERE chain = 'dossier:D-1' AND seq = 99",
    )
    assert first_bad() == "dossier:D-1 #1 dossier.submitted: its content does not match its digest"


def cut_the_tail(tamper, *more):
    """Remove the last row of the dossier."""
    entry = JournalEntry.objects.get(chain="dossier:D-1", seq=3)
    tamper(
        f"DELETE FROM records_journalpersonal WHERE entry_id = {entry.pk}",
        f"DELETE FROM records_journalentry WHERE id = {entry.pk}",
        *more,
    )


def test_a_chain_cut_off_is_found(three, tamper):
    cut_the_tail(tamper)
    assert first_bad() == "dossier:D-1: its head says row 3, its rows end at 2"


def test_a_chain_cut_off_with_its_head_set_back_is_found_by_the_seal(three, tamper):
    journal.seal_day(DAY)
    digest = JournalEntry.objects.get(chain="dossier:D-1", seq=2).digest
    cut_the_tail(tamper, f"UPDATE records_journalhead SET seq = 2, digest = '{digest}' WHERE chain = 'dossier:D-1'")
    assert first_bad() == "dossier:D-1 #3: it was sealed and is missing"


def test_a_chain_removed_whole_is_found(three, tamper):
    journal.seal_day(DAY)
    tamper("DELETE FROM records_journalpersonal", "DELETE FROM records_journalentry")
    assert first_bad() == "dossier:D-1: its head says row 3, and it has no row"
    JournalHead.objects.all().delete()
    assert first_bad() == "dossier:D-1 #3: it was sealed and is missing"


def test_a_head_removed_is_found(three):
    JournalHead.objects.filter(chain="dossier:D-1").delete()
    assert first_bad() == "dossier:D-1: its head is missing"


def test_a_tail_rewritten_under_the_key_is_found_by_the_seal(clerk, dossier, three, tamper):
    journal.seal_day(DAY)
    digest = JournalEntry.objects.get(chain="dossier:D-1", seq=2).digest
    cut_the_tail(tamper, f"UPDATE records_journalhead SET seq = 2, digest = '{digest}' WHERE chain = 'dossier:D-1'")
    journal.write(clerk, "dossier.rejected", dossier)
    assert first_bad() == "dossier:D-1 #3 dossier.rejected: it is not the row that was sealed"


def test_personal_data_changed_or_removed_without_an_erasure_is_found(three):
    personal = JournalPersonal.objects.get(entry__chain="dossier:D-1", entry__seq=1)
    JournalPersonal.objects.filter(pk=personal.pk).update(data={"actor": "someone else"})
    assert first_bad() == "dossier:D-1 #1 dossier.created: its personal data does not match its digest"
    removed = "dossier:D-1 #1 dossier.created: its personal data was removed without an erasure"
    erased = {"erased_at": personal.entry.recorded_at, "salt": ""}
    for change in ({"data": {}, **erased}, {"data": {"actor": "someone else"}, **erased}):
        JournalPersonal.objects.filter(pk=personal.pk).update(**change)
        assert first_bad() == removed
    personal.delete()
    assert first_bad() == removed


def test_a_name_written_over_an_erasure_is_found(clerk, three):
    journal.erase_personal(entry=entries("dossier:D-1").get(seq=2), by=clerk)
    assert verify() == Verdict(5)
    JournalPersonal.objects.filter(entry__chain="dossier:D-1", entry__seq=2).update(data={"actor": "someone else"})
    assert first_bad() == "dossier:D-1 #2 dossier.submitted: its personal data was removed without an erasure"


def test_seals_hold_what_moved_since_the_last(clerk, dossier, three):
    first = journal.seal_day(DAY)
    assert {chain: head[0] for chain, head in first.heads["journal"].items()} == {"dossier:D-1": 3, "site": 1}
    assert journal.seal_day(DAY) == first
    journal.write(clerk, "dossier.closed", dossier)
    second = journal.seal_day(date(2027, 3, 2))
    assert (second.seq, {chain: head[0] for chain, head in second.heads["journal"].items()}) == (2, {"dossier:D-1": 4})
    assert journal.seal_day(date(2027, 3, 3)).heads == {"journal": {}, "accounts": {}}
    assert verify() == Verdict(5)


def test_a_seal_altered_deleted_or_replaced_is_found(three, tamper):
    kept = {seal.seq: seal.digest for seal in (journal.seal_day(date(2027, 3, day)) for day in (1, 2, 3))}
    assert verify(kept) == Verdict(4)
    tamper("DELETE FROM records_journalseal WHERE seq = 3")
    assert verify() == Verdict(4)
    assert verify(kept) == Verdict(0, "seal #3: it is not the seal that was kept outside")
    tamper("UPDATE records_journalseal SET day = '2001-01-01' WHERE seq = 2")
    assert first_bad() == "seal #2 of 2001-01-01: its content does not match its digest"
    tamper("DELETE FROM records_journalseal WHERE seq = 1")
    assert first_bad() == "seal #1 is missing"


def test_the_scheduler_seals_the_day_that_ended(three, tmp_path):
    with clock.at(datetime(2027, 3, 1, 23, 10, tzinfo=UTC)):
        assert seal_journal() == "2027-03-01"
        assert seal_journal() == "2027-03-01"
    assert [seal.day for seal in JournalSeal.objects.all()] == [DAY]
    copy = tmp_path / "seals.json"
    copy.write_text('{"1": "x"}')
    with pytest.raises(SystemExit):
        call_command("verify_journal", seals=str(copy), stderr=StringIO())


def test_another_key_does_not_verify(three, settings):
    settings.JOURNAL_KEY = "another"
    assert first_bad().endswith("its content does not match its digest")
    settings.JOURNAL_KEY = ""
    assert first_bad().endswith("its content does not match its digest")


def test_nobody_reaches_the_journal_through_its_table(three):
    assert list(JournalEntry.objects.visible_to(object())) == []
    assert [str(row) for row in JournalHead.objects.order_by("chain")] == ["dossier:D-1 #3", "site #1"]


def test_a_subject_is_a_chain_and_a_label():
    assert (SITE.journal_chain, Subject("programme:P", "P").journal_label) == ("site", "P")
