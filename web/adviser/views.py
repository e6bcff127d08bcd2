"""The adviser's missions: the days used, the log, the report."""

from __future__ import annotations

from django.db.models import DecimalField, Sum, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from grants.models import Dossier
from kit.text import format_date
from people.permissions import can_explain
from selection.actions import advice
from selection.models import Mission, MissionDay
from web.adviser.forms import DayForm, ReportForm
from web.pages import act, get_visible, page
from web.shared.acts import PersonRequest, act_page, done
from web.shared.dossiers import paper
from web.shared.lists import by_key

PLACE = "adviser:mission"


@page("mission.log_day", methods=["GET"])
def missions(request: PersonRequest) -> HttpResponse:
    """The adviser's missions, the last opened first, with the days used."""
    used = Coalesce(Sum("days_log__days"), Value(0), output_field=DecimalField(max_digits=7, decimal_places=1))
    rows = Mission.objects.filter(adviser=request.user).select_related("dossier__applicant").annotate(used=used)
    return render(request, "adviser/missions.html", {"rows": by_key(request, rows, "-opened_at")})


@page("mission.log_day", methods=["GET"])
def calendar(request: PersonRequest) -> HttpResponse:
    """Every day that the adviser logged, the latest first."""
    rows = MissionDay.objects.filter(logged_by=request.user).select_related("mission__dossier__applicant")
    return render(request, "adviser/calendar.html", {"rows": by_key(request, rows, "-worked_on")})


def read(request: PersonRequest, pk: int) -> Mission:
    """A mission of one's own, or 404."""
    rows = Mission.objects.select_related("dossier__applicant", "dossier__programme", "report_document", "contract")
    found: Mission = get_visible(rows, request.user, pk=pk, adviser=request.user)
    return found


@page("mission.log_day", methods=["GET"])
def dossier(request: PersonRequest, reference: str) -> HttpResponse:
    """From a dossier's reference to the adviser's mission in it."""
    found = get_visible(Mission, request.user, dossier__reference=reference, adviser=request.user)
    return redirect(PLACE, found.pk)


@page("mission.log_day")
def mission(request: PersonRequest, pk: int) -> HttpResponse:
    """One mission: what it is for, its days, and the form for one more."""
    found = read(request, pk)
    form = DayForm(request.POST or None)
    if form.is_valid() and act(request, form, advice.log_day, mission=found, **form.cleaned_data):
        return done(request, _t("The day is logged; the community is asked to countersign it."), PLACE, pk)
    document = found.report_document
    opened = Dossier.objects.visible_to(request.user).filter(pk=found.dossier_id).exists()
    context = {
        "mission": found,
        "form": form,
        "days": found.days_log.order_by("worked_on", "pk"),
        "used": found.days_used,
        "papers": [paper(document, reverse("officer:document", args=[document.pk]))] if document and opened else [],
        "opened": opened,
        "refused": can_explain(request.user, "mission.log_day", found),
    }
    return render(request, "adviser/mission.html", context)


@page("mission.log_day")
def report(request: PersonRequest, pk: int) -> HttpResponse:
    """Write the report; it begins with what the log says."""
    found = read(request, pk)
    initial = {"report": found.report or _from_log(found)}
    form = ReportForm(request.POST or None, request.FILES or None, initial=initial)
    if form.is_valid() and act(
        request,
        form,
        advice.file_report,
        mission=found,
        report=form.cleaned_data["report"],
        document=form.cleaned_data["document"],
    ):
        return done(request, _t("The report is filed."), PLACE, pk)
    return act_page(
        request,
        form,
        title=_t("Report of the mission"),
        submit=_t("File the report"),
        back_url=reverse(PLACE, args=[pk]),
        over=f"{found.dossier.reference} · {found.dossier.applicant.name}",
        trail=[(_t("Missions"), reverse("adviser:missions")), (found.dossier.reference, reverse(PLACE, args=[pk]))],
        refused=can_explain(request.user, "mission.log_day", found),
    )


def _from_log(mission: Mission) -> str:
    """The days of the log, a line each, for the report to begin with."""
    return "\n".join(f"{format_date(day.worked_on)}: {day.deliverable}" for day in mission.days_log.all())
