"""Deliberation: what a meeting decided takes effect, one dossier at a time."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _t

from grants.actions import appeals, awards
from grants.models import Award, Dossier
from kit import clock
from kit.actors import Actor
from kit.errors import Refused
from kit.lifecycle import require
from kit.locks import locked
from people.acting import action
from people.permissions import permit
from records.actions import journal
from selection import mails
from selection.models import DossierDecision, Outcome
from selection.queries import deliberation


@action("dossier.select")
def select(*, dossier: Dossier, decision: DossierDecision, by: Actor) -> Award:
    """Retain `dossier` as the committee decided, and reserve its grant (formula F2).

    Raises `NotAllowed`, `Unmet` (with every missing requirement at once) or `Busy` (another act holds the envelope).
    """
    with locked(dossier.call.envelope, dossier, decision) as (_envelope, dossier, decision):
        permit(by, "dossier.select", dossier)
        require(dossier, "select", decision=decision, outcome=Outcome.SELECT)
        was = dossier.state
        award = awards.reserve(dossier=dossier, decision=decision.decision, by=by)
        dossier.select()
        _decided(dossier, decision)
        _journal(by, "dossier.selected", dossier, decision, was, amount=award.amount)
        mails.selected(dossier, award)
    return award


@action("dossier.place_on_reserve")
def place_on_reserve(*, dossier: Dossier, decision: DossierDecision, by: Actor) -> Dossier:
    """Place `dossier` on the call's reserve list, at the rank that the committee gave it. Raises `Unmet`."""
    with locked(dossier.call, dossier, decision) as (_call, dossier, decision):
        permit(by, "dossier.place_on_reserve", dossier)
        require(dossier, "place_on_reserve", decision=decision, outcome=Outcome.RESERVE)
        if deliberation.reserve_list(dossier.call_id).filter(reserve_rank=decision.rank).exists():
            raise Refused(_t("Another application of the call has this rank on the reserve list."), field="rank")
        was = dossier.state
        dossier.place_on_reserve()
        dossier.reserve_rank = decision.rank
        _decided(dossier, decision)
        _journal(by, "dossier.placed_on_reserve", dossier, decision, was, rank=decision.rank)
        mails.placed_on_reserve(dossier, decision)
    return dossier


@action("dossier.reject")
def reject(*, dossier: Dossier, decision: DossierDecision, by: Actor) -> Dossier:
    """Do not retain `dossier`, for the committee's reasons; the letter is queued in the same act. Raises `Unmet`."""
    with locked(dossier, decision) as (dossier, decision):
        permit(by, "dossier.reject", dossier)
        require(dossier, "reject", decision=decision, outcome=Outcome.REJECT, reasons=decision.reasons)
        was = dossier.state
        dossier.reject()
        dossier.reserve_rank = None
        _decided(dossier, decision)
        _journal(by, "dossier.rejected", dossier, decision, was)
        mails.rejected(dossier, decision)
    return dossier


@action("dossier.reconsider")
def reconsider(*, dossier: Dossier, by: Actor) -> Dossier:
    """Open the dossier again on the appeal filed in time: a later meeting decides; what was decided stays on record.

    Raises `Unmet` without an open appeal.
    """
    with locked(dossier) as dossier:
        permit(by, "dossier.reconsider", dossier)
        require(dossier, "reconsider")
        settled = appeals.settle(dossier=dossier, by=by)
        was = dossier.state
        dossier.reconsider()
        dossier.decided_at, dossier.decision_reasons, dossier.reserve_rank = None, "", None
        dossier.save(update_fields=["state", "decided_at", "decision_reasons", "reserve_rank"])
        journal.write(
            by,
            "dossier.reconsidered",
            dossier,
            from_state=was,
            to_state=dossier.state,
            appeals=[item.filed_at for item in settled],
        )
        for item in settled:
            mails.appeal_settled(dossier, item)
    return dossier


def propose_next(dossier: Dossier) -> Dossier | None:
    """After `dossier` was withdrawn: propose the first of the call's reserve list to the secretary, if any waits."""
    first = deliberation.reserve_list(dossier.call_id).first()
    if first is not None:
        mails.reserve_proposed(first, f"{first.pk}:after:{dossier.pk}")
    return first


def _decided(dossier: Dossier, decision: DossierDecision) -> None:
    """Keep when and why, on the dossier and on the decision, which takes effect once."""
    now = clock.now()
    dossier.decided_at, dossier.decision_reasons = now, decision.reasons
    dossier.save(update_fields=["state", "decided_at", "decision_reasons", "reserve_rank"])
    if decision.applied_at is None:
        decision.applied_at = now
        decision.save(update_fields=["applied_at"])


def _journal(by: Actor, act: str, dossier: Dossier, decision: DossierDecision, was: str, **data: Any) -> None:
    journal.write(
        by,
        act,
        dossier,
        from_state=was,
        to_state=dossier.state,
        reason=decision.reasons,
        decision=decision.reference,
        **data,
    )
