"""I3, whatever happens in whatever order: debits equal credits, kept balances are the sums of the transfers."""

import contextlib
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kit.errors import Conflict
from kit.money import from_cents
from records.actions import journal
from records.actions.ledger import Overdraft, open_account, post
from records.models import Account
from records.queries.ledger import verify
from records.rules.chain import Verdict

CODES = ("state", "envelope", "reserved", "committed", "paid")
codes = st.sampled_from(CODES)
cents = st.integers(0, 100_000)


class LedgerMachine(RuleBasedStateMachine):
    """Posts, repeats, reversals, acts that fail halfway; a dictionary beside says what must stand."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.accounts = {code: open_account(code, code, may_overdraw=code == "state") for code in CODES}
        self.expected = dict.fromkeys(CODES, Decimal(0))
        self.posted = []
        self.reversed = set()
        self.days = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def move(self, debit, credit, amount, key, settles=None):
        """Post, and note what it must have changed."""
        if debit != "state" and self.expected[debit] < amount:
            with pytest.raises(Overdraft), transaction.atomic():
                post(
                    "move",
                    debit=self.accounts[debit],
                    credit=self.accounts[credit],
                    amount=amount,
                    key=key,
                    settles=settles,
                )
            return None
        transfer = post(
            "move", debit=self.accounts[debit], credit=self.accounts[credit], amount=amount, key=key, settles=settles
        )
        if amount:
            self.expected[debit] -= amount
            self.expected[credit] += amount
            self.posted.append((transfer, debit, credit))
        return transfer

    @rule(debit=codes, credit=codes, count=cents)
    def post(self, debit, credit, count):
        if debit != credit:
            self.move(debit, credit, from_cents(count), f"post:{len(self.posted)}")

    @precondition(lambda self: self.posted)
    @rule(data=st.data())
    def repeat(self, data):
        transfer, debit, credit = data.draw(st.sampled_from(self.posted))
        again = post(
            "move",
            debit=self.accounts[debit],
            credit=self.accounts[credit],
            amount=transfer.amount,
            key=transfer.key,
            settles=transfer.settles,
        )
        assert again == transfer

    @precondition(lambda self: self.posted)
    @rule(data=st.data())
    def reverse(self, data):
        transfer, debit, credit = data.draw(st.sampled_from(self.posted))
        if transfer.pk in self.reversed:
            with pytest.raises(Conflict), transaction.atomic():
                post(
                    "move",
                    debit=self.accounts[credit],
                    credit=self.accounts[debit],
                    amount=transfer.amount,
                    key=f"again:{transfer.key}",
                    settles=transfer,
                )
        elif self.move(credit, debit, transfer.amount, f"reverse:{transfer.key}", settles=transfer):
            self.reversed.add(transfer.pk)

    @rule(credit=codes, count=cents)
    def fail_halfway(self, credit, count):
        if credit != "state":
            with contextlib.suppress(ZeroDivisionError), transaction.atomic():
                post(
                    "move",
                    debit=self.accounts["state"],
                    credit=self.accounts[credit],
                    amount=from_cents(count),
                    key="lost",
                )
                raise ZeroDivisionError
            for account in self.accounts.values():
                account.refresh_from_db()

    @rule()
    def seal(self):
        self.days += 1
        journal.seal_day(date(2027, 1, 1) + timedelta(days=self.days))

    @invariant()
    def everything_adds_up(self):
        assert dict(Account.objects.values_list("code", "balance")) == self.expected
        assert sum(self.expected.values()) == 0
        assert verify() == Verdict(len(self.posted))


@pytest.mark.django_db
def test_the_ledger_adds_up_whatever_happens():
    assert connection.in_atomic_block
    machine = LedgerMachine.TestCase
    machine.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
    machine().runTest()
