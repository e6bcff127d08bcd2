"""The money of a dossier: what it would get, what stands in its way, and where its grant stands in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _t

from grants.models import Dossier
from grants.rules import accounts, funding
from kit.money import format_amount
from kit.related import is_joined
from kit.text import format_date
from programmes.models import AidRule
from records.models import Account


def rule_on(dossier: Dossier, day: date) -> AidRule | None:
    """The aid rule of the dossier's measure in force on `day`, if there is one (R20)."""
    return dossier.aid_rule_on(day)


def before_envelope(dossier: Dossier, day: date) -> Decimal | None:
    """What the dossier would get on `day` from a full envelope, in euros; None without an aid rule (F2)."""
    rule = rule_on(dossier, day)
    if rule is None:
        return None
    return funding.before_envelope(funding.AidRule.of(rule), eligible=dossier.eligible, requested=dossier.requested)


def shortage(dossier: Dossier, day: date, left: Decimal | None = None) -> Iterator[str]:
    """Why no grant can be decided on `day`, each reason a sentence; nothing when one can (F2, CPR art. 73).

    `left` is what the envelope still holds, in euros, where the caller has read it.
    """
    rule = rule_on(dossier, day)
    if rule is None:
        yield _t(
            "No aid rule is in force for action {measure} on {day}: set one by a steering committee's decision."
        ).format(measure=dossier.call.measure.code, day=format_date(day))
        return
    envelope, terms = dossier.call.envelope, funding.AidRule.of(rule)
    if left is None:
        left = envelope.account.balance if is_joined(envelope, "account") else envelope.left
    wanted = funding.before_envelope(terms, eligible=dossier.eligible, requested=dossier.requested)
    grant = funding.grant(terms, eligible=dossier.eligible, requested=dossier.requested, left=left)
    if not wanted:
        yield _t("The plan gives no right to a grant: no eligible expense, or nothing asked for.")
    elif not terms.down(left):
        yield _t(
            "Nothing is left in the envelope {envelope}: place the application on the reserve list, or change the "
            "envelope by a steering committee's decision."
        ).format(envelope=envelope.code)
    elif left < wanted and not dossier.call.allows_partial_awards:
        yield _t(
            "The envelope {envelope} lacks {missing}: place the application on the reserve list, or change the "
            "envelope by a steering committee's decision."
        ).format(envelope=envelope.code, missing=format_amount(wanted - left))
    elif grant.below_floor:
        yield _t("The grant would be below the least that this action pays out, {floor}.").format(
            floor=format_amount(rule.floor or Decimal(0))
        )


def stages(dossier: Dossier) -> dict[str, Decimal]:
    """The euros that stand at each stage of the ledger, by stage, in the order in which money climbs them."""
    codes = {accounts.code(stage, dossier): stage for stage in accounts.STAGES}
    found = dict.fromkeys(accounts.STAGES, Decimal("0.00"))
    for code, balance in Account.objects.filter(code__in=codes).order_by().values_list("code", "balance"):
        found[codes[code]] = balance
    return found
