"""Payment orders: issued by a person who verified nothing, executed by the bank, recorded here; then the grant is paid.

The product never pays: it issues orders and records what became of them (TRUST 11).
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _t

from grants.actions.accounts import account
from grants.actions.submission import tell_release
from grants.models import Agreement, BankDetails, Dossier
from grants.queries import bank
from grants.rules import accounts
from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, NotAllowed, Refused, Unmet
from kit.lifecycle import require
from kit.locks import locked
from monitoring import mails
from monitoring.actions.endings import cancel, close
from monitoring.actions.recoveries import issue_recovery, record_recovery
from monitoring.actions.settling import settle_if_done, stage_of
from monitoring.models import Certificate, Claim, OrderState, PaymentOrder
from monitoring.queries import certificates
from people.acting import action, as_person
from people.models import Person
from people.permissions import permit
from programmes.actions import inputs
from records.actions import journal, ledger
from records.models import Account, Transfer
from records.queries.ledger import balance

__all__ = [
    "cancel",
    "close",
    "issue_recovery",
    "order_payment",
    "pay",
    "record_payment",
    "record_recovery",
    "record_refusal",
]


@action("payment.order")
def order_payment(*, certificate: Certificate, by: Actor) -> PaymentOrder:
    """Order the payment of what a certificate in force says is due, to the agreement's confirmed account.

    Nobody types the sum. Raises `NotAllowed` for a person who checked, issued or approved on the claim, `Conflict`
    when it is ordered already or the certificate is replaced, `Unmet` without a confirmed account or a sum due.
    """
    dossier, agreement = certificate.dossier, Agreement.objects.get(dossier=certificate.dossier_id)
    rows = (dossier, agreement, certificate.claim, certificate)
    with locked(*rows) as (dossier, agreement, claim, certificate):
        permit(by, "payment.order", dossier)
        payer = _who_verified_nothing(by, claim)
        if certificate.approved_by is None or certificate.superseded_at is not None:
            raise Conflict(_t("This certificate is not approved, or another one has replaced it; reload the page."))
        if certificates.live_order(certificate) is not None:
            raise Conflict(_t("The payment of this certificate is ordered already."))
        details = _account_to_pay(dossier, agreement, certificate)
        order = PaymentOrder.objects.create(
            dossier=dossier,
            claim=claim,
            certificate=certificate,
            bank_details=details,
            number=f"OP-{dossier.reference}-{dossier.payment_orders.count() + 1:02}",
            amount=certificate.due,
            checker=certificate.checked_by,
            issuer=certificate.issued_by,
            approver=certificate.approved_by,
            payer=payer,
            ordered_at=clock.now(),
        )
        ledger.post(
            "order",
            debit=account(stage_of(claim), dossier),
            credit=account(accounts.ORDERED, dossier),
            amount=order.amount,
            key=f"order:{order.pk}",
        )
        journal.write(
            by,
            "payment.ordered",
            dossier,
            state=order.state,
            order=order.number,
            amount=order.amount,
            claim=claim.number,
            version=certificate.version,
            bank_details=details.pk,
        )
        mails.payment_under_way(order)
    return order


@action("payment.record")
def record_payment(*, order: PaymentOrder, executed_on: date, by: Actor) -> PaymentOrder:
    """Record that the bank paid the order on a day. Raises `Conflict` when its outcome is recorded already."""
    with locked(order.dossier, order.claim, order) as (dossier, claim, order):
        person = _permit_outcome(by, dossier, claim, order)
        paid_on = inputs.day(executed_on, "executed_on")
        if not order.ordered_at.astimezone(clock.PARIS).date() <= paid_on <= clock.today():
            raise Refused(_t("Give the day of the payment: not before the order, not in the future."), "executed_on")
        require(order, "execute")
        order.execute()
        order.executed_on, order.recorded_by, order.recorded_at = paid_on, person, clock.now()
        order.save(update_fields=["state", "executed_on", "recorded_by", "recorded_at"])
        _move(order, dossier, "pay", accounts.PAID)
        journal.write(
            by,
            "payment.recorded",
            dossier,
            state=order.state,
            order=order.number,
            amount=order.amount,
            executed_on=paid_on,
        )
        mails.paid(order)
        settle_if_done(claim, by)
    return order


@action("payment.record")
def record_refusal(*, order: PaymentOrder, reason: str, by: Actor) -> PaymentOrder:
    """Record that the bank refused the order: the sum is due again, and can be ordered again."""
    with locked(order.dossier, order.claim, order) as (dossier, claim, order):
        person = _permit_outcome(by, dossier, claim, order)
        require(order, "refuse", reason=reason)
        order.refuse()
        order.refusal_reason = inputs.line(reason, "reason", longest=300)
        order.recorded_by, order.recorded_at = person, clock.now()
        order.save(update_fields=["state", "refusal_reason", "recorded_by", "recorded_at"])
        _move(order, dossier, "refuse", stage_of(claim))
        journal.write(
            by,
            "payment.refused",
            dossier,
            state=order.state,
            reason=order.refusal_reason,
            order=order.number,
            amount=order.amount,
        )
        mails.payment_refused(order)
    return order


@action("dossier.pay")
def pay(*, dossier: Dossier, by: Actor) -> Dossier:
    """Settle the grant: every claim is settled, and what was committed and not spent returns to the envelope.

    Raises `NotAllowed` for a person who had a hand in any claim's verification, `Unmet` until the balance is paid,
    zero or claimed back.
    """
    with locked(dossier.call.envelope, dossier) as (envelope, dossier):
        permit(by, "dossier.pay", dossier)
        for claim in dossier.claims.order_by("number"):
            _who_verified_nothing(by, claim)
        require(dossier, "pay")
        former, unspent = dossier.state, balance(accounts.code(accounts.COMMITTED, dossier))
        dossier.pay()
        dossier.paid_at = clock.now()
        dossier.save(update_fields=["state", "paid_at"])
        ledger.post(
            "release",
            debit=account(accounts.COMMITTED, dossier),
            credit=Account.objects.get(pk=envelope.account_id),
            amount=unspent,
            key=f"unspent:{dossier.pk}",
        )
        journal.write(
            by,
            "dossier.paid",
            dossier,
            from_state=former,
            to_state=dossier.state,
            paid=balance(accounts.code(accounts.PAID, dossier)),
            released=unspent,
        )
        mails.grant_paid(dossier)
        if unspent:
            tell_release(dossier)
    return dossier


def _who_verified_nothing(by: Actor, claim: Claim) -> Person:
    """The person who acts. Raises `NotAllowed` for one who checked, issued or approved on the claim, in any version."""
    person = as_person(by)
    if person.pk in certificates.hands(claim):
        raise NotAllowed(_t("You checked, issued or approved on this claim, so another paying officer does this."))
    return person


def _permit_outcome(by: Actor, dossier: Dossier, claim: Claim, order: PaymentOrder) -> Person:
    permit(by, "payment.record", dossier)
    person = _who_verified_nothing(by, claim)
    if order.state != OrderState.ORDERED:
        raise Conflict(_t("The outcome of this order is recorded already."))
    return person


def _account_to_pay(dossier: Dossier, agreement: Agreement, certificate: Certificate) -> BankDetails:
    """The agreement's account. Raises `Unmet` when nothing is due, or the account is not the confirmed one."""
    details, missing = bank.confirmed(dossier), []
    if not certificate.due:
        missing.append(_t("Nothing is due on this certificate."))
    if details is None or details.pk != agreement.bank_details_id:
        missing.append(_t("The beneficiary has no confirmed bank account: it confirms one on its page first."))
    if missing or details is None:
        raise Unmet(missing)
    return details


def _move(order: PaymentOrder, dossier: Dossier, kind: str, stage: str) -> None:
    """Move what was ordered to `stage`, which ends the transfer that ordered it."""
    ledger.post(
        kind,
        debit=account(accounts.ORDERED, dossier),
        credit=account(stage, dossier),
        amount=order.amount,
        key=f"{kind}:{order.pk}",
        settles=Transfer.objects.get(key=f"order:{order.pk}"),
    )
