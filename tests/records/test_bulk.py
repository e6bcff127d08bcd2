"""Many acts and movements at once stand under the same digests as those written one by one."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kit.actors import DEMO
from records.actions import journal, ledger
from records.actions.bulk import Act, Move, post_many, write_many
from records.models import Account, JournalEntry, JournalHead, Transfer
from records.queries import journal as told
from records.queries import ledger as books

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 9, tzinfo=UTC)


def act(name: str, chain: str = "thing:1", **more) -> Act:
    return Act.of(DEMO, name, chain, chain, AT, **more)


def move(amount: str, key: str, debit: str = "store", credit: str = "shelf:1", **more) -> Move:
    return Move("move", debit, credit, Decimal(amount), key, AT, **more)


@pytest.fixture
def store() -> Account:
    source = ledger.open_account("source", "source", may_overdraw=True)
    account = ledger.open_account("store", "store")
    ledger.post("fill", debit=source, credit=account, amount=Decimal(100), key="fill")
    return account


class TestWriteMany:
    def test_new_chains_and_standing_ones_are_continued(self) -> None:
        journal.write(DEMO, "thing.made", journal.Subject("thing:1", "thing:1"))

        assert write_many([act("thing.moved"), act("thing.made", "thing:2"), act("thing.sold")]) == 3

        assert [entry.act for entry in told.entries("thing:1")] == ["thing.made", "thing.moved", "thing.sold"]
        assert [(head.chain, head.seq) for head in JournalHead.objects.order_by("chain")] == [
            ("thing:1", 3),
            ("thing:2", 1),
        ]
        assert told.verify() == told.Verdict(4)

    def test_a_chain_goes_on_one_by_one_afterwards(self) -> None:
        write_many([act("thing.made")])
        journal.write(DEMO, "thing.moved", journal.Subject("thing:1", "thing:1"))
        assert told.verify() == told.Verdict(2)

    def test_everything_said_is_kept(self) -> None:
        write_many(
            [
                act(
                    "thing.moved",
                    from_state="here",
                    to_state="there",
                    reason="why",
                    on_behalf="Town",
                    data={"amount": Decimal("1.50")},
                    personal={"name": "Ada"},
                )
            ]
        )
        entry = JournalEntry.objects.select_related("personal").get()
        assert (entry.from_state, entry.to_state, entry.reason, entry.on_behalf) == ("here", "there", "why", "Town")
        assert (entry.data, entry.actor_id, entry.occurred_at) == ({"amount": "1.50"}, "system:demo", AT)
        assert entry.personal.data == {"actor": "demo", "name": "Ada"}

    def test_what_has_no_one_spelling_is_refused(self) -> None:
        with pytest.raises(TypeError):
            write_many([act("thing.moved", data={"share": 0.5})])
        assert JournalEntry.objects.count() == 0

    def test_nothing_is_written_for_nothing(self) -> None:
        assert write_many([]) == 0


class TestPostMany:
    def test_accounts_are_opened_and_balances_kept(self, store: Account) -> None:
        assert post_many([move("60", "a"), move("10", "b", "shelf:1", "shelf:2")], dict.fromkeys(SHELVES, "shelf")) == 2

        assert [books.balance(code) for code in ("store", *SHELVES)] == [Decimal(40), Decimal(50), Decimal(10)]
        assert Account.objects.get(code="shelf:2").kind == "shelf"
        assert books.verify() == told.Verdict(3)

    def test_the_books_go_on_one_by_one_afterwards(self, store: Account) -> None:
        post_many([move("60", "a")], {"shelf:1": "shelf"})
        shelf = Account.objects.get(code="shelf:1")
        ledger.post("back", debit=shelf, credit=store, amount=Decimal(60), key="back")
        assert books.verify() == told.Verdict(3)

    def test_a_movement_may_settle_another_of_the_same_batch_or_an_earlier_one(self, store: Account) -> None:
        post_many(
            [move("60", "a"), move("60", "b", "shelf:1", "shelf:2", settles="a")], dict.fromkeys(SHELVES, "shelf")
        )
        post_many([move("60", "c", "shelf:2", "store", settles="b")], {})

        settled = {row.key: row.settles.key for row in Transfer.objects.filter(settles__isnull=False)}
        assert settled == {"b": "a", "c": "b"}
        assert books.verify() == told.Verdict(4)

    def test_no_account_goes_below_zero_even_for_a_moment(self, store: Account) -> None:
        with pytest.raises(ledger.Overdraft):
            post_many([move("60", "a"), move("60", "b")], {"shelf:1": "shelf"})
        assert Transfer.objects.count() == 1

    def test_an_account_that_nobody_named_is_refused(self, store: Account) -> None:
        with pytest.raises(LookupError):
            post_many([move("60", "a")], {})


SHELVES = ("shelf:1", "shelf:2")
