"""A contracted dossier whose beneficiary claims payments, by the real acts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from grants.lifecycle import State
from monitoring.actions import claims, payments, services, verification
from tests.staging import stage
from tests.world import START, World, fresh, pdf


class Project:
    """A contracted dossier of the world, with what its beneficiary and the staff do to it afterwards."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.dossier = world.dossier(State.CONTRACTED)

    @property
    def beneficiary(self) -> Any:
        return self.world.signatory(self.dossier)

    def claim(self, *amounts: str, kind: str = "final") -> Any:
        """A filed claim of one invoice for each amount."""
        claim = claims.open_claim(dossier=self.dossier, kind=kind, by=self.beneficiary)
        for number, amount in enumerate(amounts or ("36209.96",), 1):
            claims.add_item(
                claim=claim,
                supplier="Web SARL",
                invoice_number=f"F-{number}",
                invoiced_on=date(2027, 3, 1),
                paid_on=date(2027, 3, 1),
                claimed=Decimal(amount),
                upload=pdf(f"Invoice {number}"),
                by=self.beneficiary,
            )
        claims.submit_claim(claim=claim, by=self.beneficiary)
        return fresh(claim)

    def certified(self, *amounts: str, kind: str = "final", accepted: str = "") -> Any:
        """The approved certificate of a claim, accepted in full unless said otherwise (of its first invoice)."""
        claim = self.claim(*amounts, kind=kind)
        certificate = self.issued(claim, accepted)
        verification.approve_certificate(certificate=certificate, by=self.world.other_officer)
        return fresh(certificate)

    def issued(self, claim: Any, accepted: str = "") -> Any:
        """The certificate of a claim, issued and not approved."""
        verdicts = {item.pk: (item.claimed, "") for item in claim.items.all()}
        if accepted:
            first = claim.items.order_by("pk").first()
            verdicts[first.pk] = (Decimal(accepted), "Too dear.")
        verification.check_items(claim=claim, verdicts=verdicts, by=self.world.officer)
        return verification.issue_certificate(claim=fresh(claim), deliverables_seen="Seen.", by=self.world.officer)

    def paid(self, certificate: Any) -> Any:
        """The certificate's sum, ordered and paid."""
        order = payments.order_payment(certificate=certificate, by=self.world.payer)
        payments.record_payment(order=order, executed_on=date(2027, 3, 1), by=self.world.payer)
        return fresh(order)

    def service(self) -> Any:
        """A service in operation since the day of the story."""
        return services.record_service(
            dossier=self.dossier,
            kind="teleservice",
            name="Bookings",
            url="https://example.org/",
            went_live_on=date(2027, 3, 1),
            by=self.beneficiary,
        )


def contracted() -> Project:
    """The project, and those who check its claims and pay them."""
    world = World()
    assert world.officer
    assert world.other_officer
    assert world.payer
    return Project(world)


staged_project = stage("project", contracted, start=START, language="fr")


@pytest.fixture
def project(world: World, staged_project: Project, starting_point: Project) -> Project:
    return starting_point
