"""The report on a programme: its realised projects, what they cost and were paid, and where declared figures disagree.

Every figure is computed from accepted expenses, executed orders and recoveries; declared results are compared, never
copied. A project is realised when its grant is settled (paid or closed); what is still under way stands apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils import translation

from grants.lifecycle import State
from grants.models import Dossier
from grants.rules import accounts
from kit import clock
from kit.money import format_amount
from monitoring.models import Certificate, ClaimState, OrderState, PaymentOrder, Recovery
from monitoring.rules import findings as rules
from programmes.models import Call, DeclaredResult, Envelope, Measure, Programme
from programmes.rules.deadlines import end_of_period
from records.models import Account, Transfer

ZERO = Decimal("0.00")
EURO = "EUR"
"""The unit of declared amounts."""
REALISED = (State.PAID, State.CLOSED)
LISTED = (State.CONTRACTED, State.SERVICE_FACT_VERIFIED, *REALISED, State.CANCELLED)
COMPARED = (
    ("projects_retained", "projects_count", rules.COUNT),
    ("total_cost", "eligible_total", rules.MONEY),
    ("erdf", "erdf_total", rules.MONEY),
)
"""Which declared indicator is compared with which total, in order."""


@dataclass
class Figures:
    """What the tables say of each dossier at one moment, by primary key; euros."""

    eligible: dict[int, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    paid: dict[int, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    balances: dict[str, Decimal] = field(default_factory=dict)
    reserved: dict[int, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    """By measure: what selected dossiers without agreement hold of the envelope."""


def build(
    programme_code: str, action: str | None = None, at: date | None = None, language: str | None = None
) -> dict[str, Any]:
    """The report as data for JSON: amounts as text with two decimals, counts as integers.

    Of one `action` (a measure's code), or of all of them under `actions`; as of the end of the day `at` in Paris, or
    now. Raises `LookupError` for an unknown programme or action.
    """
    programme = Programme.objects.filter(code=programme_code).first()
    if programme is None:
        known = ", ".join(Programme.objects.order_by("code").values_list("code", flat=True)) or "none"
        raise LookupError(f"There is no programme {programme_code}; there are: {known}.")
    measures = list(Measure.objects.filter(programme=programme).order_by("code", "pk"))
    chosen = [measure for measure in measures if action in (None, measure.code)]
    if action is not None and not chosen:
        known = ", ".join(measure.code for measure in measures) or "none"
        raise LookupError(f"The programme {programme_code} has no action {action}; there are: {known}.")
    with translation.override(language or translation.get_language()):
        reports = _reports(programme, chosen, at)
        head = {
            "programme": programme.code,
            "title": programme.title,
            "at": at.isoformat() if at else None,
            "generated_at": clock.now().isoformat(timespec="seconds"),
        }
        if action is not None:
            return {**head, **reports[0]}
        return {**head, "actions": reports, "totals": _sum_up([row for item in reports for row in item["projects"]])}


def _reports(programme: Programme, measures: list[Measure], at: date | None) -> list[dict[str, Any]]:
    until = None if at is None else end_of_period(at, 0)
    dossiers: dict[int, list[tuple[Dossier, str]]] = defaultdict(list)
    rows = Dossier.objects.filter(
        programme=programme, call__measure__in=measures, contracted_at__isnull=False
    ).select_related("applicant", "call")
    for dossier in rows.order_by("submitted_at", "reference"):
        state = _state_at(dossier, until)
        if state in LISTED:
            dossiers[dossier.call.measure_id].append((dossier, state))
    figures = _figures(programme, at, until)
    declared = _declared(measures, at)
    managed = set(Call.objects.filter(measure__in=measures).order_by().values_list("measure_id", flat=True))
    envelopes = defaultdict(list)
    for envelope in Envelope.objects.filter(measure__in=measures).select_related("account").order_by("pk"):
        envelopes[envelope.measure_id].append(envelope)
    return [
        _report(
            measure, dossiers[measure.pk], envelopes[measure.pk], figures, declared[measure.pk], measure.pk in managed
        )
        for measure in measures
    ]


def _report(
    measure: Measure,
    dossiers: list[tuple[Dossier, str]],
    envelopes: list[Envelope],
    figures: Figures,
    declared: list[DeclaredResult],
    managed: bool,
) -> dict[str, Any]:
    projects = [_project(dossier, state, figures) for dossier, state in dossiers if state in REALISED]
    under_way = [_project(dossier, state, figures) for dossier, state in dossiers if state not in REALISED]
    totals = _sum_up(projects)
    return {
        "action": measure.code,
        "action_title": measure.title,
        "operator": measure.operator,
        "managed": managed,
        "envelope": _envelope(measure, envelopes, [dossier for dossier, _state in dossiers], figures),
        "projects": projects,
        "totals": totals,
        "under_way": under_way,
        "totals_under_way": _sum_up(under_way),
        "declared": [_declaration(result) for result in declared],
        # An action without call is run elsewhere: there is nothing here to compare its figures with.
        "findings": [_finding(item) for item in rules.findings(_comparisons(declared, totals))] if managed else [],
    }


def _project(dossier: Dossier, state: str, figures: Figures) -> dict[str, Any]:
    return {
        "reference": dossier.reference,
        "beneficiary": dossier.applicant.name,
        "kind": dossier.applicant.kind,
        "department": dossier.department or dossier.applicant.department,
        "object": dossier.title,
        "state": str(state),
        "granted": _text(dossier.granted or ZERO),
        "eligible": _text(figures.eligible[dossier.pk]),
        "erdf": _text(figures.paid[dossier.pk]),
        "ledger": {
            stage: _text(figures.balances.get(accounts.code(stage, dossier), ZERO)) for stage in accounts.STAGES
        },
    }


def _sum_up(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Count and sums of the listed projects."""
    listed = list(rows)
    return {
        "projects": len(listed),
        "eligible": _text(sum((Decimal(row["eligible"]) for row in listed), ZERO)),
        "erdf": _text(sum((Decimal(row["erdf"]) for row in listed), ZERO)),
    }


def _envelope(
    measure: Measure, envelopes: list[Envelope], dossiers: list[Dossier], figures: Figures
) -> dict[str, Any] | None:
    """What was programmed, and at which stage of the ledger it stands (R41); None without an envelope.

    From `reserved` to `remaining`, the stages make what was programmed.
    """
    if not envelopes:
        return None
    planned = [envelope.planned_total_cost for envelope in envelopes if envelope.planned_total_cost is not None]
    left = sum((figures.balances.get(envelope.account.code, ZERO) for envelope in envelopes), ZERO)
    stages = {
        stage: sum((figures.balances.get(accounts.code(stage, dossier), ZERO) for dossier in dossiers), ZERO)
        for stage in accounts.STAGES
        if stage != accounts.RESERVED
    }
    programmed = sum((envelope.amount for envelope in envelopes), ZERO)
    return {
        "planned_total_cost": _text(sum(planned, ZERO)) if planned else None,
        "programmed": _text(programmed),
        accounts.RESERVED: _text(figures.reserved[measure.pk]),
        **{stage: _text(amount) for stage, amount in stages.items()},
        "remaining": _text(left),
    }


# What the tables say


def _figures(programme: Programme, at: date | None, until: datetime | None) -> Figures:
    balances = _balances(until)
    found = Figures(balances=balances, reserved=_reserved(programme, balances))
    for certificate in _in_force(programme, until):
        found.eligible[certificate.dossier_id] += _accepted(certificate, until)
    orders = PaymentOrder.objects.filter(dossier__programme=programme, state=OrderState.EXECUTED)
    if at is not None:
        orders = orders.filter(executed_on__lte=at)
    for dossier, amount in orders.order_by().values_list("dossier_id").annotate(total=Sum("amount")):
        found.paid[dossier] += amount
    recoveries = Recovery.objects.filter(dossier__programme=programme)
    if until is None:
        recoveries = recoveries.filter(cancelled_at=None)
    else:
        kept = Q(cancelled_at=None) | Q(cancelled_at__gte=until)
        recoveries = recoveries.filter(kept, issued_at__lt=until)
    for dossier, amount in recoveries.order_by().values_list("dossier_id").annotate(total=Sum("amount")):
        found.paid[dossier] -= amount
    return found


def _in_force(programme: Programme, until: datetime | None) -> Iterable[Any]:
    """The certificates that counted at `until`, each with the sum accepted on its claim's items now."""
    found = Certificate.objects.filter(dossier__programme=programme, approved_at__isnull=False)
    if until is None:
        found = found.filter(superseded_at=None)
    else:
        found = found.filter(Q(superseded_at=None) | Q(superseded_at__gte=until), approved_at__lt=until)
    return found.select_related("claim").annotate(accepted=Sum("claim__items__accepted")).order_by("pk")


def _accepted(certificate: Any, until: datetime | None) -> Decimal:
    """What the certificate's claim had accepted: its items, unless they are being checked again, or were since."""
    settled = certificate.claim.state in (ClaimState.CERTIFIED, ClaimState.SETTLED)
    if settled and certificate.superseded_at is None:
        return ZERO if certificate.accepted is None else certificate.accepted
    return Decimal(certificate.verified)


def _balances(until: datetime | None) -> dict[str, Decimal]:
    """The balance of every account: the kept one, or what its transfers made it at `until`."""
    if until is None:
        return dict(Account.objects.order_by().values_list("code", "balance"))
    found: dict[str, Decimal] = defaultdict(lambda: ZERO)
    past = Transfer.objects.filter(occurred_at__lt=until).order_by()
    for code, amount in past.values_list("credit__code").annotate(total=Sum("amount")):
        found[code] += amount
    for code, amount in past.values_list("debit__code").annotate(total=Sum("amount")):
        found[code] -= amount
    return dict(found)


def _reserved(programme: Programme, balances: dict[str, Decimal]) -> dict[int, Decimal]:
    """By measure, the sum of the reservations that stand in `balances`."""
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    dossiers = Dossier.objects.filter(programme=programme, submitted_at__isnull=False).order_by()
    for reference, measure in dossiers.values_list("reference", "call__measure"):
        found[measure] += balances.get(f"{accounts.RESERVED}:{reference}", ZERO)
    return found


def _state_at(dossier: Dossier, until: datetime | None) -> str:
    """The state of a contracted dossier at `until`, by its dates; empty before its agreement."""
    if until is None:
        return str(dossier.state)
    dated = (
        (dossier.ended_at, str(dossier.state)),
        (dossier.paid_at, State.PAID),
        (dossier.verified_at, State.SERVICE_FACT_VERIFIED),
        (dossier.contracted_at, State.CONTRACTED),
    )
    return next((str(state) for moment, state in dated if moment is not None and moment < until), "")


# Declared results


def _declared(measures: list[Measure], at: date | None) -> dict[int, list[DeclaredResult]]:
    """By measure, the last declaration of each indicator, in the order of the indicators' first declaration."""
    rows = DeclaredResult.objects.filter(measure__in=measures)
    if at is not None:
        rows = rows.filter(declared_on__lte=at)
    last: dict[int, dict[str, DeclaredResult]] = defaultdict(dict)
    for result in rows.order_by("declared_on", "pk"):
        last[result.measure_id][result.indicator] = result
    return defaultdict(list, {measure: list(results.values()) for measure, results in last.items()})


def _declaration(result: DeclaredResult) -> dict[str, Any]:
    english = translation.get_language() == "en" and result.label_en
    return {
        "indicator": result.indicator,
        "label": result.label_en if english else result.label_fr,
        "value": None if result.value is None else _value(result),
        "unit": result.unit,
        "reached": result.reached,
        "note": result.note,
        "source": result.source,
        "declared_on": result.declared_on.isoformat(),
    }


def _value(result: DeclaredResult) -> str:
    """Euros with two decimals; anything else without decimals that say nothing."""
    if result.unit == EURO:
        return _text(result.value or ZERO)
    return f"{(result.value or ZERO).normalize():f}"


def _comparisons(declared: list[DeclaredResult], totals: dict[str, Any]) -> Iterator[rules.Comparison]:
    values = {result.indicator: result.value for result in declared if result.value is not None}
    computed = {
        "projects_count": Decimal(totals["projects"]),
        "eligible_total": Decimal(totals["eligible"]),
        "erdf_total": Decimal(totals["erdf"]),
    }
    for indicator, code, unit in COMPARED:
        if indicator in values:
            yield rules.Comparison(code, unit, values[indicator], computed[code])


def _finding(found: rules.Finding) -> dict[str, Any]:
    """A finding as data, with its sentence."""
    as_data = _count if found.unit == rules.COUNT else _text
    as_words = _words if found.unit == rules.COUNT else format_amount
    figures = {"declared": found.declared, "computed": found.computed, "difference": found.difference}
    return {
        "code": found.code,
        **{name: as_data(value) for name, value in figures.items()},
        "text": str(rules.SENTENCES[found.code]).format(**{name: as_words(value) for name, value in figures.items()}),
    }


def _text(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _count(value: Decimal) -> int | str:
    """An integer; a declared fraction stays as it was declared."""
    return int(value) if value == value.to_integral_value() else f"{value:f}"


def _words(value: Decimal) -> str:
    return str(_count(value))
