"""The grant agreement: written by an officer, signed for the programme by a manager, its conditions met."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from grants.actions import agreements
from grants.models import Agreement, Condition, Dossier
from grants.queries import contents
from kit.lifecycle import missing
from kit.money import format_amount
from kit.text import format_date
from people.permissions import can_explain
from web.forms import one_more_line
from web.officer.forms import AgreementForm, ConditionFormSet, EvidenceForm
from web.officer.views import PLACE, ask, read
from web.pages import act, get_visible, page
from web.shared.acts import PersonRequest, confirmed, done


@page("agreement.draft")
def draft(request: PersonRequest, reference: str) -> HttpResponse:
    """Write the agreement on the live award; again, until the beneficiary has signed."""
    dossier = read(request, reference)
    agreement = Agreement.objects.filter(dossier=dossier).first()
    grown = one_more_line(request.POST, "conditions")
    data = grown if grown is not None else request.POST or None
    form = AgreementForm(data, initial=_initial(agreement))
    rows = ConditionFormSet(data, prefix="conditions", initial=_conditions(agreement))
    if grown is None and form.is_valid() and rows.is_valid():
        given = [{"text": row["text"], "due_on": row["due_on"]} for row in _kept(rows)]
        if act(request, form, agreements.draft_agreement, dossier=dossier, conditions=given, **form.cleaned_data):
            return done(request, _t("The agreement is written; the beneficiary is asked to sign it."), PLACE, reference)
    award = dossier.awards.filter(released_at=None).first()
    context = {
        "dossier": dossier,
        "form": form,
        "conditions": rows,
        "award": award,
        "refused": can_explain(request.user, "agreement.draft", dossier),
        "back_url": reverse(PLACE, args=[reference]),
    }
    return render(request, "officer/agreement.html", context)


def _initial(agreement: Agreement | None) -> dict[str, object]:
    names = ("number", "starts_on", "ends_on")
    return {} if agreement is None else {name: getattr(agreement, name) for name in names}


def _conditions(agreement: Agreement | None) -> list[Any]:
    if agreement is None:
        return []
    return list(agreement.conditions.order_by("pk").values("text", "due_on"))


def _kept(rows: ConditionFormSet) -> list[dict[str, object]]:  # type: ignore[valid-type]
    """Every line that holds a condition, also those that stood there already and were not touched."""
    filled = [form.cleaned_data for form in rows.forms if form.cleaned_data.get("text")]  # type: ignore[attr-defined]
    return [row for row in filled if not row.get("DELETE")]


@page("dossier.contract")
def contract(request: PersonRequest, reference: str) -> HttpResponse:
    """The programme's signature."""
    dossier = read(request, reference)
    form = confirmed(request)
    if form.is_valid() and act(request, form, agreements.contract, dossier=dossier):
        return done(request, _t("The agreement is signed; the grant is committed."), PLACE, reference)
    lacking = [] if request.method == "POST" else missing(dossier, "contract")
    lead = _t("By this act you sign the agreement for the programme. The grant is committed.")
    return ask(
        request,
        dossier,
        form,
        _t("Sign for the programme"),
        _t("Sign the agreement"),
        lead=lead,
        facts=_terms(dossier),
        missing=lacking,
    )


def _terms(dossier: Dossier) -> list[tuple[str, str]]:
    agreement = Agreement.objects.filter(dossier=dossier).first()
    if agreement is None:
        return []
    return [
        (_t("Number"), agreement.number),
        (_t("Beneficiary"), dossier.applicant.name),
        (_t("Grant"), format_amount(agreement.grant)),
        (_t("Eligible base"), format_amount(agreement.eligible)),
        (_t("Expenses eligible from"), format_date(agreement.starts_on)),
        (_t("Project ends on"), format_date(agreement.ends_on)),
    ]


@page("condition.satisfy")
def condition(request: PersonRequest, reference: str, pk: int) -> HttpResponse:
    """Record that a condition of the agreement is met, with its proof."""
    dossier = read(request, reference)
    found: Condition = get_visible(Condition, request.user, pk=pk, agreement__dossier=dossier)
    papers = [item.document for item in contents.attachments(dossier)]
    form = EvidenceForm(request.POST or None, documents=papers)
    if form.is_valid() and act(
        request,
        form,
        agreements.satisfy_condition,
        condition=found,
        note=form.cleaned_data["note"],
        document=form.chosen,
    ):
        return done(request, _t("The condition is recorded as met."), PLACE, reference)
    facts = [(_t("Condition"), found.text), (_t("Due"), format_date(found.due_on) if found.due_on else "")]
    return ask(request, dossier, form, _t("Record that a condition is met"), _t("Record"), facts=facts)
