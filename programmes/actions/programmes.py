"""Programmes and what decisions make of them: measures, envelopes, aid rules, targets, declared results (R19-R21).

Money and targets change only by a decision of the programme's steering committee, which every act names.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _t

from kit import clock
from kit.actors import Actor
from kit.errors import Refused
from kit.locks import locked
from kit.money import format_amount
from people.acting import action
from people.permissions import permit
from programmes.actions import inputs
from programmes.models import (
    AidRule,
    Decision,
    DecisionBody,
    DeclaredResult,
    Envelope,
    Measure,
    MeasureStep,
    Programme,
    Target,
    Underspend,
)
from records.actions import journal, ledger
from records.models import Account, Transfer

OPERATORS = ("", ">=", "<=", ">", "<", "=", "≈")


@action("programme.create")
def create_programme(
    *,
    code: str,
    title_fr: str,
    managing_body: str,
    starts_on: date,
    ends_on: date,
    by: Actor,
    title_en: str = "",
    contact_email: str = "",
    fund: str = "FEDER",
    illustrative: bool = False,
) -> Programme:
    """Open a programme, whose `code` is the scope of its roles. Raises `Refused` for a code that is taken."""
    permit(by, "programme.create")
    inputs.period(starts_on, ends_on)
    programme = Programme(
        code=inputs.code(code, "code"),
        title_fr=inputs.line(title_fr, "title_fr", longest=200),
        title_en=inputs.line(title_en, "title_en", longest=200, needed=False),
        managing_body=inputs.line(managing_body, "managing_body", longest=200),
        contact_email=inputs.email(contact_email, "contact_email") if contact_email else "",
        fund=inputs.line(fund, "fund", longest=60),
        starts_on=starts_on,
        ends_on=ends_on,
        illustrative=bool(illustrative),
        created_at=clock.now(),
    )
    _insert(programme, _t("A programme has this code already; choose another one."), "code")
    journal.write(by, "programme.created", programme, code=programme.code, title=programme.title_fr)
    return programme


@action("programme.edit")
def add_measure(
    *, programme: Programme, code: str, step: str, title_fr: str, by: Actor, title_en: str = "", operator: str = ""
) -> Measure:
    """Add an action to the programme, such as 7.4. Raises `Refused` for a code that the programme has already."""
    with locked(programme) as programme:
        permit(by, "programme.edit", programme)
        measure = Measure(
            programme=programme,
            code=inputs.line(code, "code", longest=20),
            step=inputs.choice(step, MeasureStep.values, "step"),
            title_fr=inputs.line(title_fr, "title_fr", longest=200),
            title_en=inputs.line(title_en, "title_en", longest=200, needed=False),
            operator=inputs.line(operator, "operator", longest=200, needed=False),
        )
        _insert(measure, _t("The programme has an action with this code already."), "code")
        journal.write(by, "measure.added", programme, measure=measure.code, step=measure.step, title=measure.title_fr)
    return measure


@action("programme.edit")
def record_programme_decision(
    *, programme: Programme, reference: str, body: str, taken_on: date, text: str, by: Actor
) -> Decision:
    """Keep a decision that was taken about the programme. Raises `Refused` for a date to come or a reference twice."""
    with locked(programme) as programme:
        permit(by, "programme.edit", programme)
        if inputs.day(taken_on, "taken_on") > clock.today():
            raise Refused(_t("A decision is recorded once it is taken; this date is in the future."), field="taken_on")
        decision = Decision(
            programme=programme,
            reference=inputs.line(reference, "reference", longest=60),
            body=inputs.choice(body, DecisionBody.values, "body"),
            taken_on=taken_on,
            text=inputs.paragraph(text, "text"),
        )
        _insert(decision, _t("The programme has a decision with this reference already."), "reference")
        journal.write(
            by, "decision.recorded", programme, decision=decision.reference, body=decision.body, taken_on=taken_on
        )
    return decision


@action("programme.edit")
def open_envelope(
    *,
    measure: Measure,
    code: str,
    amount: Decimal,
    decision: Decision,
    by: Actor,
    fund: str = "",
    planned_total_cost: Decimal | None = None,
) -> Envelope:
    """Set `amount` euros aside for the measure; they stand on the envelope's own account of the ledger."""
    with locked(measure.programme) as programme:
        permit(by, "programme.edit", programme)
        _steering(decision, programme)
        euros = inputs.amount(amount, "amount")
        label = inputs.line(code, "code", longest=40)
        if Envelope.objects.filter(programme=programme, code=label).exists():
            raise Refused(_t("The programme has an envelope with this code already."), field="code")
        account = ledger.open_account(f"envelope:{programme.code}:{label}", "envelope")
        envelope = Envelope.objects.create(
            programme=programme,
            measure=measure,
            code=label,
            fund=inputs.line(fund, "fund", longest=60, needed=False) or programme.fund,
            planned_total_cost=_optional(planned_total_cost, "planned_total_cost"),
            amount=euros,
            decision=decision,
            account=account,
        )
        ledger.post("open", debit=_source(programme), credit=account, amount=euros, key=f"open:{account.code}")
        journal.write(by, "envelope.opened", programme, envelope=label, amount=euros, decision=decision.reference)
    return envelope


