"""The records of one dossier, from its draft to its end, tampered with by someone who owns the database (I3, I6).

The triggers are taken away first; `verify_journal` and `verify_ledger` must name the first bad row and exit 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from kit import clock
from monitoring.models import ClaimKind
from records import triggers
from records.actions import journal
from records.models import JournalEntry, Transfer
from tests.world import START, World
from tests.world_monitoring import Road

pytestmark = pytest.mark.django_db
Tamper = Callable[..., None]
BROKEN = "its content does not match its digest"


@pytest.fixture(scope="module")
def road(django_db_setup: None, django_db_blocker: Any) -> Iterator[Road]:
    """A dossier that went the whole road, sealed; each test changes it in a transaction of its own."""
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(START):
        road = Road(World())
        road.paid(road.claimed(ClaimKind.ADVANCE))
        road.paid(road.claimed(ClaimKind.FINAL, "60000", "40000"))
        road.service()
        road.verified()
        road.settled()
        journal.seal_day(date(2027, 3, 1))
        yield road
        transaction.set_rollback(True)


@pytest.fixture
def tamper(road: Road, db: None) -> Tamper:
    """Statements typed by hand, without the triggers."""

    def run(*statements: str) -> None:
        with triggers.removed(connection), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    return run


def verdict(command: str) -> str:
    """What the command says, having exited 1."""
    output, errors = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(command, stdout=output, stderr=errors)
    assert (ended.value.code, output.getvalue()) == (1, "")
    return errors.getvalue().strip()


def entry(road: Road, act: str) -> JournalEntry:
    """The first act of this name in the dossier's chain."""
    return JournalEntry.objects.filter(chain=road.dossier.journal_chain, act=act).order_by("seq").first()


def last(road: Road) -> JournalEntry:
    return JournalEntry.objects.filter(chain=road.dossier.journal_chain).order_by("-seq").first()


def removal(row: JournalEntry) -> tuple[str, str]:
    """The statements that remove a row of the journal."""
    return (
        f"DELETE FROM records_journalpersonal WHERE entry_id = {row.pk}",
        f"DELETE FROM records_journalentry WHERE id = {row.pk}",
    )


def swap(table: str, first: int, second: int, one: int, other: int) -> tuple[str, ...]:
    """The statements that exchange the places of two rows."""
    return (
        f"UPDATE {table} SET seq = 999999 WHERE id = {first}",
        f"UPDATE {table} SET seq = {one} WHERE id = {second}",
        f"UPDATE {table} SET seq = {other} WHERE id = {first}",
    )


def test_the_untouched_records_are_sound(road, db, capsys):
    call_command("verify_journal")
    call_command("verify_ledger")
    counts = JournalEntry.objects.count(), Transfer.objects.count()
    assert capsys.readouterr().out == "{} journal entries verified\n{} transfers verified\n".format(*counts)
    assert counts[0] > 40
    assert counts[1] >= 8


@pytest.mark.parametrize("act", ["dossier.submitted", "certificate.approved", "payment.ordered", "dossier.paid"])
@pytest.mark.parametrize("change", ["actor_id = 'person:1'", "reason = 'x'", "data = '{}'"])
def test_an_act_altered_is_found(road, tamper, act, change):
    row = entry(road, act)
    tamper(f"UPDATE records_journalentry SET {change} WHERE id = {row.pk}")
    assert verdict("verify_journal") == f"{row}: {BROKEN}"


def test_an_act_deleted_is_found(road, tamper):
    row = entry(road, "certificate.issued")
    after = JournalEntry.objects.get(chain=row.chain, seq=row.seq + 1)
    tamper(*removal(row))
    assert verdict("verify_journal") == f"{after}: row {row.seq} is missing before it"


def test_acts_reordered_are_found(road, tamper):
    """The order to pay moved before the approval of its certificate."""
    approved, ordered = entry(road, "certificate.approved"), entry(road, "payment.ordered")
    tamper(*swap("records_journalentry", approved.pk, ordered.pk, approved.seq, ordered.seq))
    assert verdict("verify_journal") == f"{approved.chain} #{approved.seq} payment.ordered: {BROKEN}"


