"""Two committees cannot spend the same euro: eight acts at once on PostgreSQL, and a control that overspends."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from grants.actions import awards
from grants.models import Award, Dossier
from kit.errors import Busy, EscalierError
from records.models import Account
from records.queries import journal, ledger
from selection.actions import assessment, deliberation
from selection.models import Assessment
from selection.queries.verification import first_wrong_row
from tests.world_selection import SelectionWorld, balances, marks

AT_ONCE = 8
ENVELOPE, GRANT = Decimal(20000), Decimal(18104)

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("postgres")]


@pytest.fixture
def world(postgres, transactional_db, morning) -> SelectionWorld:
    return SelectionWorld()


def race(acts: list[Callable[[], Any]]) -> list[str]:
    """Run the acts at once, each on a connection of its own; how each ended."""
    barrier, outcomes = threading.Barrier(len(acts)), ["lost"] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=20)
            _patiently(act)
            outcomes[place] = "done"
        except EscalierError:
            outcomes[place] = "refused"
        finally:
            connection.close()

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(run, place, act))
        for place, act in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


def _patiently(act: Callable[[], Any]) -> None:
    """Do as the sentence of `Busy` says: try again."""
    for _try in range(10):
        try:
            act()
            return
        except Busy:
            continue
    raise Busy


def selections(world: SelectionWorld) -> Iterator[tuple[Dossier, Callable[[], Any]]]:
    """Eight dossiers, each decided by a committee of its own, of which the envelope pays one."""
    for _ in range(AT_ONCE):
        committee = world.sit(world.members)
        dossier = world.dossier()
        world.score(dossier)
        decision = world.decision(dossier, meeting=world.meeting(committee=committee))

        def act(dossier: Dossier = dossier, decision: Any = decision) -> Award:
            return deliberation.select(dossier=dossier, decision=decision, by=world.secretary)

        yield dossier, act


def test_two_committees_cannot_spend_the_same_euro(world):
    dossiers, acts = zip(*selections(world), strict=True)
    outcomes = race(list(acts))
    assert sorted(outcomes) == ["done"] + ["refused"] * (AT_ONCE - 1)
    assert balances(world.envelope, *dossiers) == {"available": ENVELOPE - GRANT, "reserved": GRANT}
    assert Award.objects.aggregate(total=Sum("amount"))["total"] == GRANT
    assert ledger.verify().sound
    assert journal.verify().sound


def test_without_the_envelope_s_lock_the_ledger_still_refuses(world, monkeypatch):
    """The second line of defence: the account's own lock, under the envelope's."""
    from contextlib import contextmanager

    @contextmanager
    def unlocked(*objects: Any) -> Iterator[Any]:
        fresh = tuple(type(item)._base_manager.get(pk=item.pk) for item in objects)
        yield fresh[0] if len(fresh) == 1 else fresh

    monkeypatch.setattr(deliberation, "locked", unlocked)
    monkeypatch.setattr(awards, "locked", unlocked)
    dossiers, acts = zip(*selections(world), strict=True)
    outcomes = race(list(acts))
    assert outcomes.count("done") == 1
    assert balances(world.envelope, *dossiers) == {"available": ENVELOPE - GRANT, "reserved": GRANT}


def test_control_reading_then_writing_spends_the_same_euro_twice(world):
    """What the locks are for: the same race, read-check-write, is expected to overspend."""
    account, read = world.envelope.account_id, threading.Barrier(AT_ONCE)
    spent: list[Decimal] = []

    def naive() -> None:
        with transaction.atomic():
            left = Account.objects.get(pk=account).balance
            read.wait(timeout=20)
            if left >= GRANT:
                Account.objects.filter(pk=account).update(balance=left - GRANT)
                spent.append(GRANT)

    assert race([naive] * AT_ONCE) == ["done"] * AT_ONCE
    assert sum(spent) == GRANT * AT_ONCE
    assert sum(spent) > ENVELOPE
    assert not ledger.verify().sound


def test_scorecards_filed_at_once_are_all_counted(world):
    others = [world.person(f"Expert {number}", "committee_member") for number in range(AT_ONCE)]
    world.sit(others)
    dossier = world.dossier()
    world.assign(dossier, *others)

    def filed(person: Any, mark: int) -> Callable[[], Any]:
        return lambda: assessment.file_scorecard(dossier=dossier, values=marks(mark), comment="", by=person)

    outcomes = race([filed(person, place) for place, person in enumerate(others)])
    assert outcomes == ["done"] * AT_ONCE
    kept = Assessment.objects.get(dossier=dossier)
    assert (kept.scorecards, kept.mean) == (AT_ONCE, Decimal("17.5000"))
    assert first_wrong_row() == (AT_ONCE + 1, None)


def test_one_scorecard_sent_twice_counts_once(world):
    dossier = world.dossier()
    world.assign(dossier)
    member = world.members[0]

    def filed() -> Any:
        return assessment.file_scorecard(dossier=dossier, values=marks(12), comment="", by=member)

    assert race([filed] * 2) == ["done", "done"]
    assert Assessment.objects.get().scorecards == 1


def test_days_of_advice_are_ordered_within_the_contract(world):
    from selection.actions import advice

    contract = world.framework("3")

    def ordered(dossier: Dossier) -> Callable[[], Any]:
        return lambda: advice.open_mission(
            dossier=dossier, contract=contract, adviser=world.adviser, days=Decimal(2), purpose="X", by=world.officer
        )

    outcomes = race([ordered(world.dossier()) for _ in range(AT_ONCE)])
    assert sorted(outcomes) == ["done"] + ["refused"] * (AT_ONCE - 1)
    assert contract.days_left == Decimal(1)
