"""The second half of a dossier's road: claims, verification, payments, services and their first year of use."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from demo.story import Application, paper
from monitoring.actions import claims, payments, services, verification
from monitoring.models import Certificate, Claim, ClaimKind, ServiceKind, UsageReport


class Road(Application):
    """One dossier on its whole way, from its draft to the report on a year of use."""

    def claim(self, kind: str, amounts: list[Decimal], paid_on: date) -> Any:
        """A claim with one invoice for each amount, filed."""
        claim = self._act(claims.open_claim, dossier=self.it, kind=kind, by=self.editor)
        for number, amount in enumerate(amounts, 1):
            invoice = f"F-{self.it.pk}-{claim.number}-{number}"
            self._act(
                claims.add_item,
                claim=claim,
                supplier="Prestataire (illustration)",
                invoice_number=invoice,
                invoiced_on=paid_on - timedelta(days=20),
                paid_on=paid_on,
                claimed=amount,
                upload=paper(f"{invoice}.pdf", f"Facture (illustration) {invoice} : {amount} euros"),
                by=self.editor,
            )
        self._act(claims.submit_claim, claim=claim, by=self.signatory)
        return claim

    def certify(self, claim: Any, accepted: dict[int, tuple[Decimal, str]] | None = None) -> Any:
        """Every item checked (accepted whole unless said otherwise), certificate issued, then approved by another."""
        verdicts = {item.pk: (accepted or {}).get(item.pk, (item.claimed, "")) for item in claim.items.all()}
        self.check(claim, verdicts)
        certificate = self.issue(claim)
        return self._act(verification.approve_certificate, certificate=certificate, by=self.cast.other_officer)

    def check(self, claim: Claim, verdicts: dict[int, tuple[Decimal, str]] | None = None) -> None:
        """Every item accepted whole, unless `verdicts` says otherwise."""
        given = verdicts or {item.pk: (item.claimed, "") for item in claim.items.all()}
        self._act(verification.check_items, claim=claim, verdicts=given, by=self.cast.officer)

    def issue(self, claim: Claim) -> Certificate:
        """The officer issues the certificate of service fait."""
        issued: Certificate = self._act(
            verification.issue_certificate,
            claim=claim,
            deliverables_seen="Service consulté en ligne (illustration).",
            by=self.cast.officer,
        )
        return issued

    def order(self, certificate: Any) -> Any:
        return self._act(payments.order_payment, certificate=certificate, by=self.cast.payer)

    def execute(self, order: Any, executed_on: date) -> None:
        self._act(payments.record_payment, order=order, executed_on=executed_on, by=self.cast.payer)

    def deploy(self, went_live_on: date, kind: str = ServiceKind.SITE) -> None:
        service = self._act(
            services.record_service,
            dossier=self.it,
            kind=kind,
            name=self.project.title,
            url="",
            went_live_on=went_live_on,
            by=self.editor,
        )
        self._act(services.confirm_service, service=service, by=self.cast.officer)

    def verify(self) -> None:
        self._act(verification.verify_service_fact, dossier=self.it, by=self.cast.officer)

    def pay(self) -> None:
        self._act(payments.pay, dossier=self.it, by=self.cast.payer)

    def report_usage(self, *, accepted: bool = True) -> None:
        for report in UsageReport.objects.filter(dossier=self.it):
            self._act(
                services.fill_usage_report,
                report=report,
                visits=1200,
                users=340,
                comment="Bilan (illustration).",
                by=self.editor,
            )
            if accepted:
                self._act(services.accept_usage_report, report=report, by=self.cast.officer)

    def close(self) -> None:
        self._act(payments.close, dossier=self.it, by=self.cast.manager)

    def final_balance(self, amounts: list[Decimal], paid_on: date) -> Any:
        """The final claim, certified."""
        return self.certify(self.claim(ClaimKind.FINAL, amounts, paid_on))
