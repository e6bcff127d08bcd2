"""What must hold of the money whatever happened (TRUST, I1 and I2), checked after every scenario and by the demo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Sum

from grants.models import Agreement, Dossier
from grants.rules import accounts, funding
from monitoring.models import Certificate, ClaimKind, OrderState, PaymentOrder, Recovery
from programmes.models import Envelope
from records.models import Account

ZERO = Decimal("0.00")


def violations(programme_code: str = "") -> list[str]:
    """Every way in which the money of a programme (of all of them when none is named) breaks its rules."""
    dossiers = Dossier.objects.exclude(granted=None).select_related("call").order_by("pk")
    envelopes = Envelope.objects.select_related("account").order_by("pk")
    if programme_code:
        dossiers = dossiers.filter(programme__code=programme_code)
        envelopes = envelopes.filter(programme__code=programme_code)
    stages = _stages(list(dossiers))
    found = list(_of_envelopes(list(envelopes), list(dossiers), stages))
    agreements = Agreement.objects.filter(dossier__in=dossiers).select_related("award__aid_rule", "dossier")
    for agreement in agreements.order_by("pk"):
        found.extend(_of_agreement(agreement, stages[agreement.dossier.reference]))
    return found


def _stages(dossiers: list[Dossier]) -> dict[str, dict[str, Decimal]]:
    """By reference and stage, the kept balances."""
    found: dict[str, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(accounts.STAGES, ZERO))
    wanted = {dossier.reference for dossier in dossiers}
    rows = Account.objects.filter(kind__in=accounts.STAGES).order_by().values_list("code", "balance")
    for code, balance in rows:
        stage, _colon, reference = code.partition(":")
        if reference in wanted:
            found[reference][stage] = balance
    return found


def _of_envelopes(
    envelopes: list[Envelope], dossiers: list[Dossier], stages: dict[str, dict[str, Decimal]]
) -> Iterator[str]:
    """I1: what was given out and what is left make the envelope, to the cent."""
    given: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for dossier in dossiers:
        given[dossier.call.envelope_id] += sum(stages[dossier.reference].values(), ZERO)
    for envelope in envelopes:
        left = envelope.account.balance
        if left < 0 or left + given[envelope.pk] != envelope.amount:
            yield (
                f"I1 envelope {envelope}: {left} left and {given[envelope.pk]} given out do not make {envelope.amount}"
            )


def _of_agreement(agreement: Agreement, stages: dict[str, Decimal]) -> Iterator[str]:
    """I2: nothing is paid beyond the entitlement, but for the advance; nothing beyond the grant."""
    dossier, rule = agreement.dossier, funding.AidRule.of(agreement.award.aid_rule)
    name = f"I2 {dossier.reference}"
    executed = PaymentOrder.objects.filter(dossier=dossier, state=OrderState.EXECUTED)
    paid = _total(executed) - _total(Recovery.objects.live().filter(dossier=dossier))
    if paid != stages[accounts.PAID]:
        yield f"{name}: orders and recoveries make {paid}, the ledger says {stages[accounts.PAID]}"
    verified = _total(Certificate.objects.in_force().filter(dossier=dossier), "verified")
    entitled = funding.entitled(rule, grant=agreement.grant, eligible=agreement.eligible, verified=verified)
    if entitled > rule.down(rule.rate * verified):
        yield f"{name}: entitled to {entitled}, above the rate on {verified}"
    advance = _total(executed.filter(claim__kind=ClaimKind.ADVANCE))
    if advance > funding.advance(rule, grant=agreement.grant):
        yield f"{name}: the advance {advance} is above its share of {agreement.grant}"
    if paid - min(advance, paid) > entitled:
        yield f"{name}: {paid} paid, of which {advance} in advance, above the entitlement {entitled}"
    if paid > agreement.grant:
        yield f"{name}: {paid} paid, above the grant {agreement.grant}"
    certified = sum((stages[stage] for stage in (accounts.ADVANCED, accounts.VERIFIED, accounts.ORDERED)), paid)
    if certified > agreement.grant:
        yield f"{name}: {certified} paid or to be paid, above the grant {agreement.grant}"


def _total(rows: object, column: str = "amount") -> Decimal:
    total: Decimal | None = rows.aggregate(total=Sum(column))["total"]  # type: ignore[attr-defined]
    return ZERO if total is None else total
