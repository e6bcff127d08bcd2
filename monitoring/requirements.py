"""What must be true before a claim, an order, a usage report or a dossier moves on, after the agreement.

Each function yields a sentence for whatever is missing. The dossier's own are named on the lifecycle page of `grants`,
which cannot compute them; `MonitoringConfig` binds them all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _t

from grants.models import Agreement, Dossier
from grants.rules import funding
from kit import clock
from kit.lifecycle import Requirement
from kit.money import format_amount
from kit.text import format_date
from monitoring.models import (
    Certificate,
    Claim,
    ClaimKind,
    ClaimState,
    Contest,
    OrderState,
    PaymentOrder,
    UsageReport,
    UsageState,
)
from monitoring.queries import certificates, deadlines
from monitoring.rules import calendar
from people.models import Person, Role

AT_REST = (ClaimState.DRAFT, ClaimState.SETTLED)
"""Claims that nothing is waited for: not filed, or settled."""


# Payment claims


def items_documented(claim: Claim, **_context: Any) -> Iterator[str]:
    """A claim for expenses lists at least one, each with its invoice; an advance lists none."""
    if claim.kind == ClaimKind.ADVANCE:
        return
    items = list(claim.items.order_by("pk"))
    if not items:
        yield _t("List the expenses that you claim.")
    for item in items:
        if item.document_id is None:
            yield _t("Attach the invoice {number} of {supplier}.").format(
                number=item.invoice_number, supplier=item.supplier
            )


def advance_allowed(claim: Claim, **_context: Any) -> Iterator[str]:
    """An advance comes first, once, while the agreement runs, where the action pays one (F6)."""
    if claim.kind != ClaimKind.ADVANCE:
        return
    agreement = Agreement.objects.select_related("award__aid_rule").filter(dossier=claim.dossier_id).first()
    if agreement is None or agreement.programme_signed_at is None:
        yield _t("The agreement is not signed by both parties yet.")
        return
    if clock.today() > agreement.ends_on:
        yield _t("The project ended on {day}: claim the balance instead of an advance.").format(
            day=format_date(agreement.ends_on)
        )
    if not funding.advance(funding.AidRule.of(agreement.award.aid_rule), grant=agreement.grant):
        yield _t("This action pays no advance.")
    earlier = Claim.objects.filter(dossier=claim.dossier_id).exclude(pk=claim.pk).exclude(state=ClaimState.DRAFT)
    if earlier.exists():
        yield _t("An advance comes before any other claim.")


def no_other_claim_open(claim: Claim, **_context: Any) -> Iterator[str]:
    """One claim at a time: what was claimed before is paid, or claimed back, first."""
    others = Claim.objects.filter(dossier=claim.dossier_id).exclude(pk=claim.pk).exclude(state__in=AT_REST)
    for other in others.order_by("number"):
        yield _unsettled(other)


def every_item_checked(claim: Claim, verdicts: Collection[int] | None = None, **_context: Any) -> Iterator[str]:
    """One officer gives a verdict on every expense of the claim."""
    items = list(claim.items.order_by("pk"))
    given = {item.pk for item in items if item.accepted is not None} if verdicts is None else set(verdicts)
    for item in items:
        if item.pk not in given:
            yield _t("Check the invoice {number} of {supplier}.").format(
                number=item.invoice_number, supplier=item.supplier
            )


def approver_is_another_person(claim: Claim, approver: Person | None = None, **_context: Any) -> Iterator[str]:
    """Another officer than the one who issued approves; the manager, where the service has one officer only."""
    certificate = certificates.pending(claim)
    if certificate is None:
        yield _t("The certificate is not issued yet.")
        return
    former = certificates.in_force(claim)
    order = None if former is None else certificates.live_order(former)
    if order is not None and order.state == OrderState.ORDERED:
        yield _t("Record first what the bank did with the order {number}.").format(number=order.number)
    if approver is None:
        return
    if approver.pk == certificate.issued_by_id:
        yield _t("You issued this certificate, so another person approves it.")
    elif not approver.standing.has_role(Role.INSTRUCTING_OFFICER, claim.programme_code):
        yield from _manager_may_approve(certificate, approver)
    if certificates.has_paid(approver, claim):
        yield _t("You ordered a payment of this claim, so another person approves the certificate.")


def _manager_may_approve(certificate: Certificate, approver: Person) -> Iterator[str]:
    if approver.pk == certificate.checked_by_id:
        yield _t("You checked this claim, so another person approves the certificate.")
    others = certificates.other_officers(certificate)
    if others:
        yield _t("The service has another officer who approves: {names}.").format(
            names=", ".join(person.full_name for person in others)
        )


def contest_in_time(claim: Claim, **_context: Any) -> Iterator[str]:
    """The beneficiary contests within the call's period after the certificate."""
    over = deadlines.contest_ends_at(claim)
    if over is not None and clock.now() >= over:
        yield _t("The period to contest ended on {day}.").format(day=format_date(deadlines.last_day(over)))


def something_was_rejected(claim: Claim, **_context: Any) -> Iterator[str]:
    """Only a rejection can be contested."""
    if not claim.items.filter(accepted__lt=F("claimed")).exists():
        yield _t("Nothing was rejected in this claim, so there is nothing to contest.")


def claim_without_order_in_flight(claim: Claim, **_context: Any) -> Iterator[str]:
    """A payment of the claim under way ends first."""
    yield from _orders_in_flight(PaymentOrder.objects.filter(claim=claim))


