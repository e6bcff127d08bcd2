"""The budget: expenses and resources as two tables of fields, which work without scripts, and what they add up to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import formset_factory
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grants.actions import drafting
from grants.models import Dossier, ResourceKind
from kit import clock
from kit.money import MoneyFormField
from programmes.rules.form import BUDGET, Section
from web.applicant.access import WHOLE
from web.applicant.forms import VersionedForm
from web.applicant.preparing import after, edited_part, renew
from web.forms import CleanCharField, EscalierForm, EscalierFormSet, one_more_line
from web.pages import act, page
from web.shared.acts import PersonRequest

COSTS, RESOURCES = "costs", "resources"
MOST_LINES = 100


class CostForm(EscalierForm):
    """One expense, in euros; a line is taken away by emptying it."""

    post = CleanCharField(label=_("Item"), max_length=200)
    supplier = CleanCharField(label=_("Supplier"), max_length=200, required=False)
    cost = MoneyFormField(label=_("Cost"), min_value=0)
    eligible = MoneyFormField(label=_("Eligible"), min_value=0)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        cost, eligible = given.get("cost"), given.get("eligible")
        if cost is not None and eligible is not None and eligible > cost:
            self.add_error("eligible", _t("The eligible part cannot be above the cost."))
        return given


class ResourceForm(EscalierForm):
    """Who pays how much, in euros."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", ""), *ResourceKind.choices])
    label = CleanCharField(label=_("From"), max_length=200, required=False)
    amount = MoneyFormField(label=_("Amount"), min_value=0)


class BudgetForm(VersionedForm):
    """The version that the two tables were filled from; errors of the whole plan stand here."""


def _emptied(form: forms.Form) -> bool:
    """Whether every field of a line was emptied: it is taken away, not faulty."""
    return form.is_bound and not any(str(form[name].value() or "").strip() for name in form.fields)


class LineSet(EscalierFormSet):
    """Lines of the plan; one that was emptied is taken away."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)
        if _emptied(form):
            form.empty_permitted, form.use_required_attribute = True, False
            form.has_changed = lambda: False
        return form

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines that say something, those that did not change among them."""
        return [form.cleaned_data for form in self.forms if not _emptied(form)]


CostSet: Any = formset_factory(CostForm, formset=LineSet, extra=1, max_num=MOST_LINES, absolute_max=2 * MOST_LINES)
ResourceSet: Any = formset_factory(
    ResourceForm, formset=LineSet, extra=1, max_num=MOST_LINES, absolute_max=2 * MOST_LINES
)


@page("dossier.edit")
def budget(request: PersonRequest, reference: str) -> HttpResponse:
    """Expenses and resources: one save for both, totals and the gap of what is kept."""
    dossier, section = edited_part(request, reference, BUDGET, *WHOLE)
    data = request.POST if request.method == "POST" else None
    grown = None
    if data is not None:
        grown = one_more_line(data, COSTS, MOST_LINES) or one_more_line(data, RESOURCES, MOST_LINES)
    typed = data if grown is None else grown
    form = BudgetForm(data, initial={"version": dossier.version})
    costs, resources = _tables(dossier, typed)
    if data is not None and grown is None and all([form.is_valid(), costs.is_valid(), resources.is_valid()]):
        saved = act(
            request,
            form,
            drafting.set_plan,
            dossier=dossier,
            cost_lines=costs.lines,
            resources=resources.lines,
            version=form.cleaned_data["version"],
        )
        if saved:
            return _saved(request, saved, section)
        renew(form, dossier)
    if grown is not None:
        form.is_valid()
    context = {
        "dossier": dossier,
        "part": section,
        "form": form,
        "costs": costs,
        "resources": resources,
        "plan": dossier.plan,
        "grown": grown is not None,
        "rate": _rate(dossier),
        "rule": dossier.aid_rule_on(clock.today()),
    }
    return render(request, "applicant/budget.html", context)


def _saved(request: PersonRequest, dossier: Dossier, section: Section) -> HttpResponse:
    """Stay while the plan does not balance, and say so; else go on."""
    plan = Dossier.objects.select_related("plan").get(pk=dossier.pk).plan
    if plan.gap:
        messages.warning(request, _t("Saved. The plan does not balance yet."))
        return redirect("applicant:budget", dossier.reference)
    messages.success(request, _t("Saved."))
    return redirect(after(dossier, section.code))


def _tables(dossier: Dossier, typed: Any) -> tuple[Any, Any]:
    lines = list(dossier.plan.cost_lines.all())
    rows = list(dossier.plan.resources.all())
    costs = CostSet(
        typed,
        prefix=COSTS,
        titles=[line.post for line in lines],
        initial=[
            {"post": line.post, "supplier": line.supplier, "cost": line.cost, "eligible": line.eligible}
            for line in lines
        ],
    )
    resources = ResourceSet(
        typed,
        prefix=RESOURCES,
        titles=[str(row) for row in rows],
        initial=[{"kind": row.kind, "label": row.label, "amount": row.amount} for row in rows],
    )
    return costs, resources


def _rate(dossier: Dossier) -> Decimal | None:
    """The share of the eligible base that is asked for; none without base."""
    return dossier.requested / dossier.eligible if dossier.eligible else None
