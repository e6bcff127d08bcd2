"""The set-up of a programme: its actions, its decisions, its calls, its committees, its contracts of advice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kit import clock
from people.models import Organisation, OrganisationKind
from programmes.actions import programmes as acts
from programmes.models import AidRule, Call, Decision, Measure, Programme
from selection.actions import advice
from selection.models import Committee, FrameworkContract
from web.manager.access import MOST, ask, programme_of, programme_url, programmes
from web.manager.forms import DecisionForm, FrameworkForm, MeasureForm
from web.pages import act, page
from web.public.calls import all_dressed
from web.shared.acts import PersonRequest, done
from web.shared.lists import by_key


@page("programme.edit", methods=["GET"])
def settings(request: PersonRequest) -> HttpResponse:
    """The programmes that the person manages; a single one opens at once."""
    found = programmes(request)
    if len(found) == 1:
        return redirect(programme_url(found[0]))
    return render(request, "manager/settings.html", {"rows": found})


def _actions(request: PersonRequest, programme: Programme) -> Any:
    rows = Measure.objects.filter(programme=programme).prefetch_related("envelopes__account", "calls")
    rules = AidRule.objects.in_force(clock.today()).filter(measure__programme=programme)
    by_measure = {rule.measure_id: rule for rule in rules}
    found = []
    for row in rows.order_by("code", "pk"):
        envelopes = list(row.envelopes.all())
        found.append(
            {
                "measure": row,
                "amount": sum(envelope.amount for envelope in envelopes) if envelopes else None,
                "left": sum(envelope.account.balance for envelope in envelopes) if envelopes else None,
                "rule": by_measure.get(row.pk),
                "calls": len(row.calls.all()),
            }
        )
    return found


def _decisions(request: PersonRequest, programme: Programme) -> Any:
    return by_key(request, Decision.objects.filter(programme=programme), "-taken_on")


def _calls(request: PersonRequest, programme: Programme) -> Any:
    rows = Call.objects.filter(programme=programme).select_related("measure").order_by("-closes_at", "-pk")[:MOST]
    return all_dressed(rows, clock.now())


def _committees(request: PersonRequest, programme: Programme) -> QuerySet[Committee]:
    today = clock.today()
    sitting = Q(members__since__lte=today) & (Q(members__until=None) | Q(members__until__gt=today))
    rows = Committee.objects.filter(programme=programme)
    return rows.annotate(sitting=Count("members", filter=sitting)).order_by("name", "pk")


def _contracts(request: PersonRequest, programme: Programme) -> QuerySet[FrameworkContract]:
    return FrameworkContract.objects.filter(programme=programme).select_related("provider").order_by("-starts_on", "pk")


TABS: dict[str, tuple[Any, Callable[[PersonRequest, Programme], Any]]] = {
    "actions": (_("Actions"), _actions),
    "decisions": (_("Decisions"), _decisions),
    "appels": (_("Calls"), _calls),
    "comites": (_("Committees"), _committees),
    "marches": (_("Contracts of advice"), _contracts),
}
TEMPLATES = {
    "actions": "actions",
    "decisions": "decisions",
    "appels": "calls",
    "comites": "committees",
    "marches": "contracts",
}


@page("programme.edit", methods=["GET"])
def programme(request: PersonRequest, code: str, tab: str = "actions") -> HttpResponse:
    """One tab of the set-up."""
    found = programme_of(request, code)
    if tab not in TABS:
        raise Http404(tab)
    tabs = [
        {"label": label, "url": programme_url(found, "" if name == "actions" else name), "here": name == tab}
        for name, (label, _rows) in TABS.items()
    ]
    context = {"programme": found, "tabs": tabs, "rows": TABS[tab][1](request, found)}
    return render(request, f"manager/programme_{TEMPLATES[tab]}.html", context)


@page("programme.edit")
def add_measure(request: PersonRequest, code: str) -> HttpResponse:
    """Add an action."""
    found = programme_of(request, code)
    form = MeasureForm(request.POST or None)
    if form.is_valid():
        made = act(request, form, acts.add_measure, programme=found, **form.cleaned_data)
        if made:
            return done(request, _t("The action is added; open its envelope next."), "manager:measure", made.pk)
    return ask(request, found, form, _t("Add an action"), programme_url(found))


@page("programme.edit")
def record_decision(request: PersonRequest, code: str) -> HttpResponse:
    """Record what a body decided."""
    found = programme_of(request, code)
    form = DecisionForm(request.POST or None, initial={"taken_on": clock.today()})
    if form.is_valid() and act(request, form, acts.record_programme_decision, programme=found, **form.cleaned_data):
        return done(request, _t("The decision is recorded."), "manager:programme_tab", code, "decisions")
    lead = _t("What changes money, rules or targets names a decision of the steering committee.")
    return ask(request, found, form, _t("Record a decision"), programme_url(found, "decisions"), lead=lead)


@page("programme.edit")
def open_framework(request: PersonRequest, code: str) -> HttpResponse:
    """Enter a contract for days of advice."""
    found = programme_of(request, code)
    providers = Organisation.objects.filter(kind=OrganisationKind.PROVIDER).order_by("name", "pk")[:MOST]
    form = FrameworkForm(request.POST or None, providers=providers)
    if form.is_valid() and act(request, form, advice.open_framework, programme=found, **form.answer):
        return done(request, _t("The contract is entered."), "manager:programme_tab", code, "marches")
    none = _t("No service provider is registered: register the organisation first.")
    refused = "" if form.providers else none
    first = (_t("Register an organisation"), reverse("staff:register_organisation"))
    back_url = programme_url(found, "marches")
    return ask(request, found, form, _t("Enter a contract of advice"), back_url, refused=refused, first=first)
