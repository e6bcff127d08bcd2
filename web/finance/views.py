"""The paying officer: what is due, orders, what the bank did with them, money that comes back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from grants.actions import bank as bank_actions
from grants.models import Dossier
from grants.queries import bank, money
from kit.lifecycle import missing
from kit.money import format_amount
from monitoring.actions import payments, recoveries
from monitoring.models import Certificate, OrderState, PaymentOrder, Recovery
from monitoring.queries import todo
from web.finance.forms import ExecutedForm, ReceivedForm, RefusedForm
from web.officer.views import read
from web.pages import act, get_visible, page, signed_in_again
from web.shared.acts import PersonRequest, act_page, confirmed, done
from web.shared.lists import by_key

HOME = "finance:to_pay"
MOST = 50
NOTHING = Decimal("0.00")


@page("payment.order", methods=["GET"])
def to_pay(request: PersonRequest) -> HttpResponse:
    """What waits for the paying officer: sums due, orders at the bank, balances to settle, money to come back."""
    person = request.user
    context = {
        "certificates": todo.certificates_to_order(person)[:MOST],
        "orders": todo.orders_to_record(person).select_related("dossier__applicant", "bank_details")[:MOST],
        "settling": todo.dossiers_to_settle(person)[:MOST],
        "recoveries": todo.recoveries_to_record(person)[:MOST],
    }
    return render(request, "finance/to_pay.html", context)


@page("payment.order", methods=["GET"])
def paid(request: PersonRequest) -> HttpResponse:
    """The orders that the bank executed or refused, the last ordered first."""
    rows = PaymentOrder.objects.visible_to(request.user).exclude(state=OrderState.ORDERED)
    rows = rows.select_related("dossier__applicant", "bank_details")
    return render(request, "finance/paid.html", {"rows": by_key(request, rows, "-ordered_at")})


def ask(request: PersonRequest, dossier: Dossier, form: Any, title: str, submit: str, **more: Any) -> HttpResponse:
    """The page of one act of the paying officer."""
    url = reverse(HOME)
    over = f"{dossier.reference} · {dossier.applicant.name}"
    trail = [(_t("To pay"), url)]
    return act_page(request, form, title=title, submit=submit, back_url=url, over=over, trail=trail, **more)


@page("payment.order")
@signed_in_again(300)
def order(request: PersonRequest, pk: int) -> HttpResponse:
    """Order the payment of a certified sum, signed in again within five minutes."""
    rows = Certificate.objects.select_related(
        "claim", "dossier__applicant", "dossier__programme", "checked_by", "issued_by", "approved_by"
    )
    certificate: Certificate = get_visible(rows, request.user, pk=pk)
    form = confirmed(request)
    if form.is_valid():
        made = act(request, form, payments.order_payment, certificate=certificate)
        if made:
            return done(request, _t("The payment is ordered."), HOME)
    dossier = certificate.dossier
    details = bank.confirmed(dossier)
    stages = money.stages(dossier)
    facts = [
        (_t("Beneficiary"), dossier.applicant.name),
        (_t("Account"), details.masked if details else ""),
        (_t("Account holder"), details.holder if details else ""),
        (_t("Certificate"), str(certificate)),
        (_t("Verified so far"), format_amount(certificate.verified_total)),
        (_t("Paid so far"), format_amount(stages["paid"])),
        (_t("Sum due"), format_amount(certificate.due)),
        (_t("Checked by"), certificate.checked_by.full_name),
        (_t("Issued by"), certificate.issued_by.full_name),
        (_t("Approved by"), certificate.approved_by.full_name if certificate.approved_by else ""),
    ]
    warned = _t("This account replaced another one less than 90 days ago: check it with the beneficiary first.")
    lead = warned if bank.changed_recently(dossier) else _t("The sum, the account and the four persons are fixed.")
    return ask(request, dossier, form, _t("Order the payment"), _t("Order the payment"), lead=lead, facts=facts)


def _order(request: PersonRequest, pk: int) -> PaymentOrder:
    rows = PaymentOrder.objects.select_related("dossier__applicant", "dossier__programme", "bank_details", "claim")
    found: PaymentOrder = get_visible(rows, request.user, pk=pk)
    return found


def _order_facts(order: PaymentOrder) -> list[tuple[str, str]]:
    return [
        (_t("Order"), order.number),
        (_t("Account"), order.bank_details.masked),
        (_t("Amount"), format_amount(order.amount)),
        (_t("State"), order.get_state_display()),
    ]


@page("payment.record")
def record_payment(request: PersonRequest, pk: int) -> HttpResponse:
    """Record that the bank paid."""
    found = _order(request, pk)
    form = ExecutedForm(request.POST or None)
    if form.is_valid() and act(request, form, payments.record_payment, order=found, **form.cleaned_data):
        return done(request, _t("The payment is recorded; the beneficiary is told."), HOME)
    title, submit = _t("Record the payment"), _t("Record the payment")
    return ask(request, found.dossier, form, title, submit, facts=_order_facts(found))


@page("payment.record")
def record_refusal(request: PersonRequest, pk: int) -> HttpResponse:
    """Record that the bank refused: the sum is due again."""
    found = _order(request, pk)
    form = RefusedForm(request.POST or None)
    if form.is_valid() and act(request, form, payments.record_refusal, order=found, **form.cleaned_data):
        return done(request, _t("The refusal is recorded; the sum is due again."), HOME)
    title, submit = _t("Record a refusal"), _t("Record the refusal")
    return ask(request, found.dossier, form, title, submit, facts=_order_facts(found))


@page("dossier.pay")
def pay(request: PersonRequest, reference: str) -> HttpResponse:
    """Settle the grant: what was not spent is released."""
    dossier = read(request, reference)
    form = confirmed(request)
    if form.is_valid() and act(request, form, payments.pay, dossier=dossier):
        return done(request, _t("The grant is settled; what was not spent returns to the envelope."), HOME)
    lacking = [] if request.method == "POST" else missing(dossier, "pay")
    stages = money.stages(dossier)
    facts = [
        (_t("Grant"), format_amount(dossier.granted or NOTHING)),
        (_t("Paid so far"), format_amount(stages["paid"])),
        (_t("To be released"), format_amount(stages["committed"])),
    ]
    return ask(request, dossier, form, _t("Settle the grant"), _t("Settle the grant"), facts=facts, missing=lacking)


@page("recovery.record")
def recovery(request: PersonRequest, pk: int) -> HttpResponse:
    """Record that money came back."""
    rows = Recovery.objects.select_related("dossier__applicant", "dossier__programme")
    found: Recovery = get_visible(rows, request.user, pk=pk)
    form = ReceivedForm(request.POST or None)
    if form.is_valid() and act(request, form, recoveries.record_recovery, recovery=found, **form.cleaned_data):
        return done(request, _t("The money is recorded as received."), HOME)
    facts = [(_t("Order"), found.number), (_t("Amount"), format_amount(found.amount)), (_t("Reason"), found.reason)]
    return ask(request, found.dossier, form, _t("Record the money received"), _t("Record"), facts=facts)


@page("bank.view_full", methods=["POST"])
@signed_in_again(300)
def account(request: PersonRequest, reference: str) -> HttpResponse:
    """The whole account number, shown once; each view is journalled."""
    dossier = read(request, reference)
    number = act(request, None, bank_actions.reveal_bank_details, dossier=dossier)
    if not number:
        return redirect(HOME)
    response = render(request, "finance/account.html", {"dossier": dossier, "number": number})
    response["Cache-Control"] = "private, no-store"
    return response
