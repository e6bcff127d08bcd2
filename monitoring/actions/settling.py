"""What ends a claim, and how money moves between a claim and a recovery: parts of the acts that pay and certify."""

from __future__ import annotations

from decimal import Decimal

from grants.actions.accounts import account
from grants.models import Dossier
from grants.rules import accounts
from kit import clock
from kit.actors import Actor
from kit.lifecycle import allowed_now, missing
from monitoring.models import Certificate, Claim, ClaimKind, Recovery
from people.acting import as_person
from records.actions import journal, ledger


def stage_of(claim: Claim) -> str:
    """The ledger stage on which the claim's money waits to be ordered."""
    return accounts.ADVANCED if claim.kind == ClaimKind.ADVANCE else accounts.VERIFIED


def settle_if_done(claim: Claim, by: Actor) -> None:
    """Settle the claim when what its certificate says is paid, or claimed back, or nothing.

    A claim that is being checked again after a contest is not settled: its new certificate comes first.
    """
    if not allowed_now(claim, "settle") or missing(claim, "settle"):
        return
    claim.settle()
    claim.save(update_fields=["state"])
    journal.write(by, "claim.settled", claim.dossier, state=claim.state, claim=claim.number)


def claim_back(
    dossier: Dossier, amount: Decimal, why: str, by: Actor, certificate: Certificate | None = None
) -> Recovery:
    """The recovery order of `amount` euros, and its movement in the ledger."""
    recovery = Recovery.objects.create(
        dossier=dossier,
        number=f"TR-{dossier.reference}-{dossier.recoveries.count() + 1:02}",
        amount=amount,
        reason=why,
        certificate=certificate,
        issued_by=as_person(by),
        issued_at=clock.now(),
    )
    ledger.post(
        "claim_back",
        debit=account(accounts.PAID, dossier),
        credit=account(accounts.RECOVERED, dossier),
        amount=amount,
        key=f"claim_back:{recovery.pk}",
    )
    return recovery
