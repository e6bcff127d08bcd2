"""The adviser's days, countersigned for the community."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _t

from kit.text import format_date
from selection.actions import advice
from selection.models import Mission, MissionState
from web.applicant.access import applicant_dossier
from web.applicant.deciding import ask
from web.forms import EscalierForm
from web.pages import act, page
from web.shared.acts import PersonRequest, confirmed, done
from web.templatetags.escalier import number


@page("mission.countersign")
def countersign(request: PersonRequest, reference: str) -> HttpResponse:
    """Countersign every day that waits for it, after having read what was done."""
    dossier = applicant_dossier(request, reference)
    mission = Mission.objects.filter(dossier=dossier, state=MissionState.OPEN).select_related("adviser").first()
    if mission is None:
        raise Http404(reference)
    form: EscalierForm = confirmed(request)
    if form.is_bound and form.is_valid() and act(request, form, advice.countersign, mission=mission):
        return done(request, _t("The days are countersigned."), "applicant:dossier", reference)
    days = mission.days_log.filter(countersigned_at=None).order_by("worked_on", "pk")
    facts = [(format_date(day.worked_on), _said(day)) for day in days]
    more = {} if facts else {"refused": _t("No day waits to be countersigned.")}
    lead = _t("Adviser: {name}").format(name=mission.adviser)
    return ask(request, dossier, form, _t("Countersign days"), _t("Countersign"), facts=facts, lead=lead, **more)


def _said(day: object) -> str:
    """What a day was: how long, where, and what was done."""
    where = _t("on site") if day.on_site else _t("at a distance")  # type: ignore[attr-defined]
    return _t("{days} day, {where}: {done}").format(days=number(day.days), where=where, done=day.deliverable)  # type: ignore[attr-defined]
