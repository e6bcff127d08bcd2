"""The ledger: exact movements, and what every kind of tampering leaves behind."""

import contextlib
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, transaction

from kit.errors import Busy, Conflict
from records.actions import journal, ledger
from records.actions.ledger import Overdraft, open_account, post
from records.models import Account, Transfer
from records.queries.ledger import balance, transfers, verify
from records.rules.chain import Verdict

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)


@pytest.fixture
def accounts():
    """The State, an envelope and what is reserved in it."""
    return (
        open_account("state", "source", may_overdraw=True),
        open_account("envelope", "available"),
        open_account("reserved", "reserved"),
    )


@pytest.fixture
def three(accounts):
    """1,000 € voted, of which 300 € and 200.50 € are reserved."""
    state, envelope, reserved = accounts
    return [
        post("vote", debit=state, credit=envelope, amount=Decimal(1000), key="vote"),
        post("reserve", debit=envelope, credit=reserved, amount=Decimal(300), key="one"),
        post("reserve", debit=envelope, credit=reserved, amount=Decimal("200.50"), key="two"),
    ]


def test_a_transfer_moves_money_from_debit_to_credit(accounts, three):
    assert [(account.code, account.balance) for account in accounts] == [
        ("state", Decimal("-1000.00")),
        ("envelope", Decimal("499.50")),
        ("reserved", Decimal("500.50")),
    ]
    assert {code: balance(code) for code in ("state", "envelope", "reserved", "unknown")} == {
        "state": Decimal("-1000.00"),
        "envelope": Decimal("499.50"),
        "reserved": Decimal("500.50"),
        "unknown": Decimal("0.00"),
    }
    assert [transfer.key for transfer in transfers("reserved")] == ["one", "two"]
    assert [transfer.seq for transfer in transfers("envelope")] == [1, 1, 2]
    assert verify() == Verdict(3)


def test_nothing_is_spent_twice(accounts, three):
    _state, envelope, reserved = accounts
    with pytest.raises(Overdraft) as refusal:
        post("reserve", debit=envelope, credit=reserved, amount=Decimal("499.51"), key="three")
    assert "envelope" in str(refusal.value)
    assert (balance("envelope"), Transfer.objects.count()) == (Decimal("499.50"), 3)


def test_the_database_refuses_an_overdraft_by_itself(accounts, three):
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(code="envelope").update(balance=Decimal("-0.01"))
    assert Account.objects.filter(code="state").update(balance=Decimal("-5000")) == 1


def test_a_key_moves_money_once(accounts, three):
    state, envelope, reserved = accounts
    again = post("reserve", debit=envelope, credit=reserved, amount=Decimal("300.00"), key="one")
    assert (again, balance("reserved"), Transfer.objects.count()) == (three[1], Decimal("500.50"), 3)
    for other in (
        {"kind": "vote"},
        {"debit": state},
        {"credit": state},
        {"amount": Decimal(301)},
        {"settles": three[0]},
    ):
        asked = {
            "kind": "reserve",
            "debit": envelope,
            "credit": reserved,
            "amount": Decimal(300),
            "key": "one",
            **other,
        }
        with pytest.raises(Conflict):
            post(asked.pop("kind"), **asked)


def test_a_transfer_is_settled_once(accounts, three):
    _state, envelope, reserved = accounts
    back = post("release", debit=reserved, credit=envelope, amount=Decimal(300), key="back", settles=three[1])
    assert (back.settles, balance("reserved")) == (three[1], Decimal("200.50"))
    with pytest.raises(Conflict):
        post("release", debit=reserved, credit=envelope, amount=Decimal(100), key="again", settles=three[1])
    assert verify() == Verdict(4)


def test_zero_moves_nothing_and_what_is_no_movement_is_an_error(accounts):
    state, envelope, _reserved = accounts
    assert post("vote", debit=state, credit=envelope, amount=Decimal(0), key="zero") is None
    for wrong in ({"amount": Decimal(-1)}, {"credit": state}, {"amount": Decimal("0.001")}):
        with pytest.raises(ValueError):
            post("vote", **{"debit": state, "credit": envelope, "amount": Decimal(1), "key": "x", **wrong})
    assert Transfer.objects.count() == 0


def test_an_account_is_opened_once_for_one_use(accounts):
    assert open_account("envelope", "available") == accounts[1]
    with pytest.raises(Conflict):
        open_account("envelope", "reserved")
    with pytest.raises(Conflict):
        open_account("envelope", "available", may_overdraw=True)


def test_an_act_that_fails_moves_nothing(accounts, three):
    _state, envelope, reserved = accounts
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        post("reserve", debit=envelope, credit=reserved, amount=Decimal(1), key="lost")
        raise ZeroDivisionError
    assert (balance("envelope"), verify()) == (Decimal("499.50"), Verdict(3))


def first_bad():
    """What `verify_ledger` says, and that it exits 1 saying it."""
    output, errors = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_ledger", stdout=output, stderr=errors)
    assert (ended.value.code, output.getvalue()) == (1, "")
    return errors.getvalue().strip()