@action("programme.edit")
def change_envelope(*, envelope: Envelope, amount: Decimal, decision: Decision, by: Actor) -> Envelope:
    """Raise or lower an envelope to `amount` euros, once for each decision; what is reserved stays reserved.

    Raises `Refused` when less would be left than is reserved or spent already.
    """
    with locked(envelope.programme, envelope) as (programme, envelope):
        permit(by, "programme.edit", programme)
        _steering(decision, programme)
        wanted, former = inputs.amount(amount, "amount"), envelope.amount
        account, source = Account.objects.get(pk=envelope.account_id), _source(programme)
        key = f"change:{account.code}:{decision.pk}"
        if Transfer.objects.filter(key=key).exists():
            raise Refused(_t("This decision has changed this envelope already; record another one."), field="decision")
        if former - wanted > account.balance:
            raise Refused(
                _t("Of this envelope {left} is left, so it can be lowered to {least} at most.").format(
                    left=format_amount(account.balance), least=format_amount(former - account.balance)
                ),
                field="amount",
            )
        if wanted > former:
            ledger.post("change", debit=source, credit=account, amount=wanted - former, key=key)
        else:
            ledger.post("change", debit=account, credit=source, amount=former - wanted, key=key)
        envelope.amount, envelope.decision = wanted, decision
        envelope.save(update_fields=["amount", "decision"])
        journal.write(
            by,
            "envelope.changed",
            programme,
            envelope=envelope.code,
            former=former,
            amount=wanted,
            decision=decision.reference,
        )
    return envelope


@action("programme.edit")
def set_aid_rule(
    *,
    measure: Measure,
    rate: Decimal,
    valid_from: date,
    decision: Decision,
    by: Actor,
    ceiling: Decimal | None = None,
    floor: Decimal | None = None,
    rounding_unit: Decimal = Decimal(1),
    underspend: str = Underspend.NOMINAL,
    advance_share: Decimal = Decimal("0.30"),
    interim_share: Decimal = Decimal("0.80"),
) -> AidRule:
    """How the measure aids from `valid_from` on; the rule before it ends that day (R20). Amounts in euros.

    Raises `Refused` when a rule stands from that day or a later one: what was decided on it would change.
    """
    with locked(measure.programme) as programme:
        permit(by, "programme.edit", programme)
        _steering(decision, programme)
        _close_former(measure.aid_rules.all(), inputs.day(valid_from, "valid_from"))
        if Decimal(rounding_unit) not in (Decimal(1), Decimal("0.01")):
            raise Refused(_t("Round to one euro or to one cent."), field="rounding_unit")
        rule = AidRule.objects.create(
            measure=measure,
            rate=inputs.share(rate, "rate"),
            ceiling=_optional(ceiling, "ceiling"),
            floor=_optional(floor, "floor"),
            rounding_unit=Decimal(rounding_unit),
            underspend=inputs.choice(underspend, Underspend.values, "underspend"),
            advance_share=inputs.share(advance_share, "advance_share"),
            interim_share=inputs.share(interim_share, "interim_share"),
            valid_from=valid_from,
            decision=decision,
        )
        journal.write(
            by,
            "aid_rule.set",
            programme,
            measure=measure.code,
            rate=rule.rate,
            ceiling=rule.ceiling,
            floor=rule.floor,
            rounding_unit=rule.rounding_unit,
            underspend=rule.underspend,
            advance_share=rule.advance_share,
            interim_share=rule.interim_share,
            valid_from=valid_from,
            decision=decision.reference,
        )
    return rule


