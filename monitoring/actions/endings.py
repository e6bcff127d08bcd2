"""How a dossier ends after its agreement: closed, or cancelled with its recovery in the same act."""

from __future__ import annotations

from decimal import Decimal

from grants.actions.accounts import account
from grants.actions.submission import tell_release
from grants.models import Dossier
from grants.rules import accounts
from kit import clock
from kit.actors import Actor
from kit.lifecycle import require
from kit.locks import locked
from monitoring import mails
from monitoring.actions.settling import claim_back
from people.acting import action
from people.permissions import permit
from programmes.actions import inputs
from programmes.models import Decision
from records.actions import journal, ledger
from records.models import Account
from records.queries.ledger import balance

UNSPENT = (accounts.COMMITTED, accounts.ADVANCED, accounts.VERIFIED)


@action("dossier.close")
def close(*, dossier: Dossier, by: Actor) -> Dossier:
    """Close the dossier: a year of use is reported and accepted for every service, and nothing is owed."""
    with locked(dossier) as dossier:
        permit(by, "dossier.close", dossier)
        require(dossier, "close")
        former = dossier.state
        dossier.close()
        dossier.ended_at = clock.now()
        dossier.save(update_fields=["state", "ended_at"])
        journal.write(by, "dossier.closed", dossier, from_state=former, to_state=dossier.state)
        mails.closed(dossier)
    return dossier


@action("dossier.cancel")
def cancel(*, dossier: Dossier, decision: Decision | None, reason: str, by: Actor) -> Dossier:
    """End the agreement early by a decision: the remainder is released, and what was paid is claimed back at once.

    Raises `Unmet` without decision or reason, or while a payment is on its way.
    """
    with locked(dossier.call.envelope, dossier) as (envelope, dossier):
        permit(by, "dossier.cancel", dossier)
        require(dossier, "cancel", decision=decision, reason=reason)
        why, former = inputs.paragraph(reason, "reason"), dossier.state
        dossier.cancel()
        dossier.ended_at, dossier.decision_reasons = clock.now(), why
        dossier.save(update_fields=["state", "ended_at", "decision_reasons"])
        released = _release(dossier, Account.objects.get(pk=envelope.account_id))
        paid = balance(accounts.code(accounts.PAID, dossier))
        recovery = claim_back(dossier, paid, why, by) if paid else None
        journal.write(
            by,
            "dossier.cancelled",
            dossier,
            from_state=former,
            to_state=dossier.state,
            reason=why,
            decision="" if decision is None else decision.reference,
            released=released,
            recovery="" if recovery is None else recovery.number,
            claimed_back=paid,
        )
        mails.cancelled(dossier, recovery)
        if released:
            tell_release(dossier)
    return dossier


def _release(dossier: Dossier, envelope: Account) -> Decimal:
    """Return to the envelope what was committed and not paid; the sum, in euros."""
    released = Decimal("0.00")
    for stage in UNSPENT:
        left = balance(accounts.code(stage, dossier))
        ledger.post(
            "release",
            debit=account(stage, dossier),
            credit=envelope,
            amount=left,
            key=f"cancel:{stage}:{dossier.pk}",
        )
        released += left
    return released
