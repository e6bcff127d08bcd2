"""An action of the programme: its envelopes, its aid rules, its targets and declared results, each by a decision."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kit import clock
from kit.money import format_amount
from programmes.actions import programmes as acts
from programmes.models import AidRule, DeclaredResult, Envelope, Measure, Target
from web.manager.access import MOST, ask, managed, measure_of, no_decision, steering_of, trail_of
from web.manager.figures import label_of, said
from web.manager.forms import AmountForm, EnvelopeForm, ResultForm, RuleForm, TargetForm
from web.pages import act, page
from web.public.calls import all_dressed
from web.shared.acts import PersonRequest, done

PLACE = "manager:measure"


@page("programme.edit", methods=["GET"])
def measure(request: PersonRequest, pk: int) -> HttpResponse:
    """All that decisions have made of one action, past versions included."""
    found = measure_of(request, pk)
    envelopes = Envelope.objects.filter(measure=found).select_related("decision", "account").order_by("code")
    targets = Target.objects.filter(measure=found).select_related("decision").order_by("indicator", "valid_from")
    results = DeclaredResult.objects.filter(measure=found).order_by("indicator", "-declared_on")
    context = {
        "measure": found,
        "programme": found.programme,
        "envelopes": envelopes,
        "rules": AidRule.objects.filter(measure=found).select_related("decision").order_by("-valid_from"),
        "targets": [(row, label_of(row), said(row.value, row.unit, row.operator)) for row in targets],
        "results": [(row, label_of(row), said(row.value, row.unit)) for row in results[:MOST]],
        "calls": all_dressed(found.calls.select_related("measure").order_by("-closes_at", "-pk"), clock.now()),
        "trail": trail_of(found.programme),
    }
    return render(request, "manager/measure.html", context)


def _of_measure(request: PersonRequest, row: Measure, form: Any, title: str, **more: Any) -> HttpResponse:
    url = reverse(PLACE, args=[row.pk])
    more.setdefault("trail", trail_of(row.programme, (row.code, url)))
    more.setdefault("over", str(row))
    if "refused" not in more and hasattr(form, "decisions"):
        more["refused"] = no_decision(form.decisions)
        more["first"] = (_t("Record a decision"), reverse("manager:record_decision", args=[row.programme.code]))
    return ask(request, row.programme, form, title, url, **more)


@page("programme.edit")
def open_envelope(request: PersonRequest, pk: int) -> HttpResponse:
    """Set money aside for the action."""
    found = measure_of(request, pk)
    form = EnvelopeForm(request.POST or None, decisions=steering_of(found.programme), initial={"code": found.code})
    if form.is_valid() and act(request, form, acts.open_envelope, measure=found, **form.answer):
        return done(request, _t("The envelope is open."), PLACE, pk)
    return _of_measure(request, found, form, _t("Open an envelope"))


@page("programme.edit")
def change_envelope(request: PersonRequest, pk: int) -> HttpResponse:
    """Raise or lower an envelope."""
    rows = Envelope.objects.select_related("measure__programme", "programme", "account")
    found: Envelope = managed(request, rows.filter(pk=pk).first())
    form = AmountForm(request.POST or None, decisions=steering_of(found.programme))
    if form.is_valid() and act(request, form, acts.change_envelope, envelope=found, **form.answer):
        return done(request, _t("The envelope is changed."), PLACE, found.measure_id)
    facts = [
        (_t("Envelope"), found.code),
        (_t("Amount"), format_amount(found.amount)),
        (_t("Left"), format_amount(found.account.balance)),
    ]
    return _of_measure(request, found.measure, form, _t("Change the envelope"), facts=facts)


@page("programme.edit")
def set_rule(request: PersonRequest, pk: int) -> HttpResponse:
    """Say how the action aids from a day on."""
    found = measure_of(request, pk)
    form = RuleForm(request.POST or None, decisions=steering_of(found.programme), initial=_rule_of(found))
    if form.is_valid() and act(request, form, acts.set_aid_rule, measure=found, **form.answer):
        return done(request, _t("The rule is set."), PLACE, pk)
    lead = _t("The rule before it ends on that day; what was decided by it stays as it is.")
    return _of_measure(request, found, form, _t("Set the aid rule"), lead=lead)


def _rule_of(row: Measure) -> dict[str, Any]:
    """The latest rule, to begin with."""
    latest = row.aid_rules.order_by("-valid_from").first()
    if latest is None:
        return {"valid_from": clock.today()}
    names = ("rate", "ceiling", "floor", "underspend", "advance_share", "interim_share")
    unit = "1" if latest.rounding_unit == 1 else "0.01"
    return {**{name: getattr(latest, name) for name in names}, "rounding_unit": unit}


@page("programme.edit")
def set_target(request: PersonRequest, pk: int) -> HttpResponse:
    """Set or revise a target; `?indicateur=` begins with the one that stands."""
    found = measure_of(request, pk)
    latest = found.targets.filter(indicator=request.GET.get("indicateur", "")).order_by("-valid_from").first()
    names = ("indicator", "label_fr", "label_en", "operator", "value", "unit")
    initial = {name: getattr(latest, name) for name in names} if latest else {"valid_from": clock.today()}
    form = TargetForm(request.POST or None, decisions=steering_of(found.programme), initial=initial)
    if form.is_valid() and act(request, form, acts.set_target, measure=found, **form.answer):
        return done(request, _t("The target is set; the one before it is kept."), PLACE, pk)
    return _of_measure(request, found, form, _t("Set a target"))


@page("programme.edit")
def declare_result(request: PersonRequest, pk: int) -> HttpResponse:
    """Keep a figure as its source declares it."""
    found = measure_of(request, pk)
    given = found.targets.filter(indicator=request.GET.get("indicateur", "")).order_by("-valid_from").first()
    names = ("indicator", "label_fr", "label_en", "unit")
    initial = {name: getattr(given, name) for name in names} if given else {}
    form = ResultForm(request.POST or None, initial={"declared_on": clock.today(), **initial})
    if form.is_valid() and act(request, form, acts.declare_result, measure=found, **form.cleaned_data):
        return done(request, _t("The figure is kept as declared; the report compares it."), PLACE, pk)
    lead = _t("A declared figure is never corrected: the report shows where it differs from what is computed.")
    return _of_measure(request, found, form, _t("Declare a result"), lead=lead)
