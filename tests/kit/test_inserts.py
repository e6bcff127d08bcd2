"""Rows written straight from the values of their columns read back as if they had been saved one by one."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from kit import inserts
from kit.inserts import Inserter
from records.models import Account, JournalEntry

pytestmark = pytest.mark.django_db
ACCOUNT = ("code", "kind", "may_overdraw", "balance", "debit_count", "debit_digest", "credit_count", "sealed_count")


def accounts(count: int) -> list[list]:
    table = Inserter(Account, ACCOUNT)
    return [table.prepare((f"code:{n}", "kind", False, Decimal(n), 0, "", 0, 0)) for n in range(count)]


def test_keys_come_in_the_order_of_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inserts, "MOST_VALUES", 30)  # several statements
    keys = Inserter(Account, ACCOUNT).insert(accounts(10))
    assert [Account.objects.get(pk=key).code for key in keys] == [f"code:{n}" for n in range(10)]


def test_money_dates_and_structures_read_back_as_they_were() -> None:
    table = Inserter(JournalEntry)
    at = datetime(2027, 3, 1, 9, 30, 15, 123456, tzinfo=UTC)
    given = dict.fromkeys(table.names, "")
    given |= {"chain": "a", "seq": 1, "data": {"said": ["« l’été »", None, 3]}, "occurred_at": at, "recorded_at": at}
    table.insert([table.prepare(given.values())])

    entry = JournalEntry.objects.get()
    assert (entry.data, entry.occurred_at, entry.reason) == (given["data"], at, "")
    Inserter(Account, ACCOUNT).insert(accounts(3))
    assert [account.balance for account in Account.objects.order_by("pk")] == [Decimal(n) for n in range(3)]


def test_a_row_saved_afterwards_gets_a_key_of_its_own() -> None:
    keys = Inserter(Account, ACCOUNT).insert(accounts(3))
    assert Account.objects.create(code="later", kind="kind").pk > max(keys)


def test_the_database_s_constraints_hold() -> None:
    rows = accounts(1)
    Inserter(Account, ACCOUNT).insert(rows)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inserter(Account, ACCOUNT).insert(rows)


def test_one_column_is_prepared_alone() -> None:
    table = Inserter(Account, ACCOUNT)
    assert table.prepared("balance")(Decimal("12.34")) == 1234
    assert table.prepared("code")("code") == "code"


def test_nothing_to_insert_is_nothing() -> None:
    assert Inserter(Account, ACCOUNT).insert([]) == []
