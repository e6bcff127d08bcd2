"""Mails about claims and their verification: received, to check, to approve, certified, contested."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _t

from grants.mails import applicants, page
from kit.money import format_amount
from kit.text import format_date, format_datetime
from monitoring.mails.sending import send, staff
from monitoring.models import Certificate, Claim, ClaimKind, Contest, ExpenseItem
from monitoring.queries import certificates, deadlines
from people.models import Role

ZERO = Decimal("0.00")


def claim_received(claim: Claim) -> None:
    """The beneficiary's receipt of a claim."""
    dossier = claim.dossier

    def written() -> tuple[str, str]:
        subject = _t("{reference}: payment claim no. {number} received")
        text = _t(
            "Claim no. {number} ({kind}) for “{title}” was received on {instant} (Paris time).\n\n"
            "Amount claimed: {amount}\n\nAn officer checks each expense; two persons certify the result, and you are "
            "told what is accepted:\n{link}"
        )
        advance = _t(
            "Claim no. {number} ({kind}) for “{title}” was received on {instant} (Paris time).\n\n"
            "Two persons certify the advance, then it is paid:\n{link}"
        )
        return subject.format(reference=dossier.reference, number=claim.number), (
            advance if claim.kind == ClaimKind.ADVANCE else text
        ).format(
            number=claim.number,
            kind=claim.get_kind_display(),
            title=dossier.title,
            instant="" if claim.submitted_at is None else format_datetime(claim.submitted_at),
            amount=format_amount(claim.claimed),
            link=page(dossier),
        )

    send("claim_received", dossier, applicants(dossier), str(claim.pk), written)


def claim_to_check(claim: Claim) -> None:
    """To the instructing service: a claim waits."""
    dossier = claim.dossier

    def written() -> tuple[str, str]:
        return _t("{reference}: claim no. {number} to check").format(
            reference=dossier.reference, number=claim.number
        ), _t("{organisation} filed claim no. {number} ({kind}) for “{title}”.\n\nCheck its expenses:\n{link}").format(
            organisation=dossier.applicant,
            number=claim.number,
            kind=claim.get_kind_display(),
            title=dossier.title,
            link=page(dossier),
        )

    send("claim_to_check", dossier, staff(dossier, Role.INSTRUCTING_OFFICER), str(claim.pk), written)


def claim_contested(contest: Contest) -> None:
    """To the instructing service: a rejection is contested, and the claim is checked again."""
    dossier, claim = contest.dossier, contest.claim

    def written() -> tuple[str, str]:
        return _t("{reference}: the check of claim no. {number} is contested").format(
            reference=dossier.reference, number=claim.number
        ), _t(
            "{organisation} contests what was rejected in claim no. {number}:\n\n{text}\n\nCheck it again:\n{link}"
        ).format(organisation=dossier.applicant, number=claim.number, text=contest.text, link=page(dossier))

    send("claim_contested", dossier, staff(dossier, Role.INSTRUCTING_OFFICER), str(contest.pk), written)


def certificate_to_approve(certificate: Certificate) -> None:
    """To those who may approve: another officer, or the manager where the service has one officer only."""
    dossier = certificate.dossier

    def written() -> tuple[str, str]:
        return _t("{reference}: a certificate to approve").format(reference=dossier.reference), _t(
            "The certificate of claim no. {number} for “{title}” is issued: {verified} verified, {due} due.\n\n"
            "Another person than the one who issued it approves it:\n{link}"
        ).format(
            number=certificate.claim.number,
            title=dossier.title,
            verified=format_amount(certificate.verified),
            due=format_amount(certificate.due),
            link=page(dossier),
        )

    to = certificates.other_officers(certificate) or staff(dossier, Role.PROGRAMME_MANAGER)
    key = f"{certificate.pk}:{certificate.issued_at.isoformat()}"
    send("certificate_to_approve", dossier, to, key, written)


def certified(certificate: Certificate) -> None:
    """To the beneficiary: what is accepted and rejected, why, what is due, and how to contest."""
    dossier, claim = certificate.dossier, certificate.claim
    items = list(claim.items.order_by("pk"))
    rejected = sum((item.rejected for item in items), ZERO)
    over = deadlines.contest_ends_at(claim)

    def written() -> tuple[str, str]:
        subject = _t("{reference}: claim no. {number} is certified")
        parts = [
            _t("Claim no. {number} for “{title}” is checked and certified.").format(
                number=claim.number, title=dossier.title
            ),
            _figures(certificate, rejected),
        ]
        if rejected and over is not None:
            parts.append(_t("What was rejected, and why:") + "\n" + "\n".join(map(_rejection, items_rejected)))
            parts.append(
                _t("If you do not agree, contest it until {day}, included, on the page of the application.").format(
                    day=format_date(deadlines.last_day(over))
                )
            )
        parts.append(page(dossier))
        return subject.format(reference=dossier.reference, number=claim.number), "\n\n".join(parts)

    items_rejected = [item for item in items if item.rejected]
    send("certified", dossier, applicants(dossier), str(certificate.pk), written)


def _figures(certificate: Certificate, rejected: Decimal) -> str:
    lines = []
    if certificate.claim.kind != ClaimKind.ADVANCE:
        lines.append(_t("Accepted: {amount}").format(amount=format_amount(certificate.verified)))
        lines.append(_t("Rejected: {amount}").format(amount=format_amount(rejected)))
    lines.append(_t("To be paid to you: {amount}").format(amount=format_amount(certificate.due)))
    if certificate.to_recover:
        lines.append(
            _t("Paid too much so far, and claimed back: {amount}").format(amount=format_amount(certificate.to_recover))
        )
    return "\n".join(lines)


def _rejection(item: ExpenseItem) -> str:
    return _t("- invoice {number} of {supplier}, {amount}: {reason}").format(
        number=item.invoice_number, supplier=item.supplier, amount=format_amount(item.rejected), reason=item.reason
    )
