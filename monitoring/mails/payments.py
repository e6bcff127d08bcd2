"""Mails about payments, recoveries and the end of a dossier."""

from __future__ import annotations

from django.utils.translation import gettext as _t

from grants.mails import applicants, page
from grants.models import Dossier
from kit.money import format_amount
from kit.text import format_date
from monitoring.mails.sending import send, staff
from monitoring.models import Certificate, PaymentOrder, Recovery
from people.models import Role


def payment_to_order(certificate: Certificate) -> None:
    """To the paying service: a sum is certified and waits for its order."""
    dossier = certificate.dossier

    def written() -> tuple[str, str]:
        return _t("{reference}: a payment to order").format(reference=dossier.reference), _t(
            "{amount} is certified for “{title}”, claim no. {number}.\n\nOrder the payment:\n{link}"
        ).format(
            amount=format_amount(certificate.due),
            title=dossier.title,
            number=certificate.claim.number,
            link=page(dossier),
        )

    send("payment_to_order", dossier, staff(dossier, Role.PAYING_OFFICER), str(certificate.pk), written)


def payment_under_way(order: PaymentOrder) -> None:
    """To the beneficiary: the payment is ordered."""
    dossier = order.dossier

    def written() -> tuple[str, str]:
        return _t("{reference}: a payment is under way").format(reference=dossier.reference), _t(
            "The payment of {amount} for “{title}” is ordered (order {number}); you are told when the bank has made "
            "it.\n{link}"
        ).format(amount=format_amount(order.amount), title=dossier.title, number=order.number, link=page(dossier))

    send("payment_under_way", dossier, applicants(dossier), str(order.pk), written)


def paid(order: PaymentOrder) -> None:
    """To the beneficiary: the bank has paid."""
    dossier = order.dossier

    def written() -> tuple[str, str]:
        subject = _t("{reference}: {amount} paid")
        text = _t("{amount} was paid on {day} for “{title}” (order {number}).\n{link}")
        amount = format_amount(order.amount)
        return subject.format(reference=dossier.reference, amount=amount), text.format(
            amount=amount,
            day="" if order.executed_on is None else format_date(order.executed_on),
            title=dossier.title,
            number=order.number,
            link=page(dossier),
        )

    send("paid", dossier, applicants(dossier), str(order.pk), written)


def payment_refused(order: PaymentOrder) -> None:
    """To the beneficiary, who checks the account, and to the paying service."""
    dossier = order.dossier

    def written() -> tuple[str, str]:
        return _t("{reference}: the bank refused a payment").format(reference=dossier.reference), _t(
            "The bank refused the payment of {amount} for “{title}”: {reason}\n\n"
            "The sum is still due. Check the bank details on the page of the application, and correct them if they "
            "are wrong; the payment is then ordered again:\n{link}"
        ).format(
            amount=format_amount(order.amount), title=dossier.title, reason=order.refusal_reason, link=page(dossier)
        )

    to = {person.pk: person for person in [*applicants(dossier), *staff(dossier, Role.PAYING_OFFICER)]}
    send("payment_refused", dossier, to.values(), str(order.pk), written)


def grant_paid(dossier: Dossier) -> None:
    """To the beneficiary: everything due is paid; the report on the first year of use remains."""

    def written() -> tuple[str, str]:
        return _t("{reference}: your grant is settled").format(reference=dossier.reference), _t(
            "Everything that is due for “{title}” is settled.\n\nOne thing remains: a report on the first year of use "
            "of each service. You are reminded a month before.\n{link}"
        ).format(title=dossier.title, link=page(dossier))

    send("grant_paid", dossier, applicants(dossier), "", written)


def closed(dossier: Dossier) -> None:
    """To the beneficiary: nothing more is expected."""

    def written() -> tuple[str, str]:
        return _t("{reference}: your project is closed").format(reference=dossier.reference), _t(
            "“{title}” is closed: nothing more is expected from you. Keep the documents of the project as long as "
            "the agreement says.\n{link}"
        ).format(title=dossier.title, link=page(dossier))

    send("closed", dossier, applicants(dossier), "", written)


def recovery_issued(recovery: Recovery) -> None:
    """To the beneficiary: a sum is claimed back, and why."""
    dossier = recovery.dossier

    def written() -> tuple[str, str]:
        subject = _t("{reference}: {amount} to pay back")
        text = _t(
            "{amount} paid for “{title}” is claimed back (recovery {number}).\n\nReason: {reason}\n\n"
            "The paying service tells you how to pay it back. Questions: {contact}\n{link}"
        )
        amount = format_amount(recovery.amount)
        return subject.format(reference=dossier.reference, amount=amount), text.format(
            amount=amount,
            title=dossier.title,
            number=recovery.number,
            reason=recovery.reason,
            contact=dossier.programme.contact_email or dossier.programme.managing_body,
            link=page(dossier),
        )

    send("recovery_issued", dossier, applicants(dossier), str(recovery.pk), written)


def recovery_received(recovery: Recovery) -> None:
    """To the beneficiary: the sum claimed back has come in."""
    dossier = recovery.dossier

    def written() -> tuple[str, str]:
        subject = _t("{reference}: {amount} received back")
        text = _t("{amount}, claimed back for “{title}” (recovery {number}), has come in. Thank you.\n{link}")
        amount = format_amount(recovery.amount)
        return subject.format(reference=dossier.reference, amount=amount), text.format(
            amount=amount, title=dossier.title, number=recovery.number, link=page(dossier)
        )

    send("recovery_received", dossier, applicants(dossier), str(recovery.pk), written)


def cancelled(dossier: Dossier, recovery: Recovery | None) -> None:
    """To the beneficiary: the agreement ends early, why, and what is claimed back."""

    def written() -> tuple[str, str]:
        parts = [
            _t("The agreement for “{title}” ends early.\n\nReason: {reason}").format(
                title=dossier.title, reason=dossier.decision_reasons
            )
        ]
        if recovery is not None:
            parts.append(
                _t("{amount} that was paid is claimed back (recovery {number}).").format(
                    amount=format_amount(recovery.amount), number=recovery.number
                )
            )
        parts.append(
            _t("Questions, and how to appeal: {contact}").format(
                contact=dossier.programme.contact_email or dossier.programme.managing_body
            )
        )
        subject = _t("{reference}: your agreement has ended").format(reference=dossier.reference)
        return subject, "\n\n".join([*parts, page(dossier)])

    send("cancelled", dossier, applicants(dossier), "", written)
