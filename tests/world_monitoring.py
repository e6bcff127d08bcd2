"""The road from a signed agreement to a paid and used project, walked by the real acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from grants.lifecycle import State
from grants.models import Dossier
from kit import clock
from monitoring.actions import claims, payments, services, verification
from monitoring.models import Certificate, Claim, ClaimKind, PaymentOrder, Service
from people.models import Person
from tests.world import World, fresh, pdf

_invoices = count(1)


class Road:
    """One dossier under agreement, in a world; each method is one step, by the person whose step it is.

    The grant is 40 000 € on 100 000 € unless said otherwise (formula F6's own example).
    """

    def __init__(
        self, world: World, *, eligible: str = "100000", requested: str = "40000", amount: str = "100000", **fields: Any
    ) -> None:
        self.world = world
        envelope = world.envelope(amount)
        self.pk = world.dossier(
            State.CONTRACTED, envelope=envelope, eligible=eligible, requested=requested, **fields
        ).pk
        self.signatory = world.signatory(self.dossier)
        self.editor = world.editor(self.dossier)

    @property
    def dossier(self) -> Dossier:
        """The dossier as it stands now."""
        return Dossier.objects.get(pk=self.pk)

    def draft(self, kind: str = ClaimKind.FINAL, amounts: Sequence[str] = (), documented: bool = True) -> Claim:
        """A claim with one invoice for each amount, paid today."""
        claim = claims.open_claim(dossier=self.dossier, kind=kind, by=self.editor)
        for amount in amounts:
            self.item(claim, amount, documented=documented)
        return claim

    def item(self, claim: Claim, amount: str = "1000", *, documented: bool = True, **fields: Any) -> Any:
        """One invoice of the claim."""
        given = {
            "supplier": "Web SARL",
            "invoice_number": f"F-{next(_invoices)}",
            "invoiced_on": clock.today(),
            "paid_on": clock.today(),
            "claimed": Decimal(amount),
            "upload": pdf() if documented else None,
            "by": self.editor,
            **fields,
        }
        return claims.add_item(claim=claim, **given)

    def filed(self, kind: str = ClaimKind.FINAL, amounts: Sequence[str] = ()) -> Claim:
        """A claim filed by the signatory."""
        return claims.submit_claim(claim=self.draft(kind, amounts), by=self.signatory)

    def checked(self, claim: Claim, *accepted: str, by: Person | None = None) -> Claim:
        """Every item checked: accepted whole, or the amounts given in order."""
        items = list(claim.items.order_by("pk"))
        amounts = [Decimal(text) for text in accepted] or [item.claimed for item in items]
        verdicts = {
            item.pk: (amount, "" if amount == item.claimed else "Not eligible.")
            for item, amount in zip(items, amounts, strict=True)
        }
        return verification.check_items(claim=claim, verdicts=verdicts, by=by or self.world.officer)

    def issued(self, claim: Claim, by: Person | None = None) -> Certificate:
        """The certificate issued by the officer."""
        return verification.issue_certificate(
            claim=claim, deliverables_seen="Seen online.", by=by or self.world.officer
        )

    def certified(self, claim: Claim, *accepted: str) -> Certificate:
        """Checked (unless it is an advance), issued by one officer and approved by another."""
        if claim.kind != ClaimKind.ADVANCE:
            self.checked(claim, *accepted)
        return verification.approve_certificate(certificate=self.issued(claim), by=self.world.other_officer)

    def claimed(self, kind: str = ClaimKind.FINAL, *amounts: str, accepted: Sequence[str] = ()) -> Certificate:
        """From the first invoice to the approved certificate."""
        return self.certified(self.filed(kind, amounts), *accepted)

    def ordered(self, certificate: Certificate) -> PaymentOrder:
        """The payment order, by the paying officer."""
        return payments.order_payment(certificate=certificate, by=self.world.payer)

    def paid(self, certificate: Certificate) -> PaymentOrder:
        """Ordered and executed today."""
        order = self.ordered(certificate)
        return payments.record_payment(order=order, executed_on=clock.today(), by=self.world.payer)

    def service(self, went_live_on: date | None = None, *, confirmed: bool = True) -> Service:
        """A service put into operation (today unless said otherwise), seen by the officer."""
        service = services.record_service(
            dossier=self.dossier,
            kind="site_or_extranet",
            name="Town site",
            url="https://town.example.org",
            went_live_on=went_live_on or clock.today(),
            by=self.editor,
        )
        return services.confirm_service(service=service, by=self.world.officer) if confirmed else service

    def verified(self) -> Dossier:
        """The service fact verified."""
        return verification.verify_service_fact(dossier=self.dossier, by=self.world.officer)

    def settled(self) -> Dossier:
        """The grant settled."""
        return payments.pay(dossier=self.dossier, by=self.world.payer)

    def finished(self, *amounts: str) -> Dossier:
        """A final claim of these amounts, paid; the service live; the dossier in the state paid."""
        certificate = self.claimed(ClaimKind.FINAL, *(amounts or ("100000",)))
        if certificate.due:
            self.paid(certificate)
        self.service()
        self.verified()
        return self.settled()

    def reported(self, visits: int = 1200, users: int = 340) -> None:
        """A year later: every usage report filled and accepted."""
        for report in self.dossier.usage_reports.order_by("pk"):
            services.fill_usage_report(report=report, visits=visits, users=users, comment="Useful.", by=self.editor)
            services.accept_usage_report(report=report, by=self.world.officer)

    def closed(self) -> Dossier:
        """Closed by the manager."""
        return payments.close(dossier=self.dossier, by=self.world.manager)


def after(days: int) -> datetime:
    """An instant `days` days after the clock's."""
    return clock.now() + timedelta(days=days)


def again(row: Any) -> Any:
    """The same row, read again."""
    return fresh(row)
