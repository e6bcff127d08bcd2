"""The verification of service fait: each item checked, a certificate issued by one person and approved by another."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _t

from grants.actions.accounts import account
from grants.models import Dossier
from grants.rules import accounts
from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, NotAllowed, Refused
from kit.lifecycle import require
from kit.locks import locked
from kit.money import format_amount
from monitoring import mails
from monitoring.actions.settling import settle_if_done, stage_of
from monitoring.models import Certificate, Claim, ClaimKind, ClaimState, ExpenseItem, ItemCheck
from monitoring.queries import certificates
from people.acting import action, as_person
from people.models import Person
from people.permissions import permit
from programmes.actions import inputs
from programmes.models import Envelope
from records.actions import journal, ledger
from records.models import Account, Transfer
from records.queries.ledger import balance

Verdicts = Mapping[int, tuple[Decimal, str]]


@action("claim.check")
def check_items(*, claim: Claim, verdicts: Verdicts, by: Actor) -> Claim:
    """Accept or reject every expense of the claim: `verdicts` gives, by item key, the euros accepted and why not all.

    One officer checks the whole claim; each check is kept for ever. It may be done again until a certificate is
    approved. Raises `Unmet` when an item has no verdict, `Refused` for an amount above what is claimed or a rejection
    without reason, `NotAllowed` for a person who ordered a payment of the claim.
    """
    with locked(claim.dossier, claim) as (dossier, claim):
        permit(by, "claim.check", dossier)
        person, now = _who_never_paid(by, claim), clock.now()
        require(claim, "record_check", verdicts=verdicts.keys())
        items = list(claim.items.order_by("pk"))
        if set(verdicts) - {item.pk for item in items}:
            raise Refused(_t("One of these expenses belongs to another claim; reload the page."))
        judged = [(item, _judge(item, *verdicts[item.pk])) for item in items]
        _record_check(claim, person)
        ItemCheck.objects.bulk_create(
            ItemCheck(
                item=item,
                version=claim.version,
                accepted=accepted,
                reason=item.reason,
                checked_by=person,
                checked_at=now,
            )
            for item, accepted in judged
        )
        journal.write(
            by,
            "claim.checked",
            dossier,
            state=claim.state,
            claim=claim.number,
            version=claim.version,
            items=[[item.invoice_number, item.claimed, item.accepted, item.reason] for item in items],
        )
    return claim


@action("certificate.issue")
def issue_certificate(*, claim: Claim, deliverables_seen: str, by: Actor) -> Certificate:
    """Issue the certificate of service fait of the claim's version, with what is due by the aid rule (F5, F6).

    Issued again before its approval, it gets new figures and a new issuer. For the final claim `deliverables_seen`
    says what was seen to work. An advance has nothing to check: whoever issues its certificate has checked it.
    """
    with locked(claim.dossier, claim) as (dossier, claim):
        permit(by, "certificate.issue", dossier)
        person = _who_never_paid(by, claim)
        if claim.kind == ClaimKind.ADVANCE and claim.state == ClaimState.SUBMITTED:
            require(claim, "record_check")
            _record_check(claim, person)
        require(claim, "issue")
        final = claim.kind == ClaimKind.FINAL
        seen = inputs.paragraph(deliverables_seen, "deliverables_seen", needed=final)
        certificate = certificates.pending(claim) or Certificate(dossier=dossier, claim=claim, version=claim.version)
        figures = certificates.figures(claim)
        certificate.verified, certificate.verified_total = figures.verified, figures.verified_total
        certificate.due, certificate.to_recover = figures.due, figures.to_recover
        certificate.deliverables_seen, certificate.checked_by_id = seen, _checker(claim)
        certificate.issued_by, certificate.issued_at = person, clock.now()
        certificate.save()
        claim.issue()
        claim.save(update_fields=["state"])
        _journal(by, "certificate.issued", certificate, claim)
        mails.certificate_to_approve(certificate)
    return certificate


@action("certificate.approve")
def approve_certificate(*, certificate: Certificate, by: Actor) -> Certificate:
    """Approve what another person issued: what is due is verified in the ledger, and the beneficiary is told.

    A former certificate of the claim is replaced: what it left to be ordered returns to the commitment first, so that
    the difference alone is due. Raises `Unmet` when the approver may not be this person, `Conflict` when the
    certificate was approved already, or when its figures have moved since it was issued.
    """
    dossier, claim = certificate.dossier, certificate.claim
    with locked(dossier.call.envelope, dossier, claim, certificate) as (envelope, dossier, claim, certificate):
        permit(by, "certificate.approve", dossier)
        if certificate.approved_at is not None or certificate.version != claim.version:
            raise Conflict(_t("This certificate is approved or replaced already; reload the page."))
        person = as_person(by)
        require(claim, "approve", approver=person)
        _check_figures(certificate, certificates.figures(claim))
        replaced = _replace(certificates.in_force(claim), dossier, claim, by)
        now = clock.now()
        certificate.approved_by, certificate.approved_at = person, now
        certificate.save(update_fields=["approved_by", "approved_at"])
        _commit_again(dossier, envelope, certificate)
        ledger.post(
            "advance" if claim.kind == ClaimKind.ADVANCE else "verify",
            debit=account(accounts.COMMITTED, dossier),
            credit=account(stage_of(claim), dossier),
            amount=certificate.due,
            key=f"verify:{certificate.pk}",
        )
        claim.approve()
        claim.certified_at = now
        claim.save(update_fields=["state", "certified_at"])
        for contest in claim.contests.filter(settled_at=None).order_by("pk"):
            contest.settled_at = now
            contest.save(update_fields=["settled_at"])
        _journal(by, "certificate.approved", certificate, claim, replaces=replaced)
        mails.certified(certificate)
        if certificate.due:
            mails.payment_to_order(certificate)
        settle_if_done(claim, by)
    return certificate


@action("dossier.verify_service_fact")
def verify_service_fact(*, dossier: Dossier, by: Actor) -> Dossier:
    """Record that what was promised was done: final expenses certified, services seen in operation."""
    with locked(dossier) as dossier:
        permit(by, "dossier.verify_service_fact", dossier)
        require(dossier, "verify_service_fact")
        former = dossier.state
        dossier.verify_service_fact()
        dossier.verified_at = clock.now()
        dossier.save(update_fields=["state", "verified_at"])
        journal.write(
            by,
            "dossier.service_fact_verified",
            dossier,
            from_state=former,
            to_state=dossier.state,
            services=[[service.name, service.went_live_on] for service in dossier.services.order_by("pk")],
        )
    return dossier


def _who_never_paid(by: Actor, claim: Claim) -> Person:
    """The person who acts. Raises `NotAllowed` for one who ordered a payment of the claim."""
    person = as_person(by)
    if certificates.has_paid(person, claim):
        raise NotAllowed(_t("You ordered a payment of this claim, so another person verifies it."))
    return person


def _judge(item: ExpenseItem, accepted: Decimal, reason: str) -> Decimal:
    """Write a verdict on the item; the euros accepted. Raises `Refused` for one that cannot be."""
    item.accepted = amount = inputs.amount(accepted, f"accepted_{item.pk}")
    item.reason = inputs.line(reason, f"reason_{item.pk}", longest=300, needed=False)
    if amount > item.claimed:
        raise Refused(
            _t("Invoice {number}: accept {claimed} at most, which is what was claimed.").format(
                number=item.invoice_number, claimed=format_amount(item.claimed)
            ),
            field=f"accepted_{item.pk}",
        )
    if amount < item.claimed and not item.reason:
        raise Refused(
            _t("Invoice {number}: say why not all of it is accepted.").format(number=item.invoice_number),
            field=f"reason_{item.pk}",
        )
    item.save(update_fields=["accepted", "reason"])
    return amount


def _record_check(claim: Claim, person: Person) -> None:
    claim.record_check()
    claim.checked_by, claim.checked_at = person, clock.now()
    claim.save(update_fields=["state", "checked_by", "checked_at"])


def _checker(claim: Claim) -> int:
    if claim.checked_by_id is None:  # a constraint ties it to the state
        raise ValueError(f"{claim} was not checked.")
    return claim.checked_by_id


def _check_figures(certificate: Certificate, now: certificates.Figures) -> None:
    issued = (certificate.verified, certificate.verified_total, certificate.due, certificate.to_recover)
    if issued != (now.verified, now.verified_total, now.due, now.to_recover):
        raise Conflict(_t("Payments have moved since this certificate was issued; issue it again."))


def _replace(former: Certificate | None, dossier: Dossier, claim: Claim, by: Actor) -> int | None:
    """End the former certificate: what nobody ordered returns to the commitment, an open recovery is given up."""
    if former is None:
        return None
    ledger.post(
        "unverify",
        debit=account(stage_of(claim), dossier),
        credit=account(accounts.COMMITTED, dossier),
        amount=certificates.returnable(former),
        key=f"unverify:{former.pk}",
        settles=Transfer.objects.filter(key=f"verify:{former.pk}").first(),
    )
    recovery = certificates.open_recovery(former)
    if recovery is not None:
        recovery.cancelled_at = clock.now()
        recovery.save(update_fields=["cancelled_at"])
        ledger.post(
            "give_up",
            debit=account(accounts.RECOVERED, dossier),
            credit=account(accounts.PAID, dossier),
            amount=recovery.amount,
            key=f"give_up:{recovery.pk}",
            settles=Transfer.objects.get(key=f"claim_back:{recovery.pk}"),
        )
        journal.write(by, "recovery.cancelled", dossier, recovery=recovery.number, amount=recovery.amount)
    former.superseded_at = clock.now()
    former.save(update_fields=["superseded_at"])
    return former.version


def _commit_again(dossier: Dossier, envelope: Envelope, certificate: Certificate) -> None:
    """Commit once more what came back to the envelope by a recovery that the new certificate undoes.

    Raises `Overdraft` when the envelope no longer holds it.
    """
    lacking = certificate.due - balance(accounts.code(accounts.COMMITTED, dossier))
    if lacking > 0:
        ledger.post(
            "commit_again",
            debit=Account.objects.get(pk=envelope.account_id),
            credit=account(accounts.COMMITTED, dossier),
            amount=lacking,
            key=f"commit_again:{certificate.pk}",
        )


def _journal(by: Actor, act: str, certificate: Certificate, claim: Claim, **data: Any) -> None:
    journal.write(
        by,
        act,
        claim.dossier,
        state=claim.state,
        claim=claim.number,
        version=certificate.version,
        verified=certificate.verified,
        verified_total=certificate.verified_total,
        due=certificate.due,
        to_recover=certificate.to_recover,
        **data,
    )
