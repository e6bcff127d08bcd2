"""What must be true before a dossier moves, as far as this floor can tell; the floors above bind the rest.

Each function yields a sentence for whatever is missing, which a person can act on. The page shows them as a checklist,
and the same functions guard the transition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _t

from grants.lifecycle import State
from grants.models import Agreement, Dossier, PartnerState
from grants.queries import completion, contents, deadlines, money
from kit import clock
from kit.lifecycle import requirement
from kit.money import format_amount
from kit.text import format_datetime
from programmes.rules.answers import missing_answers, missing_pieces

MACHINE = "grants.Dossier"


@requirement(MACHINE)
def answers_complete(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """Every section of the form is answered and the required documents are attached."""
    attached = set(contents.attachments(dossier).values_list("kind", flat=True))
    for section in dossier.questions:
        yield from missing_answers(section, dossier.answers)
        yield from missing_pieces(section, attached, dossier.answers)


@requirement(MACHINE)
def plan_balanced(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """There are expenses, a grant is asked for, and resources equal costs to the cent (R14)."""
    plan = dossier.plan
    if not plan.total_cost:
        yield _t("List the expenses of the project in the budget.")
        return
    if not plan.requested:
        yield _t("Say in the budget how much you ask from the programme.")
    if not plan.eligible:
        yield _t("No expense of the budget is eligible.")
    if plan.gap > 0:
        yield _t("The financing plan lacks {gap} to cover the expenses.").format(gap=format_amount(plan.gap))
    elif plan.gap < 0:
        yield _t("The financing plan has {gap} more than the expenses.").format(gap=format_amount(-plan.gap))


@requirement(MACHINE)
def partners_confirmed(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """Every partner that is named has confirmed its part (R14)."""
    for partner in dossier.partners.select_related("organisation").order_by("pk"):
        if partner.state == PartnerState.INVITED:
            yield _t("{partner} has not confirmed its part yet; wait for its answer, or leave it out.").format(
                partner=partner.organisation
            )
        elif partner.state == PartnerState.DECLINED:
            yield _t("{partner} declined; leave it out of the project, or ask it again.").format(
                partner=partner.organisation
            )


@requirement(MACHINE)
def within_deadline(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """In time by the database's clock: the call's for a first filing, the due date alone for a completion."""
    now = clock.database_now()
    if dossier.state == State.RETURNED:
        request = completion.open_request(dossier)
        if request is not None and now >= request.due_at:
            yield _t(
                "The time to complete the application ended on {instant}; ask the service for more time: {contact}."
            ).format(instant=format_datetime(request.due_at), contact=dossier.programme.contact)
        return
    call = dossier.call
    if now < call.opens_at:
        yield _t("The call opens on {instant}; applications can be filed from then on.").format(
            instant=format_datetime(call.opens_at)
        )
    elif now >= call.closes_at:
        yield _t("The call closed on {instant}.").format(instant=format_datetime(call.closes_at))


@requirement(MACHINE)
def missing_parts_listed(
    dossier: Dossier, sections: Sequence[str] = (), message: str = "", **_context: Any
) -> Iterator[str]:
    """What the applicant has to complete is named: sections, and what is missing in them."""
    if not sections:
        yield _t("Choose the parts that the applicant has to complete.")
    if not message.strip():
        yield _t("Say what is missing.")


@requirement(MACHINE)
def reasons_given(
    dossier: Dossier,
    reasons: str = "",
    reason: str = "",
    rule: str | None = None,
    decision: Any = None,
    **_context: Any,
) -> Iterator[str]:
    """Whoever is refused something is told why, and against which rule where there is one."""
    if rule is not None and not rule.strip():
        yield _t("Name the rule of the call that is not met.")
    if not (reasons or reason or getattr(decision, "reasons", "")).strip():
        yield _t("Give the reasons; the applicant receives them.")


@requirement(MACHINE)
def appeal_filed(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """The applicant has appealed in time, and has no answer yet."""
    if not dossier.appeals.filter(settled_at=None, filed_at__lt=deadlines.appeal_ends_at(dossier)).exists():
        yield _t("The applicant has filed no appeal that waits for an answer.")


@requirement(MACHINE)
def beneficiary_signed(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """The programme signs last."""
    agreement = _agreement(dossier)
    if agreement is None:
        yield _t("The agreement is not drafted yet.")
    elif agreement.beneficiary_signed_at is None:
        yield _t("The beneficiary has not signed the agreement yet.")


@requirement(MACHINE)
def agreement_balanced(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """The agreement's own plan covers its costs, with the grant that was awarded (R24)."""
    agreement = _agreement(dossier)
    if agreement is None:
        return
    plan, amount = agreement.plan, agreement.award.amount
    if plan.gap:
        yield _t("The plan of the agreement does not balance: {gap} between expenses and resources.").format(
            gap=format_amount(abs(plan.gap))
        )
    if plan.requested != amount or agreement.grant != amount:
        yield _t("The plan of the agreement must show the grant that was awarded, {amount}.").format(
            amount=format_amount(amount)
        )


@requirement(MACHINE)
def money_left(dossier: Dossier, decision: Any = None, **_context: Any) -> Iterator[str]:
    """Nothing is selected beyond the envelope (CPR art. 73, F2), on the day of the decision."""
    yield from money.shortage(dossier, _decided_on(decision))


@requirement(MACHINE)
def decision_named(dossier: Dossier, decision: Any = None, **_context: Any) -> Iterator[str]:
    """An agreement ends early by a decision of the dossier's programme."""
    if decision is None:
        yield _t("Name the decision to end the agreement.")
    elif decision.programme_id != dossier.programme_id:
        yield _t("The decision is about another programme; name one of this programme.")


def _agreement(dossier: Dossier) -> Agreement | None:
    return Agreement.objects.filter(dossier=dossier).select_related("plan", "award").first()


def _decided_on(decision: Any) -> date:
    """The day of a decision: of the programme's own, or of the one behind a decision on the dossier; else today."""
    behind = getattr(decision, "decision", decision)
    return clock.today() if behind is None else behind.taken_on
