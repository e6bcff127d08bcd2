"""What strikes the eye in a claim before it is checked: invoices seen elsewhere, dates outside the agreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _t

from grants.models import Agreement
from kit.text import format_date
from monitoring.models import Claim, ExpenseItem


@dataclass(frozen=True)
class Finding:
    """One sentence about one expense; `tone` is bad or wait."""

    tone: str
    text: str


def findings(claim: Claim, items: Iterable[ExpenseItem]) -> list[Finding]:
    """The findings about the items of a claim, in their order; one query for all duplicates."""
    rows = list(items)
    elsewhere = _elsewhere(claim, rows)
    agreement = Agreement.objects.filter(dossier=claim.dossier_id).first()
    found: list[Finding] = []
    for item in rows:
        for other in elsewhere[_identity(item)]:
            sentence = _t("{item}: the same invoice stands in claim {claim}.")
            found.append(Finding("bad", sentence.format(item=item, claim=other.claim)))
        if agreement is not None:
            found += _outside(item, agreement)
    return found


def _identity(item: ExpenseItem) -> tuple[str, str]:
    return item.supplier.casefold().strip(), item.invoice_number.casefold().strip()


def _elsewhere(claim: Claim, items: list[ExpenseItem]) -> dict[tuple[str, str], list[ExpenseItem]]:
    """Items of other claims with the same supplier and invoice number."""
    numbers = {item.invoice_number for item in items}
    others = ExpenseItem.objects.filter(invoice_number__in=numbers).exclude(claim=claim)
    found: dict[tuple[str, str], list[ExpenseItem]] = defaultdict(list)
    for other in others.select_related("claim__dossier").order_by("pk"):
        found[_identity(other)].append(other)
    return found


def _outside(item: ExpenseItem, agreement: Agreement) -> list[Finding]:
    if item.invoiced_on < agreement.starts_on:
        sentence = _t("{item}: invoiced on {day}, before expenses were eligible ({start}).")
        start = format_date(agreement.starts_on)
        return [Finding("wait", sentence.format(item=item, day=format_date(item.invoiced_on), start=start))]
    if item.paid_on > agreement.ends_on:
        sentence = _t("{item}: paid on {day}, after the end of the project ({end}).")
        end = format_date(agreement.ends_on)
        return [Finding("wait", sentence.format(item=item, day=format_date(item.paid_on), end=end))]
    return []
