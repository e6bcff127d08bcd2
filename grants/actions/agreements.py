"""The grant agreement: drafted on the award, signed by the beneficiary, then by the programme (R24)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from grants import mails
from grants.actions.accounts import account
from grants.models import Agreement, Award, Condition, CostLine, Dossier, FinancingPlan, Resource, ResourceKind
from grants.queries import bank as bank_queries
from grants.rules import accounts
from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, NotAllowed, Refused, Unmet
from kit.lifecycle import require
from kit.locks import locked
from people.acting import action, as_person
from people.permissions import permit
from programmes.actions import inputs
from records.actions import journal, ledger
from records.models import Document

MOST_CONDITIONS = 50


@action("agreement.draft")
def draft_agreement(
    *,
    dossier: Dossier,
    number: str,
    starts_on: date,
    ends_on: date,
    by: Actor,
    conditions: Sequence[Mapping[str, Any]] = (),
) -> Agreement:
    """Write the agreement on the live award, with a plan of its own; again, until the beneficiary has signed.

    The plan is the dossier's, with the grant that was awarded; the own contribution takes up the difference.
    `conditions` are `{text, due_on}`. Raises `Refused` for a number that is taken.
    """
    with locked(dossier) as dossier:
        permit(by, "agreement.draft", dossier)
        award = dossier.awards.select_related("decision").get(released_at=None)
        label = inputs.line(number, "number", longest=60)
        inputs.period(starts_on, ends_on)
        wanted = [_condition(row) for row in conditions]
        if len(wanted) > MOST_CONDITIONS:
            raise Refused(_t("An agreement has {most} conditions at most.").format(most=MOST_CONDITIONS))
        agreement = _draft_of(dossier, award)
        agreement.number, agreement.starts_on, agreement.ends_on = label, starts_on, ends_on
        agreement.drafted_by, agreement.drafted_at = as_person(by), clock.now()
        _write_plan(agreement.plan, dossier.plan, award.amount)
        agreement.grant, agreement.eligible = award.amount, agreement.plan.eligible
        _save_numbered(agreement)
        agreement.conditions.all().delete()
        for text, due_on in wanted:
            Condition.objects.create(agreement=agreement, text=text, due_on=due_on)
        journal.write(
            by,
            "agreement.drafted",
            agreement,
            number=label,
            grant=agreement.grant,
            eligible=agreement.eligible,
            starts_on=starts_on,
            ends_on=ends_on,
            conditions=[[text, due_on] for text, due_on in wanted],
        )
        mails.agreement_to_sign(agreement)
    return agreement


@action("agreement.sign_as_beneficiary")
def sign_as_beneficiary(*, agreement: Agreement, by: Actor) -> Agreement:
    """The beneficiary's signature, which names the account that the grant is paid to.

    Raises `Unmet` without confirmed bank details, `Conflict` when it is signed already.
    """
    with locked(agreement.dossier, agreement) as (dossier, agreement):
        permit(by, "agreement.sign_as_beneficiary", dossier)
        if agreement.beneficiary_signed_at is not None:
            raise Conflict(_t("The beneficiary has signed already."))
        details = bank_queries.confirmed(dossier)
        if details is None:
            raise Unmet([_t("Give the bank details of the beneficiary, and confirm them with the code sent by mail.")])
        agreement.bank_details = details
        agreement.beneficiary_signed_by, agreement.beneficiary_signed_at = as_person(by), clock.now()
        agreement.save(update_fields=["bank_details", "beneficiary_signed_by", "beneficiary_signed_at"])
        journal.write(
            by,
            "agreement.signed_by_beneficiary",
            agreement,
            on_behalf=dossier.applicant.name,
            number=agreement.number,
            grant=agreement.grant,
            bank_details=details.pk,
        )
        mails.agreement_signed(agreement)
    return agreement


@action("dossier.contract")
def contract(*, dossier: Dossier, by: Actor) -> Agreement:
    """The programme's signature: the reservation becomes a commitment, and expenses can be claimed.

    Raises `Unmet` until the beneficiary has signed a plan that balances on the award.
    """
    with locked(dossier) as dossier:
        permit(by, "dossier.contract", dossier)
        require(dossier, "contract")
        with locked(dossier.agreement) as agreement:
            person, now, former = as_person(by), clock.now(), dossier.state
            if agreement.beneficiary_signed_by_id == person.pk:
                raise NotAllowed(_t("You signed for the beneficiary, so another programme manager signs."))
            agreement.programme_signed_by, agreement.programme_signed_at = person, now
            agreement.save(update_fields=["programme_signed_by", "programme_signed_at"])
            dossier.contract()
            dossier.contracted_at = now
            dossier.save(update_fields=["state", "contracted_at"])
            ledger.post(
                "contract",
                debit=account(accounts.RESERVED, dossier),
                credit=account(accounts.COMMITTED, dossier),
                amount=agreement.grant,
                key=f"contract:{agreement.award_id}",
            )
            journal.write(
                by,
                "dossier.contracted",
                dossier,
                from_state=former,
                to_state=dossier.state,
                number=agreement.number,
                grant=agreement.grant,
            )
            mails.contracted(agreement)
    return agreement


@action("condition.satisfy")
def satisfy_condition(*, condition: Condition, note: str, by: Actor, document: Document | None = None) -> Condition:
    """Mark a condition of the agreement as met, with the proof. Raises `Conflict` when it is marked already."""
    agreement = condition.agreement
    with locked(agreement.dossier, agreement, condition) as (dossier, agreement, condition):
        permit(by, "condition.satisfy", dossier)
        if condition.satisfied_at is not None:
            raise Conflict
        if document is not None and document.chain != dossier.journal_chain:
            raise Refused(_t("This document belongs to another application."), field="document")
        condition.satisfied_at, condition.satisfied_by = clock.now(), as_person(by)
        condition.evidence, condition.evidence_note = document, inputs.line(note, "note", longest=300)
        condition.save(update_fields=["satisfied_at", "satisfied_by", "evidence", "evidence_note"])
        journal.write(
            by,
            "condition.satisfied",
            dossier,
            condition=condition.text,
            proof=condition.evidence_note,
            sha256=document.digest if document is not None else "",
        )
    return condition


def _draft_of(dossier: Dossier, award: Award) -> Agreement:
    """The agreement to write on: the one that stands, unless it is signed, or a new one."""
    agreement = Agreement.objects.filter(dossier=dossier).select_related("plan").first()
    if agreement is None:
        plan = FinancingPlan.objects.create(created_at=clock.now())
        return Agreement(dossier=dossier, award=award, plan=plan)
    with locked(agreement) as agreement:
        if agreement.beneficiary_signed_at is not None:
            raise Conflict(_t("The beneficiary has signed this agreement, so it can no longer change."))
        return agreement


def _write_plan(plan: FinancingPlan, asked: FinancingPlan, grant: Decimal) -> None:
    """Copy the plan that was asked for, with `grant` euros from the programme, the own contribution balancing it."""
    plan.cost_lines.all().delete()
    plan.resources.all().delete()
    CostLine.objects.bulk_create(
        CostLine(
            plan=plan,
            post=line.post,
            supplier=line.supplier,
            cost=line.cost,
            eligible=line.eligible,
            position=line.position,
        )
        for line in asked.cost_lines.order_by("position", "pk")
    )
    others = [row for row in asked.resources.order_by("position", "pk") if row.kind != ResourceKind.GRANT]
    rest = asked.total_cost - grant - sum((row.amount for row in others), Decimal(0))
    rows = [(ResourceKind.GRANT, "", grant), *((row.kind, row.label, row.amount) for row in others)]
    own = next((place for place, row in enumerate(rows) if row[0] == ResourceKind.OWN), None)
    if own is None and rest:
        rows.append((ResourceKind.OWN, "", rest))
    elif own is not None:
        kind, label, amount = rows[own]
        rows[own] = (kind, label, amount + rest)
    Resource.objects.bulk_create(
        Resource(plan=plan, kind=kind, label=label, amount=amount, position=place)
        for place, (kind, label, amount) in enumerate(rows)
    )


def _save_numbered(agreement: Agreement) -> None:
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError as error:
        raise Refused(_t("Another agreement has this number; choose another one."), field="number") from error


def _condition(row: Mapping[str, Any]) -> tuple[str, date | None]:
    due_on = row.get("due_on")
    text = inputs.line(row.get("text", ""), "text", longest=300)
    return text, None if due_on is None else inputs.day(due_on, "due_on")