@action("programme.edit")
def set_target(
    *,
    measure: Measure,
    indicator: str,
    label_fr: str,
    value: Decimal | None,
    unit: str,
    valid_from: date,
    decision: Decision,
    by: Actor,
    label_en: str = "",
    operator: str = "",
) -> Target:
    """A target of the measure from `valid_from` on; the one before it is kept, and ends that day (R19)."""
    with locked(measure.programme) as programme:
        permit(by, "programme.edit", programme)
        _steering(decision, programme)
        name = inputs.line(indicator, "indicator", longest=60)
        _close_former(measure.targets.filter(indicator=name), inputs.day(valid_from, "valid_from"))
        target = Target.objects.create(
            measure=measure,
            indicator=name,
            label_fr=inputs.line(label_fr, "label_fr", longest=200),
            label_en=inputs.line(label_en, "label_en", longest=200, needed=False),
            operator=inputs.choice(operator, list(OPERATORS), "operator"),
            value=value,
            unit=inputs.line(unit, "unit", longest=40, needed=False),
            valid_from=valid_from,
            decision=decision,
        )
        journal.write(
            by,
            "target.set",
            programme,
            measure=measure.code,
            indicator=name,
            operator=operator,
            value=value,
            unit=target.unit,
            valid_from=valid_from,
            decision=decision.reference,
        )
    return target


@action("programme.edit")
def declare_result(
    *,
    measure: Measure,
    indicator: str,
    label_fr: str,
    value: Decimal | None,
    unit: str,
    source: str,
    declared_on: date,
    by: Actor,
    label_en: str = "",
    reached: bool | None = None,
    note: str = "",
) -> DeclaredResult:
    """Keep a figure as its source declares it: it is compared with what is computed, never corrected (R31)."""
    with locked(measure.programme) as programme:
        permit(by, "programme.edit", programme)
        result = DeclaredResult(
            measure=measure,
            indicator=inputs.line(indicator, "indicator", longest=60),
            label_fr=inputs.line(label_fr, "label_fr", longest=200),
            label_en=inputs.line(label_en, "label_en", longest=200, needed=False),
            value=value,
            unit=inputs.line(unit, "unit", longest=40, needed=False),
            reached=reached,
            note=inputs.line(note, "note", longest=300, needed=False),
            source=inputs.line(source, "source", longest=200),
            declared_on=inputs.day(declared_on, "declared_on"),
        )
        _insert(result, _t("This indicator was declared on this date already."), "declared_on")
        journal.write(
            by,
            "result.declared",
            programme,
            measure=measure.code,
            indicator=result.indicator,
            value=value,
            unit=result.unit,
            reached=reached,
            source=result.source,
            declared_on=declared_on,
        )
    return result


def _insert(row: models.Model, taken: str, field: str) -> None:
    """Insert a row whose name must be free. Raises `Refused(taken)` otherwise."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(taken, field=field) from error


def _steering(decision: Decision, programme: Programme) -> None:
    if decision.programme_id != programme.pk:
        raise Refused(_t("This decision is about another programme."), field="decision")
    if decision.body != DecisionBody.STEERING:
        raise Refused(
            _t("Money, rules and targets change by a decision of the steering committee; choose one."),
            field="decision",
        )


def _source(programme: Programme) -> Account:
    """Where the programme's money comes from: the funder's vote, outside the house."""
    return ledger.open_account(f"source:{programme.code}", "source", may_overdraw=True)


def _optional(value: Decimal | None, field: str) -> Decimal | None:
    return None if value is None else inputs.amount(value, field)


def _close_former(rows: Any, valid_from: date) -> None:
    """End what is in force at `valid_from`. Raises `Refused` when something stands from that day or later."""
    latest = rows.order_by("-valid_from").first()
    if latest is None:
        return
    if latest.valid_from >= valid_from:
        raise Refused(
            _t("A later version stands already; choose a date after it starts, so that no past decision changes."),
            field="valid_from",
        )
    if latest.valid_until is None or latest.valid_until > valid_from:
        latest.valid_until = valid_from
        latest.save(update_fields=["valid_until"])
