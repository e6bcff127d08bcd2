"""Agreement and account: what both parties sign, and where the grant is paid."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grants.actions import agreements
from grants.actions import bank as bank_actions
from grants.models import Agreement, Dossier
from grants.queries import bank, money
from grants.queries import parts as reading
from kit.money import format_amount
from kit.text import format_date
from people.permissions import may
from web.applicant.access import applicant_dossier, own_dossier
from web.applicant.deciding import ask
from web.applicant.follow import BUTTONS, TYPE_CODE, awaits_code, frame
from web.forms import CleanCharField, EscalierForm, IbanField
from web.pages import act, page
from web.shared.acts import PersonRequest, done

STAGES = {
    "reserved": _("Reserved for the project"),
    "committed": _("Committed by the agreement"),
    "advanced": _("Advance to be paid"),
    "verified": _("Verified, to be paid"),
    "ordered": _("Payment ordered"),
    "paid": _("Paid"),
    "recovered": _("To be paid back"),
}


class BankForm(EscalierForm):
    """The account that the grant is paid to."""

    iban = IbanField(label=_("IBAN"), help_text=_("Copy it from the bank's own document."))
    holder = CleanCharField(label=_("Account holder"), max_length=140)


class CodeForm(EscalierForm):
    """The six digits that were mailed."""

    code = CleanCharField(
        label=_("Code received by mail"),
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "es-w-amount"}),
    )


class SignForm(EscalierForm):
    """What the signatory agrees to."""

    agreed = forms.BooleanField(label=_("I sign this agreement for the beneficiary."))


@page("dossier.view", methods=["GET"])
def expenses(request: PersonRequest, reference: str) -> HttpResponse:
    """The agreement, the account and where the grant stands."""
    dossier = own_dossier(request, reference)
    readable = reading.parts(request.user, dossier)
    if reading.PAYMENTS not in readable:
        raise Http404(reference)
    agreement = agreement_of(dossier)
    own_bank = reading.BANK in readable
    context = {
        **frame(request, dossier),
        "agreement": agreement,
        "conditions": agreement.conditions.order_by("pk") if agreement else [],
        "own_bank": own_bank,
        "confirmed": bank.confirmed(dossier) if own_bank else None,
        "pending": bank.pending(dossier) if own_bank else None,
        "may_bank": may(request.user, "bank.edit", dossier),
        "may_sign": _may_sign(request, dossier, agreement),
        "claims": dossier.claims.prefetch_related("items").order_by("number"),
        "may_claim": may(request.user, "claim.edit", dossier),
        "services": dossier.services.select_related("usage_report").order_by("pk"),
        "may_record": may(request.user, "service.record", dossier),
        "may_report": may(request.user, "usage_report.fill", dossier),
        "stages": [(STAGES[stage], amount) for stage, amount in money.stages(dossier).items() if amount],
    }
    return render(request, "applicant/expenses.html", context)


def agreement_of(dossier: Dossier) -> Agreement | None:
    """The agreement of the dossier, once drafted."""
    return Agreement.objects.filter(dossier=dossier).select_related("plan").first()


def _may_sign(request: PersonRequest, dossier: Dossier, agreement: Agreement | None) -> bool:
    unsigned = agreement is not None and agreement.beneficiary_signed_at is None
    return unsigned and may(request.user, "agreement.sign_as_beneficiary", dossier)


@page("bank.edit")
def enter(request: PersonRequest, reference: str) -> HttpResponse:
    """Give the account to pay to; the code that confirms it is mailed."""
    dossier = applicant_dossier(request, reference)
    form = BankForm(request.POST if request.method == "POST" else None)
    if (
        form.is_bound
        and form.is_valid()
        and act(request, form, bank_actions.enter_bank_details, dossier=dossier, **form.cleaned_data)
    ):
        return done(request, _t("A code of six digits was mailed to you."), "applicant:confirm_bank", reference)
    confirmed = bank.confirmed(dossier)
    facts = [(_t("Account in use"), confirmed.masked if confirmed else _t("None"))]
    return ask(
        request, dossier, form, _t("Bank details"), _t("Receive the code"), facts=facts, back_url=_money(dossier)
    )


@page("bank.edit")
def confirm(request: PersonRequest, reference: str) -> HttpResponse:
    """Confirm the account with the code of the mail."""
    dossier = applicant_dossier(request, reference)
    details = bank.pending(dossier)
    if details is None:
        return redirect("applicant:bank", reference)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        code = form.cleaned_data["code"]
        if act(request, form, bank_actions.confirm_bank_details, details=details, code=code):
            return done(request, _t("The account is confirmed."), "applicant:expenses", reference)
    facts = [(_t("Account to confirm"), details.masked), (_t("Account holder"), details.holder)]
    return ask(request, dossier, form, _t("Confirm the account"), _t("Confirm"), facts=facts, back_url=_money(dossier))


@page("bank.view_full", methods=["POST"])
def reveal(request: PersonRequest, reference: str) -> HttpResponse:
    """Show the whole account number once; that it was read is journalled."""
    dossier = applicant_dossier(request, reference)
    number = act(request, None, bank_actions.reveal_bank_details, dossier=dossier)
    if not number:
        return redirect("applicant:expenses", reference)
    response = render(request, "applicant/reveal.html", {"dossier": dossier, "number": number})
    response["Cache-Control"] = "private, no-store"
    return response


@page("agreement.sign_as_beneficiary")
def sign(request: PersonRequest, reference: str) -> HttpResponse:
    """The beneficiary's signature on the agreement."""
    dossier = applicant_dossier(request, reference)
    agreement = agreement_of(dossier)
    if agreement is None:
        raise Http404(reference)
    form = SignForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and act(request, form, agreements.sign_as_beneficiary, agreement=agreement):
        return done(request, _t("The agreement is signed for the beneficiary."), "applicant:expenses", reference)
    more: dict[str, Any] = {"facts": _agreement_facts(dossier, agreement), "back_url": _money(dossier)}
    if agreement.beneficiary_signed_at is not None:
        more["refused"] = _t("The beneficiary has signed already.")
    elif _may_sign(request, dossier, agreement) and bank.confirmed(dossier) is None:
        name, words = TYPE_CODE if awaits_code(dossier) else BUTTONS["bank.edit"]
        more["refused"] = _t("Give the bank details of the beneficiary, and confirm them with the code sent by mail.")
        more["first"] = (words, reverse(name, args=[reference]))
    return ask(request, dossier, form, _t("Sign the agreement"), _t("Sign"), **more)


def _agreement_facts(dossier: Dossier, agreement: Agreement) -> list[tuple[str, Any]]:
    details = bank.confirmed(dossier)
    rows = agreement.conditions.order_by("pk")
    conditions = [f"{row.text} ({format_date(row.due_on)})" if row.due_on else row.text for row in rows]
    return [
        (_t("Number"), agreement.number),
        (_t("Grant"), format_amount(agreement.grant)),
        (_t("Eligible base"), format_amount(agreement.eligible)),
        (_t("Expenses eligible from"), format_date(agreement.starts_on)),
        (_t("Project ends on"), format_date(agreement.ends_on)),
        (_t("Conditions"), " · ".join(conditions)),
        (_t("Paid to"), f"{details.masked}, {details.holder}" if details else _t("No bank details are confirmed yet.")),
    ]


def _money(dossier: Dossier) -> str:
    return reverse("applicant:expenses", args=[dossier.reference])
