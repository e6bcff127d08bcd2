"""Certificates: the one in force, the figures of the next one, and who had a hand in a claim (F5, F6, TRUST 11)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum

from grants.models import Agreement, Dossier
from grants.queries import money, visibility
from grants.rules import accounts, funding
from kit.related import is_read
from monitoring.models import Certificate, Claim, ClaimKind, ClaimState, ItemCheck, OrderState, PaymentOrder, Recovery
from people import queries as people
from people.models import Person, Role

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Figures:
    """What a certificate says, in euros; `due` or `to_recover` is zero."""

    verified: Decimal
    verified_total: Decimal
    due: Decimal
    to_recover: Decimal


def in_force(claim: Claim) -> Certificate | None:
    """The approved certificate that no other one has replaced."""
    return next((item for item in _of(claim) if item.is_in_force), None)


def pending(claim: Claim) -> Certificate | None:
    """The certificate of the claim's version that waits for its approval."""
    return next((item for item in _of(claim) if item.version == claim.version and item.approved_at is None), None)


def live_order(certificate: Certificate) -> PaymentOrder | None:
    """The order of the certificate that the bank has not refused."""
    live = [order for order in certificate.orders.all() if order.state != OrderState.REFUSED]
    return max(live, key=lambda order: (order.ordered_at, order.pk), default=None)


def returnable(certificate: Certificate | None) -> Decimal:
    """What of the certificate's sum no order has taken up: it returns to the commitment when a new one replaces it."""
    return ZERO if certificate is None or live_order(certificate) is not None else certificate.due


def open_recovery(certificate: Certificate | None) -> Recovery | None:
    """The recovery that follows from the certificate, while its money has not come back."""
    return None if certificate is None else Recovery.objects.open().filter(certificate=certificate).first()


def figures(claim: Claim) -> Figures:
    """The figures of a certificate of the claim as it is checked now, by the agreement's aid rule (F5, F6).

    What counts as paid is all that stands certified, ordered or paid, net of recoveries, save what the claim's own
    former certificate left to be ordered or claimed back: the new one replaces it.
    """
    agreement = Agreement.objects.select_related("award__aid_rule").get(dossier=claim.dossier_id)
    rule = funding.AidRule.of(agreement.award.aid_rule)
    if claim.kind == ClaimKind.ADVANCE:
        return Figures(ZERO, ZERO, funding.advance(rule, grant=agreement.grant), ZERO)
    verified = claim.items.aggregate(total=Sum("accepted"))["total"] or ZERO
    others = Certificate.objects.in_force().filter(dossier=claim.dossier_id).exclude(claim=claim)
    total = verified + (others.aggregate(total=Sum("verified"))["total"] or ZERO)
    former = in_force(claim)
    recovery = open_recovery(former)
    paid = standing(claim.dossier) - returnable(former) + (ZERO if recovery is None else recovery.amount)
    case = {"grant": agreement.grant, "eligible": agreement.eligible, "verified": total, "paid": paid}
    if claim.kind == ClaimKind.FINAL or others.filter(claim__kind=ClaimKind.FINAL).exists():
        settlement = funding.balance(rule, **case)
        return Figures(verified, total, settlement.amount, settlement.recovery)
    return Figures(verified, total, funding.interim(rule, **case), ZERO)


def standing(dossier: Dossier) -> Decimal:
    """All that is certified to be paid, ordered or paid, net of recoveries, in euros."""
    stages = money.stages(dossier)
    return sum(
        (stages[stage] for stage in (accounts.ADVANCED, accounts.VERIFIED, accounts.ORDERED, accounts.PAID)), ZERO
    )


def under_way(dossier: Dossier) -> list[Claim]:
    """The claims of the dossier that were filed and are not settled, by number."""
    at_rest = (ClaimState.DRAFT, ClaimState.SETTLED)
    return sorted((item for item in dossier.claims.all() if item.state not in at_rest), key=lambda item: item.number)


def final_claim(dossier: Dossier) -> Claim | None:
    """The claim for the balance, in whatever state."""
    return next((item for item in dossier.claims.all() if item.kind == ClaimKind.FINAL), None)


def to_pay(dossier: Dossier) -> list[Certificate]:
    """Certificates in force of the dossier with a sum that no order has taken up, in the order of their approval."""
    return [item for item in _in_force(dossier) if item.due and live_order(item) is None]


