"""What a signatory decides: to file the dossier, to withdraw it, to appeal; and the receipt of what was filed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grants.actions import appeals, submission
from grants.lifecycle import State
from grants.models import Dossier
from grants.queries import deadlines
from grants.queries.next_steps import next_step
from kit.lifecycle import missing
from kit.text import format_date
from people.permissions import can_explain, may
from web.applicant.access import WHOLE, applicant_dossier, own_dossier
from web.applicant.follow import contents_of
from web.applicant.pieces import listed
from web.applicant.preparing import asked_sections
from web.forms import CleanTextarea, EscalierForm
from web.pages import act, page
from web.shared.acts import PersonRequest, act_page, done


class DeclareForm(EscalierForm):
    """What the signatory declares in filing."""

    declared = forms.BooleanField(
        label=_("I certify, for the organisation, that what this dossier says is true and that I may commit it.")
    )


class WithdrawForm(EscalierForm):
    """Why the organisation gives up."""

    reason = CleanTextarea(label=_("Reason"), max_length=2000)
    sure = forms.BooleanField(label=_("I withdraw this dossier; it cannot be opened again."))


class AppealForm(EscalierForm):
    """What is held against the decision."""

    text = CleanTextarea(
        label=_("What you hold against the decision"),
        help_text=_("Answer its reasons one by one; the committee reads this text."),
        max_length=10_000,
    )


@page("dossier.edit", methods=["GET"])
def check(request: PersonRequest, reference: str) -> HttpResponse:
    """All that would be filed on one page, what is missing, and who may file it."""
    dossier = applicant_dossier(request, reference, *WHOLE)
    if not asked_sections(dossier):
        raise Http404(reference)
    return _check(request, dossier, DeclareForm())


@page("dossier.submit")
def file(request: PersonRequest, reference: str) -> HttpResponse:
    """The signatory files the dossier; sent twice, it answers the same receipt."""
    dossier = applicant_dossier(request, reference, *WHOLE)
    if dossier.state == State.SUBMITTED:
        return redirect("applicant:receipt", reference)
    if not may(request.user, "dossier.submit", dossier):
        raise Http404(reference)
    form = DeclareForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and act(request, form, submission.submit, dossier=dossier):
        return redirect("applicant:receipt", reference)
    return _check(request, dossier, form)


def _check(request: PersonRequest, dossier: Dossier, form: DeclareForm) -> HttpResponse:
    context = {
        "dossier": dossier,
        "form": form,
        "missing": missing(dossier, "submit"),
        "may_sign": may(request.user, "dossier.submit", dossier),
        "signatories": dossier.applicant.mandates.confirmed().select_related("person").order_by("pk"),
        "pieces": listed(dossier),
        "filing_ends_at": deadlines.filing_ends_at(dossier),
        **contents_of(dossier),
    }
    return render(request, "applicant/check.html", context)


@page("dossier.view", methods=["GET"])
def receipt(request: PersonRequest, reference: str) -> HttpResponse:
    """What was filed last: number, time by the server, seal, and what comes next."""
    dossier = own_dossier(request, reference)
    snapshot = dossier.snapshots.select_related("taken_by").order_by("-number").first()
    if snapshot is None:
        raise Http404(reference)
    context = {"dossier": dossier, "snapshot": snapshot, "step": next_step(dossier, request.user)}
    return render(request, "applicant/receipt.html", context)


@page("dossier.withdraw")
def withdraw(request: PersonRequest, reference: str) -> HttpResponse:
    """The organisation gives up before the agreement is signed."""
    dossier = applicant_dossier(request, reference)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if _done(request, form, submission.withdraw, "reason", dossier=dossier):
        return done(request, _t("The dossier is withdrawn."), "applicant:dossier", reference)
    lead = _t("What was reserved for the project goes back to the others. The dossier stays readable.")
    return ask(request, dossier, form, _t("Withdraw the dossier"), _t("Withdraw"), lead=lead, danger=True)


@page("dossier.appeal")
def appeal(request: PersonRequest, reference: str) -> HttpResponse:
    """The organisation holds something against a decision, within the period of the call."""
    dossier = applicant_dossier(request, reference)
    form = AppealForm(request.POST if request.method == "POST" else None)
    if _done(request, form, appeals.appeal, "text", dossier=dossier):
        return done(request, _t("The appeal is filed."), "applicant:dossier", reference)
    facts = []
    if dossier.decided_at is not None:
        last = deadlines.last_day(deadlines.appeal_ends_at(dossier))
        facts = [(_t("Reasons of the decision"), dossier.decision_reasons), (_t("Last day"), format_date(last))]
    return ask(request, dossier, form, _t("Appeal against the decision"), _t("File the appeal"), facts=facts)


def _done(request: PersonRequest, form: Any, action: Callable[..., Any], field: str, **kwargs: Any) -> bool:
    """Whether the form was sent, is in order, and the act was done with its text."""
    if not form.is_bound or not form.is_valid():
        return False
    return bool(act(request, form, action, **{field: form.cleaned_data[field]}, **kwargs))


def ask(request: PersonRequest, dossier: Dossier, form: Any, title: str, submit: str, **more: Any) -> HttpResponse:
    """The page of one act of the applicant; it says why where the viewer cannot do it at this step."""
    action = request.resolver_match.func.action_name  # type: ignore[union-attr]
    back = reverse("applicant:dossier", args=[dossier.reference])
    more.setdefault("refused", can_explain(request.user, action, dossier))
    more.setdefault("trail", [(_t("My dossiers"), reverse("applicant:dossiers")), (dossier.reference, back)])
    more.setdefault("over", f"{dossier.reference} · {dossier.title}")
    more.setdefault("back_url", back)
    return act_page(request, form, title=title, submit=submit, **more)
