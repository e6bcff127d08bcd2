"""Payment claims: opened, filled with invoices, filed by a signatory, contested after a rejection."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grants.models import CostLine, Dossier
from grants.queries import parts as reading
from kit.lifecycle import missing
from kit.money import MoneyFormField, format_amount
from monitoring.actions import claims
from monitoring.models import Claim, ClaimKind, ClaimState
from monitoring.queries import certificates
from people.permissions import may
from web.applicant.access import applicant_dossier, own_dossier
from web.applicant.deciding import ask
from web.applicant.money import agreement_of
from web.forms import CleanCharField, CleanTextarea, DayField, EscalierForm, PaperField, choices_of
from web.pages import act, page
from web.shared.acts import PersonRequest, done


class KindForm(EscalierForm):
    """What kind of payment is claimed."""

    kind = forms.ChoiceField(label=_("What you claim"), choices=ClaimKind.choices, widget=forms.RadioSelect)


class ItemForm(EscalierForm):
    """One invoice."""

    supplier = CleanCharField(label=_("Supplier"), max_length=200)
    invoice_number = CleanCharField(label=_("Invoice number"), max_length=60)
    invoiced_on = DayField(label=_("Date of the invoice"))
    paid_on = DayField(label=_("Paid on"))
    claimed = MoneyFormField(label=_("Amount claimed, in euros"), min_value=0)
    cost_line = forms.ChoiceField(label=_("Item of the budget"), required=False)
    file = PaperField(label=_("Invoice, with the proof of payment"), required=False)

    def __init__(self, *args: Any, lines: list[CostLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.fields["cost_line"].choices = choices_of(lines, empty=_("No item"))  # type: ignore[attr-defined]

    @property
    def answer(self) -> dict[str, Any]:
        """The arguments of the act."""
        given = dict(self.cleaned_data)
        given["upload"] = given.pop("file")
        given["cost_line"] = next((line for line in self.lines if str(line.pk) == given["cost_line"]), None)
        return given


class PaperForm(EscalierForm):
    """The document of an invoice."""

    file = PaperField(label=_("Invoice, with the proof of payment"))


class CertifyForm(EscalierForm):
    """What the signatory certifies; an advance is asked for before any expense is made."""

    certified = forms.BooleanField(
        label=_("I certify, for the beneficiary, that these expenses were made for the project and are paid.")
    )

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if claim.kind == ClaimKind.ADVANCE:
            asked = _t("I ask, for the beneficiary, for the advance that the agreement allows.")
            self.fields["certified"].label = asked


class ContestForm(EscalierForm):
    """What the beneficiary holds against the check."""

    text = CleanTextarea(
        label=_("What you contest"), help_text=_("Name the invoices, and answer the reasons given."), max_length=10_000
    )


@page("claim.edit")
def new(request: PersonRequest, reference: str) -> HttpResponse:
    """Open a claim; what is missing to it is said."""
    dossier = applicant_dossier(request, reference)
    form = KindForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        opened = act(request, form, claims.open_claim, dossier=dossier, kind=form.cleaned_data["kind"])
        if opened:
            return redirect("applicant:claim", reference, opened.number)
    return ask(request, dossier, form, _t("Claim a payment"), _t("Go on"), back_url=_money(dossier))


@page("dossier.view", methods=["GET"])
def claim(request: PersonRequest, reference: str, number: int) -> HttpResponse:
    """One claim: its invoices, what was accepted and why not, what can be done."""
    dossier = own_dossier(request, reference)
    if reading.PAYMENTS not in reading.parts(request.user, dossier):
        raise Http404(reference)
    found = _claim(dossier, number)
    draft = found.state == ClaimState.DRAFT
    context = {
        "dossier": dossier,
        "claim": found,
        "items": found.items.select_related("document", "cost_line").order_by("pk"),
        "draft": draft,
        "may_edit": draft and may(request.user, "claim.edit", dossier),
        "may_submit": draft and may(request.user, "claim.submit", dossier),
        "may_contest": _may_contest(request, found),
        "missing": missing(found, "submit") if draft else [],
        "certificate": certificates.in_force(found),
    }
    return render(request, "applicant/claim.html", context)


def _may_contest(request: PersonRequest, found: Claim) -> bool:
    checked = found.state in (ClaimState.CERTIFIED, ClaimState.SETTLED)
    return checked and may(request.user, "claim.contest", found.dossier) and not missing(found, "contest")


@page("claim.edit")
def add(request: PersonRequest, reference: str, number: int) -> HttpResponse:
    """Add one invoice to a claim in preparation."""
    dossier, found = _draft(request, reference, number)
    agreement = agreement_of(dossier)
    lines = list(agreement.plan.cost_lines.all()) if agreement else []
    form = ItemForm(request.POST, request.FILES, lines=lines) if request.method == "POST" else ItemForm(lines=lines)
    if form.is_bound and form.is_valid() and act(request, form, claims.add_item, claim=found, **form.answer):
        return done(request, _t("The invoice is added."), "applicant:claim", reference, number)
    return ask(request, dossier, form, _t("Add an invoice"), _t("Add"), back_url=_place(found))


@page("claim.edit", methods=["POST"])
def remove(request: PersonRequest, reference: str, number: int, pk: int) -> HttpResponse:
    """Take an invoice out of a claim in preparation."""
    _dossier, found = _draft(request, reference, number)
    item = found.items.filter(pk=pk).first()
    if item is None:
        raise Http404(pk)
    if act(request, None, claims.remove_item, item=item):
        messages.success(request, _t("The invoice is taken out."))
    return redirect("applicant:claim", reference, number)


@page("claim.edit")
def attach(request: PersonRequest, reference: str, number: int, pk: int) -> HttpResponse:
    """Give an invoice its document, or another one."""
    dossier, found = _draft(request, reference, number)
    item = found.items.select_related("claim__dossier", "document").filter(pk=pk).first()
    if item is None:
        raise Http404(pk)
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    sent = form.is_bound and form.is_valid()
    if sent and act(request, form, claims.attach_invoice, item=item, upload=form.cleaned_data["file"]):
        return done(request, _t("The document is attached."), "applicant:claim", reference, number)
    facts = [(_t("Invoice"), str(item)), (_t("Document"), str(item.document or _t("None")))]
    return ask(request, dossier, form, _t("Attach the invoice"), _t("Attach"), facts=facts, back_url=_place(found))


@page("claim.edit", methods=["POST"])
def drop(request: PersonRequest, reference: str, number: int) -> HttpResponse:
    """Drop a claim in preparation, with its invoices."""
    _dossier, found = _draft(request, reference, number)
    if act(request, None, claims.drop_claim, claim=found):
        return done(request, _t("The claim is dropped."), "applicant:expenses", reference)
    return redirect("applicant:claim", reference, number)


@page("claim.submit")
def submit(request: PersonRequest, reference: str, number: int) -> HttpResponse:
    """The signatory certifies the expenses and files the claim."""
    dossier = applicant_dossier(request, reference)
    found = _claim(dossier, number)
    form = CertifyForm(request.POST if request.method == "POST" else None, claim=found)
    if form.is_bound and form.is_valid() and act(request, form, claims.submit_claim, claim=found):
        return done(request, _t("The claim is filed."), "applicant:claim", reference, number)
    facts = [(_t("What you claim"), found.get_kind_display())]
    if found.kind != ClaimKind.ADVANCE:
        facts.append((_t("Total claimed"), format_amount(found.claimed)))
    more: dict[str, Any] = {"facts": facts, "back_url": _place(found)}
    if found.state != ClaimState.DRAFT:
        more["refused"] = _t("This claim is filed already.")
    elif not form.is_bound:
        more["missing"] = missing(found, "submit")
    return ask(request, dossier, form, _t("File the claim"), _t("Certify and file"), **more)


@page("claim.contest")
def contest(request: PersonRequest, reference: str, number: int) -> HttpResponse:
    """The beneficiary contests what was rejected; the service checks again."""
    dossier = applicant_dossier(request, reference)
    found = _claim(dossier, number)
    form = ContestForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and act(request, form, claims.contest, claim=found, **form.cleaned_data):
        return done(request, _t("The check is contested."), "applicant:claim", reference, number)
    rejected = [(str(item), f"{format_amount(item.rejected)}: {item.reason}") for item in _rejected(found)]
    more = {"facts": rejected, "back_url": _place(found)}
    return ask(request, dossier, form, _t("Contest the check"), _t("Contest"), **more)


def _rejected(found: Claim) -> list[Any]:
    return [item for item in found.items.order_by("pk") if item.rejected]


def _draft(request: PersonRequest, reference: str, number: int) -> tuple[Dossier, Claim]:
    """A claim that can still be changed; one that was filed has no such page."""
    dossier = applicant_dossier(request, reference)
    found = _claim(dossier, number)
    if found.state != ClaimState.DRAFT:
        raise Http404(number)
    return dossier, found


def _claim(dossier: Dossier, number: int) -> Claim:
    found = Claim.objects.filter(dossier=dossier, number=number).select_related("dossier").first()
    if found is None:
        raise Http404(number)
    return found


def _place(found: Claim) -> str:
    return reverse("applicant:claim", args=[found.dossier.reference, found.number])


def _money(dossier: Dossier) -> str:
    return reverse("applicant:expenses", args=[dossier.reference])
