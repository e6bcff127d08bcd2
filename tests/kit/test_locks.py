"""Locks: only in a transaction, fresh rows, one order."""

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kit.actors import SCHEDULER, Actor, SystemActor
from kit.errors import Busy, Conflict, EscalierError, NotAllowed, Refused, Unmet
from kit.locks import is_busy, lock_rank, locked, one_order
from records.actions.ledger import open_account
from records.models import Account, JournalHead


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_is_refused():
    account = open_account("a", "test")
    with pytest.raises(RuntimeError, match="outside a transaction"), locked(account):
        pass


@pytest.mark.django_db
def test_rows_are_read_again_and_given_in_the_order_asked():
    first, second = open_account("a", "test"), open_account("b", "test")
    Account.objects.filter(pk=first.pk).update(balance=5)
    with locked(second, first, first) as (fresh_second, fresh_first, same):
        assert (fresh_second, fresh_first.balance, same) == (second, 5, fresh_first)
        assert fresh_first is not first
    with locked(first) as alone:
        assert alone.balance == 5


@pytest.mark.django_db
def test_the_order_of_locking_is_that_of_ranks_then_keys(monkeypatch):
    account, head = open_account("a", "test"), JournalHead.objects.create(chain="c")
    monkeypatch.setattr(JournalHead, "lock_rank", 10, raising=False)
    assert (lock_rank(Account), lock_rank(JournalHead)) == (70, 10)
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        locked(account, head),
    ):
        pass
    tables = [query["sql"].partition("FROM ")[2].split('"')[1] for query in queries if "FROM" in query["sql"]]
    assert tables == ["records_journalhead", "records_account"]


@pytest.fixture
def three(db, monkeypatch):
    """Rows of three ranks: the head before the first account before the second."""
    monkeypatch.setattr(JournalHead, "lock_rank", 10, raising=False)
    return JournalHead.objects.create(chain="c"), open_account("a", "test"), open_account("b", "test")


def test_rows_locked_one_after_the_other_stand_in_the_same_order(three):
    head, first, second = three
    with locked(head), locked(first), locked(second), locked(head, first), locked(second):
        pass
    for early, late in ((first, head), (second, first), (second, head)):
        with locked(early), pytest.raises(RuntimeError, match="is locked after"), locked(late):
            pass


def test_the_order_holds_to_the_end_of_an_act_and_no_further(three):
    head, first, second = three
    with one_order():
        with locked(first):
            pass
        with locked(second, first):
            pass
        with pytest.raises(RuntimeError, match="is locked after"), one_order(), locked(head):
            pass
    with locked(second):
        pass
    with locked(head):
        pass


def test_outside_tests_a_wrong_order_is_told_to_the_log(three, settings, caplog):
    head, first, _second = three
    settings.LOCK_ORDER_STRICT = False
    with locked(first), locked(head) as fresh:
        assert fresh == head
    assert f"JournalHead {head.pk} is locked after records.Account {first.pk}" in caplog.text


@pytest.mark.django_db
def test_a_row_that_is_gone_is_a_conflict():
    account = open_account("a", "test")
    Account.objects.all().delete()
    with pytest.raises(Conflict), locked(account):
        pass
    with pytest.raises(ValueError), locked():
        pass


@pytest.mark.django_db
def test_a_database_that_waits_is_busy_and_one_that_breaks_is_not(monkeypatch):
    account = open_account("a", "test")

    def fail(message):
        def raise_it(self, *args, **kwargs):
            raise OperationalError(message)

        return raise_it

    manager = type(Account._base_manager)
    monkeypatch.setattr(manager, "using", fail("database is locked"))
    with pytest.raises(Busy), transaction.atomic(), locked(account):
        pass
    monkeypatch.setattr(manager, "using", fail("disk I/O error"))
    with pytest.raises(OperationalError), transaction.atomic(), locked(account):
        pass


def test_the_server_tells_waiting_by_its_code():
    class Waiting(Exception):
        sqlstate = "55P03"

    error = OperationalError("x")
    error.__cause__ = Waiting()
    assert is_busy(error) is True
    assert is_busy(OperationalError("x")) is False


def test_every_error_is_a_sentence():
    for error in (EscalierError(), NotAllowed(), Busy(), Conflict(), Refused(""), Unmet([])):
        assert len(str(error)) > 20
    assert str(Unmet(["One.", "Two."])) == "One. Two."
    assert Refused("No.", field="amount").field == "amount"


def test_a_part_of_the_product_acts_under_its_name():
    assert isinstance(SCHEDULER, Actor)
    assert (SCHEDULER.actor_id, SCHEDULER.actor_label, str(SystemActor("x"))) == ("system:scheduler", "scheduler", "x")
