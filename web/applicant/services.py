"""Services put into operation, and the report on their first year of use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kit.text import format_date
from monitoring.actions import services
from monitoring.models import ServiceKind, UsageReport, UsageState
from web.applicant.access import applicant_dossier
from web.applicant.deciding import ask
from web.forms import CleanCharField, CleanTextarea, DayField, EscalierForm
from web.pages import act, page
from web.shared.acts import PersonRequest, done


class ServiceForm(EscalierForm):
    """A service that is in operation."""

    kind = forms.ChoiceField(label=_("Kind of service"), choices=ServiceKind.choices)
    name = CleanCharField(label=_("Name"), max_length=200)
    url = CleanCharField(
        label=_("Address on the web"), help_text=_("For example https://www.town.fr."), max_length=200, required=False
    )
    went_live_on = DayField(label=_("In operation since"))


class UsageForm(EscalierForm):
    """The figures of the first year."""

    visits = forms.IntegerField(label=_("Visits in the year"), min_value=0, max_value=2_000_000_000)
    users = forms.IntegerField(label=_("Users in the year"), min_value=0, max_value=2_000_000_000)
    comment = CleanTextarea(label=_("What the service changed"), max_length=10_000, required=False)


@page("service.record")
def record(request: PersonRequest, reference: str) -> HttpResponse:
    """Say that a service is in operation; its report falls due one year later."""
    dossier = applicant_dossier(request, reference)
    form = ServiceForm(request.POST if request.method == "POST" else None)
    sent = form.is_bound and form.is_valid()
    if sent and act(request, form, services.record_service, dossier=dossier, **form.cleaned_data):
        return done(request, _t("The service is recorded."), "applicant:expenses", reference)
    lead = _t("A report on its use is due one year after it went into operation.")
    return ask(request, dossier, form, _t("Record a service"), _t("Record"), lead=lead, back_url=_money(reference))


@page("usage_report.fill")
def report(request: PersonRequest, reference: str, pk: int) -> HttpResponse:
    """Give the figures of the first year of a service."""
    dossier = applicant_dossier(request, reference)
    found = UsageReport.objects.filter(dossier=dossier, pk=pk).select_related("service").first()
    if found is None:
        raise Http404(pk)
    kept = {"visits": found.visits, "users": found.users, "comment": found.comment}
    form = UsageForm(request.POST if request.method == "POST" else None, initial=kept)
    sent = form.is_bound and form.is_valid()
    if sent and act(request, form, services.fill_usage_report, report=found, **form.cleaned_data):
        return done(request, _t("The report is sent."), "applicant:expenses", reference)
    facts = [
        (_t("Service"), found.service.name),
        (_t("In operation since"), format_date(found.service.went_live_on)),
        (_t("Due"), format_date(found.due_on)),
        (_t("What is missing"), found.sent_back_reason),
    ]
    more: dict[str, Any] = {"facts": [pair for pair in facts if pair[1]], "back_url": _money(reference)}
    if found.state == UsageState.ACCEPTED:
        more["refused"] = _t("This report is accepted: nothing more is expected.")
    return ask(request, dossier, form, _t("Report on the first year"), _t("Send the report"), **more)


def _money(reference: str) -> str:
    return reverse("applicant:expenses", args=[reference])
