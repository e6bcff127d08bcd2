"""Who acts next from the agreement to the end of the project: the steps that the lower floors cannot tell."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils.translation import gettext as _t

from grants.lifecycle import State
from grants.models import Dossier
from grants.queries.next_steps import NextStep, applicant_of, step_for
from kit.clock import PARIS
from kit.lifecycle import missing
from monitoring.models import Claim, ClaimKind, ClaimState, OrderState, UsageState
from monitoring.queries import certificates
from people.models import Person


def contracted(dossier: Dossier, person: Person) -> NextStep:
    """The project is carried out: claims are checked, certified and paid one by one, the final one last."""
    step = _of_open_claim(dossier, person)
    if step is not None:
        return step
    if not missing(dossier, "verify_service_fact"):
        return step_for(
            person,
            dossier,
            "dossier.verify_service_fact",
            who=_service(),
            what=_t("Verifies that what was promised was done."),
        )
    final = certificates.final_claim(dossier)
    if final is None or final.state == ClaimState.DRAFT:
        return step_for(
            person,
            dossier,
            *(("claim.submit",) if _draft(dossier) else ()),
            "claim.edit",
            who=applicant_of(dossier),
            what=_t("Carries out the project and claims its payments."),
        )
    if any(service.confirmed_at is None for service in dossier.services.all()):
        return step_for(
            person,
            dossier,
            "service.confirm",
            who=_service(),
            what=_t("Confirms that the services are in operation."),
        )
    return step_for(
        person,
        dossier,
        "service.record",
        who=applicant_of(dossier),
        what=_t("Names the services that the project put into operation."),
    )


def verified(dossier: Dossier, person: Person) -> NextStep:
    """The balance is paid, or claimed back; then the grant is settled."""
    step = _of_open_claim(dossier, person)
    if step is not None:
        return step
    return step_for(
        person,
        dossier,
        "dossier.pay",
        who=_payer(),
        what=_t("Settles the grant; what was not spent returns to the envelope."),
    )


def paid(dossier: Dossier, person: Person) -> NextStep:
    """A year of use is reported and accepted; what is owed comes back; the dossier is closed."""
    reports = dossier.usage_reports.all()
    if any(report.state == UsageState.FILLED for report in reports):
        return step_for(
            person, dossier, "usage_report.accept", who=_service(), what=_t("Reads the usage report and accepts it.")
        )
    waiting = [report for report in reports if report.state == UsageState.DUE]
    if waiting:
        return step_for(
            person,
            dossier,
            "usage_report.fill",
            who=applicant_of(dossier),
            what=_t("Reports on the first year of use of each service."),
            by_when=_end_of(min(report.due_on for report in waiting)),
        )
    if certificates.owed(dossier):
        return step_for(
            person,
            dossier,
            "recovery.record",
            who=applicant_of(dossier),
            what=_t("Pays back what was claimed back; the paying officer records it."),
        )
    return step_for(
        person, dossier, "dossier.close", who=_t("The programme manager"), what=_t("Closes the application.")
    )


FINDERS = {State.CONTRACTED: contracted, State.SERVICE_FACT_VERIFIED: verified, State.PAID: paid}
"""By state, for `grants.queries.next_steps`."""


def _of_open_claim(dossier: Dossier, person: Person) -> NextStep | None:
    """The step of the claim that is under way, if one is."""
    under_way = certificates.under_way(dossier)
    if not under_way:
        return None
    claim = under_way[-1]
    if claim.state == ClaimState.CERTIFIED:
        return _of_certified(dossier, claim, person)
    if claim.state in (ClaimState.SUBMITTED, ClaimState.CONTESTED):
        what = (
            _t("Checks each expense of claim no. {number} again, after the contest.")
            if claim.state == ClaimState.CONTESTED
            else _t("Checks each expense of claim no. {number}.")
        )
        act = "certificate.issue" if claim.kind == ClaimKind.ADVANCE else "claim.check"
        return step_for(person, dossier, act, who=_service(), what=what.format(number=claim.number))
    if claim.state == ClaimState.CHECKED:
        what = _t("Issues the certificate of claim no. {number}.").format(number=claim.number)
        return step_for(person, dossier, "certificate.issue", who=_service(), what=what)
    return _to_approve(dossier, claim, person)


def _to_approve(dossier: Dossier, claim: Claim, person: Person) -> NextStep:
    what = _t("Approves the certificate of claim no. {number}, issued by another person.").format(number=claim.number)
    step = step_for(person, dossier, "certificate.approve", who=_service(), what=what)
    reasons = missing(claim, "approve", approver=person) if step.action else []
    return NextStep(step.who, step.what, why_not=reasons[0]) if reasons else step


def _of_certified(dossier: Dossier, claim: Claim, person: Person) -> NextStep | None:
    certificate = certificates.in_force(claim)
    if certificate is None:
        return None
    if certificate.to_recover:
        what = _t("Claims back what was paid too much after claim no. {number}.").format(number=claim.number)
        return step_for(person, dossier, "recovery.issue", who=_t("The programme manager"), what=what)
    if any(order.state == OrderState.ORDERED for order in certificate.orders.all()):
        what = _t("Records what the bank did with the payment of claim no. {number}.").format(number=claim.number)
        return step_for(person, dossier, "payment.record", who=_payer(), what=what)
    what = _t("Orders the payment of claim no. {number}.").format(number=claim.number)
    step = step_for(person, dossier, "payment.order", who=_payer(), what=what)
    if step.action and person.pk in certificates.hands(claim):
        why = _t("You checked, issued or approved, so another person pays.")
        return NextStep(step.who, step.what, why_not=why)
    return step


def _draft(dossier: Dossier) -> bool:
    return any(claim.state == ClaimState.DRAFT for claim in dossier.claims.all())


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), tzinfo=PARIS)


def _service() -> str:
    return _t("The instructing service")


def _payer() -> str:
    return _t("The paying officer")
