"""Services in operation and the reports on their use: confirmed, sent back or accepted by an officer."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t

from kit.text import format_date
from monitoring.actions import services
from monitoring.models import Service, UsageReport
from web.officer.forms import ReasonForm
from web.officer.views import ask
from web.pages import act, get_visible, page
from web.shared.acts import PersonRequest, confirmed, done

TAB = "officer:dossier_tab"


@page("service.confirm", methods=["POST"])
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    """Confirm that a service works."""
    service: Service = get_visible(Service.objects.select_related("dossier"), request.user, pk=pk)
    reference = service.dossier.reference
    if act(request, None, services.confirm_service, service=service):
        return done(request, _t("The service is confirmed."), TAB, reference, "services")
    return redirect(TAB, reference, "services")


def _report(request: PersonRequest, pk: int) -> UsageReport:
    rows = UsageReport.objects.select_related("service", "dossier__applicant", "dossier__programme")
    found: UsageReport = get_visible(rows, request.user, pk=pk)
    return found


def _facts(report: UsageReport) -> list[tuple[str, object]]:
    return [
        (_t("Service"), report.service.name),
        (_t("In operation since"), format_date(report.service.went_live_on)),
        (_t("Visits in the year"), report.visits),
        (_t("Users in the year"), report.users),
        (_t("What the service changed"), report.comment),
    ]


@page("usage_report.accept")
def accept(request: PersonRequest, pk: int) -> HttpResponse:
    """Accept the report on a year of use."""
    report = _report(request, pk)
    form = confirmed(request)
    if form.is_valid() and act(request, form, services.accept_usage_report, report=report):
        return done(request, _t("The report is accepted."), TAB, report.dossier.reference, "services")
    title = _t("Accept the usage report")
    return ask(request, report.dossier, form, title, _t("Accept"), facts=_facts(report))


@page("usage_report.accept")
def send_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for better figures, and say which."""
    report = _report(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and act(request, form, services.send_back_usage_report, report=report, **form.cleaned_data):
        return done(request, _t("The report is sent back."), TAB, report.dossier.reference, "services")
    title = _t("Send the usage report back")
    return ask(request, report.dossier, form, title, _t("Send back"), facts=_facts(report))