def unclaimed(dossier: Dossier) -> list[Certificate]:
    """Certificates in force of the dossier with a sum to recover for which no recovery was issued."""
    wanted = [item for item in _in_force(dossier) if item.to_recover]
    return [item for item in wanted if not recovery_issued(item, dossier)]


def recovery_issued(certificate: Certificate, dossier: Dossier) -> bool:
    """Whether the certificate's sum to recover was claimed back by an order that was not cancelled."""
    return any(item.certificate_id == certificate.pk and item.cancelled_at is None for item in dossier.recoveries.all())


def in_flight(dossier: Dossier) -> list[PaymentOrder]:
    """The orders of the dossier that the bank has not answered, the oldest first."""
    orders = [order for order in _orders(dossier) if order.state == OrderState.ORDERED]
    return sorted(orders, key=lambda order: order.pk)


def owed(dossier: Dossier) -> list[Recovery]:
    """The recoveries of the dossier whose money has not come back, the oldest first."""
    return sorted((item for item in dossier.recoveries.all() if item.is_open), key=lambda item: item.pk)


def _of(claim: Claim) -> list[Certificate]:
    """The certificates of a claim, which are few."""
    return sorted(claim.certificates.all(), key=lambda item: item.version)


def _in_force(dossier: Dossier) -> list[Certificate]:
    """The certificates in force of a dossier, in the order of their approval; read along with its claims or now."""
    if is_read(dossier, "claims"):
        found = [item for claim in dossier.claims.all() for item in claim.certificates.all()]
    else:
        found = list(dossier.certificates.prefetch_related("orders"))
    return sorted((item for item in found if item.is_in_force), key=lambda item: (item.approved_at, item.pk))


def _orders(dossier: Dossier) -> list[PaymentOrder]:
    if is_read(dossier, "claims"):
        certified = [item for claim in dossier.claims.all() for item in claim.certificates.all()]
        return [order for item in certified for order in item.orders.all()]
    return list(dossier.payment_orders.all())


def unordered(certificates: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """Those in force with a sum due and no live order."""
    live = PaymentOrder.objects.exclude(state=OrderState.REFUSED).order_by().values("certificate")
    due = certificates.filter(approved_at__isnull=False, superseded_at=None, due__gt=0)
    return due.exclude(pk__in=live).order_by("approved_at", "pk")


def to_claim_back(certificates: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """Those in force with a sum to recover for which no recovery was issued."""
    issued = Recovery.objects.live().filter(certificate__isnull=False).order_by().values("certificate")
    wanted = certificates.filter(approved_at__isnull=False, superseded_at=None, to_recover__gt=0)
    return wanted.exclude(pk__in=issued).order_by("approved_at", "pk")


def hands(claim: Claim) -> frozenset[int]:
    """The persons who checked an item of the claim, or issued or approved any of its certificates."""
    checkers = ItemCheck.objects.filter(item__claim=claim).order_by().values_list("checked_by", flat=True)
    rows = Certificate.objects.filter(claim=claim).order_by().values_list("checked_by", "issued_by", "approved_by")
    certifiers = {pk for row in rows for pk in row if pk is not None}
    return frozenset({*checkers, *certifiers})


def payers(claim: Claim) -> frozenset[int]:
    """The persons who ordered a payment of the claim."""
    if is_read(claim, "certificates"):
        rows = [order for certificate in claim.certificates.all() for order in certificate.orders.all()]
        return frozenset(order.payer_id for order in rows)
    found = PaymentOrder.objects.filter(claim=claim).order_by()
    return frozenset(found.values_list("payer", flat=True))


def has_paid(person: Person, claim: Claim) -> bool:
    """Whether the person ordered a payment of the claim, and so has no part in its verification."""
    return person.pk in payers(claim)


def other_officers(certificate: Certificate) -> list[Person]:
    """The officers, free of ties and of orders of this claim, who may approve what another one issued."""
    claim = certificate.claim
    busy = {certificate.issued_by_id, *payers(claim)}
    officers = people.holders(Role.INSTRUCTING_OFFICER, claim.programme_code).exclude(pk__in=busy)
    return list(officers.exclude(pk__in=visibility.tied_to(claim.dossier).order_by().values("pk")))
