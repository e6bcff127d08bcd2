"""The end of a dossier, by the programme manager: closed, ended early, money claimed back."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _t

from kit.lifecycle import missing
from kit.money import format_amount
from monitoring.actions import endings, recoveries
from monitoring.models import Certificate
from monitoring.queries.certificates import to_claim_back
from programmes.models import Decision
from web.officer.check_forms import CancelForm, RecoveryForm
from web.officer.views import PLACE, ask, read
from web.pages import act, page
from web.shared.acts import PersonRequest, confirmed, done


@page("dossier.close")
def close(request: PersonRequest, reference: str) -> HttpResponse:
    """Close a dossier whose services have a year of use reported, and that owes nothing."""
    dossier = read(request, reference)
    form = confirmed(request)
    if form.is_valid() and act(request, form, endings.close, dossier=dossier):
        return done(request, _t("The dossier is closed."), PLACE, reference)
    lacking = [] if request.method == "POST" else missing(dossier, "close")
    title = _t("Close the dossier")
    lead = _t("Nothing more is filed or paid in this dossier; it stays readable. This cannot be undone.")
    return ask(request, dossier, form, title, title, lead=lead, missing=lacking)


@page("dossier.cancel")
def cancel(request: PersonRequest, reference: str) -> HttpResponse:
    """End the agreement early, by a decision."""
    dossier = read(request, reference)
    decisions = Decision.objects.filter(programme=dossier.programme_id).order_by("-taken_on", "-pk")[:200]
    form = CancelForm(request.POST or None, decisions=decisions)
    if form.is_valid() and act(
        request,
        form,
        endings.cancel,
        dossier=dossier,
        decision=form.chosen,
        reason=form.cleaned_data["reason"],
    ):
        return done(request, _t("The agreement is ended; what is left returns to the envelope."), PLACE, reference)
    title = _t("End the agreement early")
    lead = _t("What was not paid returns to the envelope; what was paid is claimed back. This cannot be undone.")
    return ask(request, dossier, form, title, title, lead=lead, danger=True)


@page("recovery.issue")
def recovery(request: PersonRequest, reference: str) -> HttpResponse:
    """Claim back what a certificate shows was paid too much."""
    dossier = read(request, reference)
    rows = to_claim_back(Certificate.objects.filter(dossier=dossier))
    form = RecoveryForm(request.POST or None, certificates=rows.select_related("claim__dossier"))
    if form.is_valid() and act(request, form, recoveries.issue_recovery, certificate=form.chosen):
        return done(request, _t("The recovery order is issued; the beneficiary is told."), PLACE, reference)
    title = _t("Claim money back")
    facts = [(str(row), format_amount(row.to_recover)) for row in form.certificates]
    return ask(request, dossier, form, title, _t("Issue the recovery order"), facts=facts)
