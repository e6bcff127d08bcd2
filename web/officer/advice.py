"""Advice and opinion: missions opened, closed or waived, and the officer's word before the committee."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _t

from grants.models import Dossier
from kit.lifecycle import missing
from kit.money import format_amount
from selection.actions import advice
from selection.models import FrameworkContract, Mission, MissionState
from web.officer.forms import AdviseForm, MissionForm, ReasonForm
from web.officer.views import PLACE, ask, read
from web.pages import act, page
from web.shared.acts import PersonRequest, confirmed, done
from web.templatetags.escalier import number


@page("mission.open")
def open_mission(request: PersonRequest, reference: str) -> HttpResponse:
    """Order days of advice from a framework contract."""
    dossier = read(request, reference)
    form = MissionForm(request.POST or None, dossier=dossier)
    if form.is_valid() and act(request, form, advice.open_mission, dossier=dossier, **form.answer):
        return done(request, _t("The mission is open; the adviser is told."), PLACE, reference)
    left = [(row.reference, _left(row)) for row in form.contracts]
    return ask(request, dossier, form, _t("Open an advice mission"), _t("Open the mission"), facts=left)


@page("mission.close")
def close_mission(request: PersonRequest, reference: str) -> HttpResponse:
    """Close the mission once its report is in and its days are countersigned."""
    dossier = read(request, reference)
    mission = _open_mission_of(dossier)
    form = confirmed(request)
    if form.is_valid() and act(request, form, advice.close_mission, mission=mission):
        return done(request, _t("The mission is closed; the days left return to the contract."), PLACE, reference)
    facts = [
        (_t("Adviser"), mission.adviser.full_name if mission.adviser else ""),
        (_t("Days allotted"), number(mission.days_allotted)),
        (_t("Days used"), number(mission.days_used)),
    ]
    lacking = missing(mission, "close")
    return ask(
        request, dossier, form, _t("Close the advice mission"), _t("Close the mission"), facts=facts, missing=lacking
    )


@page("mission.waive")
def waive_mission(request: PersonRequest, reference: str) -> HttpResponse:
    """No advice, or no more of it, is needed: say why."""
    dossier = read(request, reference)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and act(request, form, advice.waive_mission, dossier=dossier, **form.cleaned_data):
        return done(request, _t("Advice is waived; the reason is kept."), PLACE, reference)
    lead = _t("An open mission ends. The reason is kept with the dossier.")
    return ask(request, dossier, form, _t("Waive the advice"), _t("Waive the advice"), lead=lead)


@page("dossier.advise")
def advise(request: PersonRequest, reference: str) -> HttpResponse:
    """Record the officer's opinion and pass the dossier to the committee."""
    dossier = read(request, reference)
    form = AdviseForm(request.POST or None)
    if form.is_valid() and act(request, form, advice.advise, dossier=dossier, **form.cleaned_data):
        return done(request, _t("The opinion is recorded; the committee can deliberate."), PLACE, reference)
    lacking = [] if request.method == "POST" else missing(dossier, "advise", opinion="-")
    lead = _t("With your opinion, the dossier goes to the committee.")
    return ask(request, dossier, form, _t("Give the opinion"), _t("Record the opinion"), lead=lead, missing=lacking)


def _open_mission_of(dossier: Dossier) -> Mission:
    found = Mission.objects.filter(dossier=dossier, state=MissionState.OPEN).select_related("adviser").first()
    if found is None:
        raise Http404("no open mission")
    return found


def _left(contract: FrameworkContract) -> str:
    sentence = _t("{days} days left at {price} a day")
    return sentence.format(days=number(contract.days_left), price=format_amount(contract.day_price))
