"""The beneficiary's side: claims with their invoices, filed by a signatory, contested where something is rejected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _t

from grants.models import Agreement, CostLine, Dossier
from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, Refused
from kit.lifecycle import require
from kit.locks import locked
from kit.text import format_date
from monitoring import mails
from monitoring.models import Claim, ClaimKind, ClaimState, Contest, ExpenseItem
from people.acting import action, as_person
from people.permissions import permit
from programmes.actions import inputs
from records.actions import documents, journal
from records.models import Document

MOST_ITEMS = 500


@action("claim.edit")
def open_claim(*, dossier: Dossier, kind: str, by: Actor) -> Claim:
    """Begin a claim: an advance, an interim payment or the final balance.

    Raises `Refused` for a second advance or final claim, or while another draft is open.
    """
    with locked(dossier) as dossier:
        permit(by, "claim.edit", dossier)
        inputs.choice(kind, ClaimKind.values, "kind")
        _check_kind(kind, list(dossier.claims.order_by("number")))
        number = (dossier.claims.aggregate(last=Max("number"))["last"] or 0) + 1
        claim = Claim.objects.create(
            dossier=dossier, number=number, kind=kind, created_by=as_person(by), created_at=clock.now()
        )
        journal.write(by, "claim.opened", dossier, on_behalf=dossier.applicant.name, claim=number, kind=kind)
    return claim


@action("claim.edit")
def drop_claim(*, claim: Claim, by: Actor) -> None:
    """Drop a claim that was not filed, with its expenses; their documents stay in the records."""
    with locked(claim.dossier, claim) as (dossier, claim):
        _permit_edit(by, dossier, claim)
        journal.write(by, "claim.dropped", dossier, on_behalf=dossier.applicant.name, claim=claim.number)
        claim.delete()


@action("claim.edit")
def add_item(
    *,
    claim: Claim,
    supplier: str,
    invoice_number: str,
    invoiced_on: date,
    paid_on: date,
    claimed: Decimal,
    by: Actor,
    cost_line: CostLine | None = None,
    upload: Any = None,
) -> ExpenseItem:
    """List one paid invoice, in euros, with its document.

    Raises `Refused` for an invoice outside the agreement's period, not paid yet, or claimed already.
    """
    _permit_edit(by, claim.dossier, claim)
    # Before the locks: bytes travel, and nobody waits for them.
    document = None if upload is None else _store(claim.dossier, upload, f"{supplier} {invoice_number}", by)
    # The beneficiary's row too: an invoice is compared with those of all its projects.
    with locked(claim.dossier, claim, claim.dossier.applicant) as (dossier, claim, _beneficiary):
        _permit_edit(by, dossier, claim)
        if claim.kind == ClaimKind.ADVANCE:
            raise Refused(_t("An advance is paid before anything is spent: it lists no expense."))
        if claim.items.count() >= MOST_ITEMS:
            raise Refused(_t("A claim lists {most} expenses at most.").format(most=MOST_ITEMS))
        item = ExpenseItem(
            claim=claim,
            cost_line=cost_line,
            supplier=inputs.line(supplier, "supplier", longest=200),
            invoice_number=inputs.line(invoice_number, "invoice_number", longest=60),
            invoiced_on=inputs.day(invoiced_on, "invoiced_on"),
            paid_on=inputs.day(paid_on, "paid_on"),
            claimed=inputs.amount(claimed, "claimed"),
            document=document,
        )
        _check_item(item, Agreement.objects.select_related("dossier").get(dossier=dossier))
        item.save()
        journal.write(
            by,
            "claim.item_added",
            dossier,
            on_behalf=dossier.applicant.name,
            claim=claim.number,
            supplier=item.supplier,
            invoice=item.invoice_number,
            claimed=item.claimed,
            sha256="" if document is None else document.digest,
        )
    return item


@action("claim.edit")
def attach_invoice(*, item: ExpenseItem, upload: Any, by: Actor) -> ExpenseItem:
    """Give an expense its document, or another one; the former stays in the records."""
    _permit_edit(by, item.claim.dossier, item.claim)
    document = _store(item.claim.dossier, upload, str(item), by)
    with locked(item.claim.dossier, item.claim, item) as (dossier, claim, item):
        _permit_edit(by, dossier, claim)
        item.document = document
        item.save(update_fields=["document"])
        journal.write(
            by,
            "claim.invoice_attached",
            dossier,
            on_behalf=dossier.applicant.name,
            claim=claim.number,
            invoice=item.invoice_number,
            sha256=document.digest,
        )
    return item


@action("claim.edit")
def remove_item(*, item: ExpenseItem, by: Actor) -> None:
    """Take an expense out of a claim that was not filed."""
    with locked(item.claim.dossier, item.claim, item) as (dossier, claim, item):
        _permit_edit(by, dossier, claim)
        journal.write(
            by,
            "claim.item_removed",
            dossier,
            on_behalf=dossier.applicant.name,
            claim=claim.number,
            invoice=item.invoice_number,
            claimed=item.claimed,
        )
        item.delete()


@action("claim.submit")
def submit_claim(*, claim: Claim, by: Actor) -> Claim:
    """File the claim: the signatory certifies that its expenses were made for the project and paid.

    Filing it again answers the same claim. Raises `Unmet` for undocumented expenses or while another claim is open.
    """
    with locked(claim.dossier, claim) as (dossier, claim):
        permit(by, "claim.submit", dossier)
        if claim.state == ClaimState.SUBMITTED and claim.submitted_by_id == as_person(by).pk:
            return claim
        require(claim, "submit")
        claim.submit()
        claim.submitted_by, claim.submitted_at = as_person(by), clock.now()
        claim.save(update_fields=["state", "submitted_by", "submitted_at"])
        journal.write(
            by,
            "claim.submitted",
            dossier,
            state=claim.state,
            on_behalf=dossier.applicant.name,
            claim=claim.number,
            kind=claim.kind,
            claimed=claim.claimed,
            items=[[item.supplier, item.invoice_number, item.claimed] for item in claim.items.order_by("pk")],
        )
        mails.claim_received(claim)
        mails.claim_to_check(claim)
    return claim


@action("claim.contest")
def contest(*, claim: Claim, text: str, by: Actor) -> Contest:
    """Hold something against a rejection: the claim is checked again, in a new version.

    Raises `Unmet` after the call's period, where nothing was rejected, or while a payment is on its way.
    """
    with locked(claim.dossier, claim) as (dossier, claim):
        permit(by, "claim.contest", dossier)
        if claim.contests.filter(settled_at=None).exists():
            raise Conflict(_t("This check is contested already; wait for the new certificate."))
        require(claim, "contest")
        filed = Contest.objects.create(
            dossier=dossier,
            claim=claim,
            text=inputs.paragraph(text, "text"),
            filed_by=as_person(by),
            filed_at=clock.now(),
        )
        claim.contest()
        claim.version += 1
        claim.save(update_fields=["state", "version"])
        journal.write(
            by,
            "claim.contested",
            dossier,
            state=claim.state,
            on_behalf=dossier.applicant.name,
            reason=filed.text,
            claim=claim.number,
            version=claim.version,
        )
        mails.claim_contested(filed)
    return filed


def _store(dossier: Dossier, upload: Any, label: str, by: Actor) -> Document:
    return documents.store(upload, by=by, chain=dossier.journal_chain, kind="invoice", label=label)


def _check_kind(kind: str, claims: list[Claim]) -> None:
    """Raise `Refused` for a claim that cannot follow those there are: one advance, before all; one final, the last."""
    if kind != ClaimKind.INTERIM and any(claim.kind == kind for claim in claims):
        raise Refused(_t("A project has one advance and one final claim; this one exists already."), field="kind")
    if any(claim.kind == ClaimKind.FINAL for claim in claims):
        raise Refused(_t("The final claim exists already; nothing is claimed after it."), field="kind")
    if any(claim.state == ClaimState.DRAFT for claim in claims):
        raise Refused(_t("Finish or drop the claim that you are preparing first."), field="kind")
    if kind == ClaimKind.ADVANCE and claims:
        raise Refused(_t("An advance comes before any other claim."), field="kind")


def _permit_edit(by: Actor, dossier: Dossier, claim: Claim) -> None:
    permit(by, "claim.edit", dossier)
    if claim.state != ClaimState.DRAFT:
        raise Conflict(_t("This claim is filed, so it can no longer change."))


def _check_item(item: ExpenseItem, agreement: Agreement) -> None:
    """Raise `Refused` for an expense that cannot belong to the agreement."""
    if not item.claimed:
        raise Refused(_t("Write the amount of the invoice, above zero."), field="claimed")
    for field in ("invoiced_on", "paid_on"):
        if not agreement.starts_on <= getattr(item, field) <= agreement.ends_on:
            raise Refused(
                _t("The agreement covers expenses made and paid from {start} to {end}.").format(
                    start=format_date(agreement.starts_on), end=format_date(agreement.ends_on)
                ),
                field=field,
            )
    if item.paid_on < item.invoiced_on:
        raise Refused(_t("An invoice is paid on its date or later."), field="paid_on")
    if item.paid_on > clock.today():
        raise Refused(_t("List invoices once they are paid."), field="paid_on")
    if item.cost_line is not None and item.cost_line.plan_id != agreement.plan_id:
        raise Refused(_t("This item belongs to another plan; choose one of the agreement's."), field="cost_line")
    twin = _twin(item, agreement.dossier)
    if twin is not None:
        raise Refused(
            _t("The invoice {invoice} of {supplier} is claimed already, in claim no. {number} of {reference}.").format(
                invoice=item.invoice_number,
                supplier=item.supplier,
                number=twin.claim.number,
                reference=twin.claim.dossier.reference,
            ),
            field="invoice_number",
        )


def _twin(item: ExpenseItem, dossier: Dossier) -> ExpenseItem | None:
    """The same invoice, claimed by the beneficiary anywhere in the programme: nothing is paid twice."""
    same = _plain(item)
    others = ExpenseItem.objects.filter(
        claim__dossier__applicant=dossier.applicant_id, claim__dossier__programme=dossier.programme_id
    )
    # Compared here: neither database folds the case of accented letters alike.
    rows = others.select_related("claim__dossier").order_by("pk")
    return next((other for other in rows if _plain(other) == same), None)


def _plain(item: ExpenseItem) -> tuple[str, str]:
    """Supplier and number without case and spaces, which typists vary."""
    return "".join(item.supplier.split()).casefold(), "".join(item.invoice_number.split()).casefold()