def sum_settled(claim: Claim, **_context: Any) -> Iterator[str]:
    """What was due is paid, or claimed back, or nothing was due."""
    certificate = certificates.in_force(claim)
    if certificate is None:
        yield _unsettled(claim)
        return
    order = certificates.live_order(certificate)
    if certificate.due and (order is None or order.state != OrderState.EXECUTED):
        yield _t("{amount} is due on claim no. {number} and not paid yet.").format(
            amount=format_amount(certificate.due), number=claim.number
        )
    if certificate.to_recover and not certificates.recovery_issued(certificate, claim.dossier):
        yield _t("{amount} is to be claimed back after claim no. {number}: issue the recovery order.").format(
            amount=format_amount(certificate.to_recover), number=claim.number
        )


# Orders and usage reports


def reason_given(obj: Any, reason: str = "", **_context: Any) -> Iterator[str]:
    """A refusal says why."""
    if not reason.strip():
        yield _t("Give the reason.")


def year_is_over(report: UsageReport, **_context: Any) -> Iterator[str]:
    """A year of use is reported when it ends, at most 30 days before (R28)."""
    first = calendar.fillable_from(report.due_on)
    if clock.today() < first:
        yield _t("The first year of use is not over: the report can be filled from {day}.").format(
            day=format_date(first)
        )


def figures_given(
    report: UsageReport, visits: int | None = None, users: int | None = None, **_context: Any
) -> Iterator[str]:
    """The year in figures."""
    if visits is None:
        yield _t("Give the number of visits in the year.")
    if users is None:
        yield _t("Give the number of users in the year.")


# The dossier


def final_claim_certified(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """The final claim's items are all checked, its certificate issued by one person and approved by another."""
    final = certificates.final_claim(dossier)
    if final is None or final.state == ClaimState.DRAFT:
        yield _t("The beneficiary has not claimed the final balance yet.")
    elif final.state not in (ClaimState.CERTIFIED, ClaimState.SETTLED):
        yield _t("The certificate of the final claim is not approved yet ({state}).").format(
            state=final.get_state_display()
        )


def services_recorded(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """What the project put into operation is recorded with its date, and an officer has seen it (R29)."""
    services = sorted(dossier.services.all(), key=lambda service: service.pk)
    if not services:
        yield _t("No service is recorded: the beneficiary names what the project put into operation, and since when.")
    for service in services:
        if service.confirmed_at is None:
            yield _t("Confirm that “{service}” is in operation.").format(service=service.name)


def balance_settled(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """Every claim is settled: paid, or nothing due, or its recovery issued."""
    for claim in certificates.under_way(dossier):
        if claim.state == ClaimState.CERTIFIED:
            yield from sum_settled(claim)
        else:
            yield _unsettled(claim)


def no_open_contest(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """What the beneficiary contests is answered first."""
    for contest in Contest.objects.filter(dossier=dossier, settled_at=None).select_related("claim").order_by("pk"):
        yield _t("The check of claim no. {number} is contested; answer the contest first.").format(
            number=contest.claim.number
        )


def no_order_in_flight(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """A payment under way ends first."""
    yield from _orders_in_flight(PaymentOrder.objects.filter(dossier=dossier))


def usage_reports_accepted(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """A year of use was reported and accepted for every service (R28)."""
    waiting = [report for report in dossier.usage_reports.all() if report.state != UsageState.ACCEPTED]
    for report in sorted(waiting, key=lambda report: (report.due_on, report.pk)):
        yield _t("The usage report of “{service}”, due on {day}, is not accepted yet.").format(
            service=report.service.name, day=format_date(report.due_on)
        )


def nothing_to_recover(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """What was claimed back has come back."""
    for recovery in certificates.owed(dossier):
        yield _t("The recovery {number} of {amount} has not come back yet.").format(
            number=recovery.number, amount=format_amount(recovery.amount)
        )


def _unsettled(claim: Claim) -> str:
    return _t("Claim no. {number} is not settled yet ({state}).").format(
        number=claim.number, state=claim.get_state_display()
    )


def _orders_in_flight(orders: Any) -> Iterator[str]:
    for order in orders.filter(state=OrderState.ORDERED).order_by("pk"):
        yield _t("The bank has not executed the order {number} of {amount} yet; record what it did first.").format(
            number=order.number, amount=format_amount(order.amount)
        )


BOUND: dict[str, dict[str, Requirement]] = {
    "monitoring.Claim": {
        "items_documented": items_documented,
        "advance_allowed": advance_allowed,
        "no_other_claim_open": no_other_claim_open,
        "every_item_checked": every_item_checked,
        "approver_is_another_person": approver_is_another_person,
        "contest_in_time": contest_in_time,
        "something_was_rejected": something_was_rejected,
        "no_order_in_flight": claim_without_order_in_flight,
        "sum_settled": sum_settled,
    },
    "monitoring.PaymentOrder": {"reasons_given": reason_given},
    "monitoring.UsageReport": {
        "year_is_over": year_is_over,
        "figures_given": figures_given,
        "reasons_given": reason_given,
    },
    "grants.Dossier": {
        "final_claim_certified": final_claim_certified,
        "services_recorded": services_recorded,
        "balance_settled": balance_settled,
        "no_open_contest": no_open_contest,
        "no_order_in_flight": no_order_in_flight,
        "usage_reports_accepted": usage_reports_accepted,
        "nothing_to_recover": nothing_to_recover,
    },
}
"""Every requirement that this floor answers for, by machine and name."""