def test_acts_cut_off_are_found(road, tamper):
    row = last(road)
    tamper(*removal(row))
    assert verdict("verify_journal") == f"{row.chain}: its head says row {row.seq}, its rows end at {row.seq - 1}"


def test_acts_cut_off_with_their_head_set_back_are_found_by_the_seal_of_the_day(road, tamper):
    row = last(road)
    before = JournalEntry.objects.get(chain=row.chain, seq=row.seq - 1)
    head = f"seq = {before.seq}, digest = '{before.digest}', sealed_seq = {before.seq}"
    tamper(*removal(row), f"UPDATE records_journalhead SET {head} WHERE chain = '{row.chain}'")
    assert verdict("verify_journal") == f"{row.chain} #{row.seq}: it was sealed and is missing"


def test_of_two_bad_acts_the_first_is_named(road, tamper):
    early, late = entry(road, "dossier.created"), entry(road, "dossier.paid")
    tamper(f"UPDATE records_journalentry SET reason = 'x' WHERE id IN ({early.pk}, {late.pk})")
    assert verdict("verify_journal") == f"{early}: {BROKEN}"


@pytest.fixture
def debits(road: Road, db: None) -> list[Transfer]:
    """What went out of the dossier's account of commitments, in order."""
    rows = Transfer.objects.filter(debit__code=f"committed:{road.dossier.reference}")
    return list(rows.select_related("debit", "credit").order_by("seq"))


def of(transfer: Transfer) -> str:
    """How the command names a transfer."""
    return f"transfer {transfer.key} ({transfer.debit.code} #{transfer.seq})"


@pytest.mark.parametrize("change", ["amount = amount - 1", "credit_id = debit_id - 1", "kind = 'x'"])
def test_a_transfer_altered_is_found(debits, tamper, change):
    tamper(f"UPDATE records_transfer SET {change} WHERE id = {debits[0].pk}")
    assert verdict("verify_ledger") == f"{of(debits[0])}: {BROKEN}"


def test_a_transfer_deleted_is_found(debits, tamper):
    tamper(f"DELETE FROM records_transfer WHERE id = {debits[0].pk}")
    assert verdict("verify_ledger") == f"{of(debits[1])}: row 1 is missing before it"


def test_transfers_reordered_are_found(debits, tamper):
    tamper(*swap("records_transfer", debits[0].pk, debits[1].pk, 1, 2))
    assert verdict("verify_ledger") == f"transfer {debits[1].key} ({debits[1].debit.code} #1): {BROKEN}"


def test_transfers_cut_off_are_found(debits, tamper):
    tail = debits[-1]
    tamper(f"DELETE FROM records_transfer WHERE id = {tail.pk}")
    ends = f"its head says {tail.seq} debits, its rows end at {tail.seq - 1}"
    assert verdict("verify_ledger") == f"account {tail.debit.code}: {ends}"


def test_the_last_payment_hidden_in_its_accounts_too_is_found_by_the_seal_of_the_day(road, tamper):
    tail = Transfer.objects.select_related("debit", "credit").order_by("-pk")[0]
    before = Transfer.objects.get(debit=tail.debit, seq=tail.seq - 1)
    moved = int(tail.amount * 100)
    assert tail.credit.code == f"paid:{road.dossier.reference}"
    tamper(
        f"DELETE FROM records_transfer WHERE id = {tail.pk}",
        f"UPDATE records_account SET debit_count = {before.seq}, debit_digest = '{before.digest}', "
        f"balance = balance + {moved}, sealed_count = sealed_count - 1 WHERE id = {tail.debit_id}",
        f"UPDATE records_account SET credit_count = credit_count - 1, balance = balance - {moved}, "
        f"sealed_count = sealed_count - 1 WHERE id = {tail.credit_id}",
    )
    assert verdict("verify_ledger") == f"account {tail.credit.code}: credits that were sealed are missing"


def test_of_two_bad_transfers_the_first_is_named(debits, tamper):
    tamper(f"UPDATE records_transfer SET kind = 'x' WHERE id IN ({debits[0].pk}, {debits[1].pk})")
    assert verdict("verify_ledger") == f"{of(debits[0])}: {BROKEN}"