def test_a_sound_ledger_is_counted(three, capsys):
    journal.seal_day(DAY)
    call_command("verify_ledger")
    assert capsys.readouterr().out == "3 transfers verified\n"


@pytest.mark.parametrize(
    "change",
    [
        "amount = 1",
        "kind = 'x'",
        "credit_id = (SELECT id FROM records_account WHERE code = 'state')",
        "settles_id = (SELECT id FROM records_transfer WHERE key = 'vote')",
        "occurred_at = '2001-01-01 00:00:00+00:00'",
        "digest = 'x'",
    ],
)
def test_a_row_altered_is_found(three, tamper, change):
    tamper(f"UPDATE records_transfer SET {change} WHERE key = 'one'")
    assert first_bad() == "transfer one (envelope #1): its content does not match its digest"


def test_a_row_deleted_is_found(three, tamper):
    tamper("DELETE FROM records_transfer WHERE key = 'one'")
    assert first_bad() == "transfer two (envelope #2): row 1 is missing before it"


def test_rows_reordered_are_found(three, tamper):
    tamper(
        "UPDATE records_transfer SET seq = 99 WHERE key = 'one'",
        "UPDATE records_transfer SET seq = 1 WHERE key = 'two'",
        "UPDATE records_transfer SET seq = 2 WHERE key = 'one'",
    )
    assert first_bad() == "transfer two (envelope #1): its content does not match its digest"


def test_a_ledger_cut_off_is_found(three, tamper):
    tamper("DELETE FROM records_transfer WHERE key = 'two'")
    assert first_bad() == "account envelope: its head says 2 debits, its rows end at 1"


def hide_the_tail(tamper):
    """Remove the last transfer and set both accounts back to what they were before it."""
    digest = Transfer.objects.get(key="one").digest
    tamper(
        "DELETE FROM records_transfer WHERE key = 'two'",
        f"UPDATE records_account SET debit_count = 1, debit_digest = '{digest}' WHERE code = 'envelope'",
        "UPDATE records_account SET balance = 70000 WHERE code = 'envelope'",
        "UPDATE records_account SET balance = 30000, credit_count = 1 WHERE code = 'reserved'",
    )


def test_a_tail_hidden_in_the_accounts_too_is_found_by_the_seal(three, tamper):
    journal.seal_day(DAY)
    hide_the_tail(tamper)
    assert first_bad() == "account reserved: credits that were sealed are missing"
    Account.objects.filter(code="reserved").update(credit_count=2)
    assert first_bad() == "account reserved: its head says 2 credits, its rows are 1"


def test_a_tail_hidden_and_replaced_is_found_by_the_seal(accounts, three, tamper):
    journal.seal_day(DAY)
    hide_the_tail(tamper)
    post("reserve", debit=accounts[1], credit=accounts[2], amount=Decimal("200.50"), key="other")
    assert first_bad() == "transfer other (envelope #2): it is not the row that was sealed"


def test_a_debit_hidden_from_a_credit_that_was_replaced_is_found(accounts, three, tamper):
    journal.seal_day(DAY)
    hide_the_tail(tamper)
    post("vote", debit=accounts[0], credit=accounts[2], amount=Decimal("200.50"), key="other")
    assert first_bad() == "account envelope: its debit #2 was sealed and is missing"


def test_an_account_that_vanished_is_found(accounts, three, tamper):
    journal.seal_day(DAY)
    tamper("DELETE FROM records_transfer", "DELETE FROM records_account")
    assert first_bad() == "account envelope: its debit #2 was sealed and is missing"


@pytest.mark.parametrize(
    "change, fault",
    [
        ({"balance": 1}, "its balance is 1.00, its transfers make 500.50"),
        ({"credit_count": 3}, "its head says 3 credits, its rows are 2"),
        ({"debit_count": 3}, "its head says 3 debits, its rows end at 0"),
    ],
)
def test_a_kept_figure_altered_is_found(three, change, fault):
    Account.objects.filter(code="reserved").update(**change)
    assert first_bad() == f"account reserved: {fault}"


def test_an_account_renamed_is_found(three):
    Account.objects.filter(code="reserved").update(code="pocket")
    assert first_bad() == "transfer one (envelope #1): its content does not match its digest"


def test_a_bad_seal_is_named(three, tamper):
    journal.seal_day(DAY)
    tamper("""UPDATE records_journalseal SET heads = '{"journal": {}, "accounts": {}}'""")
    assert first_bad() == "seal #1 of 2027-03-01: its content does not match its digest"


def test_busy_rows_are_said_to_be_busy(accounts, monkeypatch):
    for message, error in (("database is locked", Busy), ("disk I/O error", OperationalError)):

        class Manager:
            def select_for_update(self, message=message, **_):
                raise OperationalError(message)

        with monkeypatch.context() as patched:
            patched.setattr(ledger.Account, "objects", Manager())
            with pytest.raises(error):
                post("vote", debit=accounts[0], credit=accounts[1], amount=Decimal(1), key="k")


def test_rows_have_names(accounts, three):
    assert (str(accounts[0]), str(three[0])) == ("state", "vote 1000.00 (vote)")
