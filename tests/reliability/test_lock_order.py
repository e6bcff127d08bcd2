"""An act that locks rows against the one global order fails in every test that runs it, and deadlocks nowhere."""

from __future__ import annotations

import pytest
from django.db import transaction

from grants.actions import submission
from grants.lifecycle import State
from kit.locks import lock_rank, locked
from people.permissions import permit


def test_an_act_that_locks_a_call_after_its_dossier_fails(world, monkeypatch):
    dossier = world.draft()

    def permit_late(by, name, obj):
        with locked(obj.call):
            permit(by, name, obj)

    monkeypatch.setattr(submission, "permit", permit_late)
    with pytest.raises(RuntimeError, match=r"programmes\.Call .* is locked after grants\.Dossier"):
        submission.submit(dossier=dossier, by=world.signatory(dossier))


def test_the_ranks_go_down_from_the_programme_to_the_order(world):
    from monitoring.models import Claim, PaymentOrder

    dossier = world.dossier(State.CONTRACTED)
    rows = [dossier.programme, dossier.call, dossier.call.envelope, dossier, dossier.agreement]
    ranks = [lock_rank(type(row)) for row in rows] + [lock_rank(Claim), lock_rank(PaymentOrder)]
    assert ranks == sorted(set(ranks))
    with transaction.atomic(), locked(*reversed(rows)) as found:
        assert list(found) == rows[::-1]
        with pytest.raises(RuntimeError, match="is locked after"), locked(world.envelope()):
            pass
