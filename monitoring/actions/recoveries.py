"""Recovery orders: what was paid too much is claimed back, and returns to the envelope when it comes in (F6, F8)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _t

from grants.actions.accounts import account
from grants.models import Dossier
from grants.rules import accounts
from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, Refused, Unmet
from kit.locks import locked
from kit.money import format_amount
from monitoring import mails
from monitoring.actions.settling import claim_back, settle_if_done
from monitoring.models import Certificate, Recovery
from people.acting import action, as_person
from people.permissions import permit
from programmes.actions import inputs
from records.actions import journal, ledger
from records.models import Account
from records.queries.ledger import balance


@action("recovery.issue")
def issue_recovery(*, certificate: Certificate, by: Actor, dossier: Dossier | None = None) -> Recovery:
    """Claim back what a certificate in force shows was paid too much (F6).

    `dossier`, where it is given, must be the certificate's. Raises `Conflict` when it was done already or another
    certificate has replaced this one, `Refused` when nothing is to be claimed back.
    """
    if dossier is not None and dossier.pk != certificate.dossier_id:
        raise Refused(_t("This certificate belongs to another application; reload the page."))
    with locked(certificate.dossier, certificate.claim, certificate) as (dossier, claim, certificate):
        permit(by, "recovery.issue", dossier)
        if certificate.approved_at is None or certificate.superseded_at is not None:
            raise Conflict(_t("This certificate is not approved, or another one has replaced it; reload the page."))
        if Recovery.objects.live().filter(certificate=certificate).exists():
            raise Conflict(_t("This sum is claimed back already."))
        if not certificate.to_recover:
            raise Refused(_t("Nothing is to be claimed back after this certificate."))
        if balance(accounts.code(accounts.PAID, dossier)) < certificate.to_recover:
            raise Unmet(
                [
                    _t("Less than {amount} was paid so far; settle what is under way first.").format(
                        amount=format_amount(certificate.to_recover)
                    )
                ]
            )
        why = _t("The verified expenses give a right to less than what was paid.")
        recovery = claim_back(dossier, certificate.to_recover, why, by, certificate)
        journal.write(
            by,
            "recovery.issued",
            dossier,
            recovery=recovery.number,
            amount=recovery.amount,
            claim=claim.number,
            version=certificate.version,
        )
        mails.recovery_issued(recovery)
        settle_if_done(claim, by)
    return recovery


@action("recovery.record")
def record_recovery(*, recovery: Recovery, received_on: date, by: Actor) -> Recovery:
    """Record that the sum claimed back came in on a day; it returns to the envelope."""
    with locked(recovery.dossier.call.envelope, recovery.dossier, recovery) as (envelope, dossier, recovery):
        permit(by, "recovery.record", dossier)
        if recovery.received_on is not None or recovery.cancelled_at is not None:
            raise Conflict(_t("This sum has come in, or is no longer claimed back; reload the page."))
        came_on = inputs.day(received_on, "received_on")
        if not recovery.issued_at.astimezone(clock.PARIS).date() <= came_on <= clock.today():
            raise Refused(
                _t("Give the day the sum came in: not before the recovery, not in the future."), "received_on"
            )
        recovery.received_on, recovery.recorded_by, recovery.recorded_at = came_on, as_person(by), clock.now()
        recovery.save(update_fields=["received_on", "recorded_by", "recorded_at"])
        ledger.post(
            "recover",
            debit=account(accounts.RECOVERED, dossier),
            credit=Account.objects.get(pk=envelope.account_id),
            amount=recovery.amount,
            key=f"recover:{recovery.pk}",
        )
        journal.write(
            by,
            "recovery.received",
            dossier,
            recovery=recovery.number,
            amount=recovery.amount,
            received_on=came_on,
        )
        mails.recovery_received(recovery)
    return recovery
