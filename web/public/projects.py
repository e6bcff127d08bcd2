"""Funded projects, in public: title, beneficiary, amounts, place and dates; nothing else (dossier.view_summary)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grants.lifecycle import State
from grants.models import Dossier
from grants.models.dossier import DossierQuerySet
from grants.queries import money
from people.models import OrganisationKind
from people.permissions.table import SINCE_CONTRACT_TO_THE_END
from programmes.models import Programme
from web.forms import CleanCharField, EscalierForm
from web.pages import page
from web.shared.dossiers import step_dates
from web.shared.lists import by_key

COLUMNS: tuple[tuple[str, Any], ...] = (
    ("reference", _("Permanent reference of the project")),
    ("programme", _("Code of the programme")),
    ("action", _("Code of the action of the programme")),
    ("title", _("Title of the project")),
    ("beneficiary", _("Name of the organisation that receives the grant")),
    ("identifier", _("Its SIRET, or its RNA number")),
    ("kind", _("Kind of organisation")),
    ("department", _("Département code")),
    ("eligible", _("Eligible base, in euros")),
    ("granted", _("Grant awarded, in euros")),
    ("state", _("State: contracted, service_fact_verified, paid or closed")),
    ("contracted_on", _("Day of the agreement (ISO 8601)")),
    ("paid_on", _("Day on which the grant was settled (ISO 8601)")),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def published() -> DossierQuerySet:
    """The dossiers whose summary is public: those with an agreement, until they are cancelled."""
    rows = Dossier.objects.filter(state__in=SINCE_CONTRACT_TO_THE_END)
    return rows.select_related("applicant", "programme", "call__measure")


class ProjectFilters(EscalierForm):
    """What the list can be narrowed to; every field may stay empty."""

    q = CleanCharField(label=_("Words, town or organisation"), required=False, max_length=100)
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    department = forms.ChoiceField(label=_("Département"), required=False)
    kind = forms.ChoiceField(label=_("Kind of organisation"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = published().order_by().values_list("department", flat=True).distinct()
        programmes = Programme.objects.filter(dossiers__state__in=SINCE_CONTRACT_TO_THE_END).distinct().order_by("code")
        choices: dict[str, list[tuple[str, Any]]] = {
            "programme": [(row.code, row.title) for row in programmes],
            "department": [(code, code) for code in sorted(code for code in codes if code)],
            "kind": list(OrganisationKind.choices),
        }
        for name, found in choices.items():
            self.fields[name].choices = [("", _t("All")), *found]  # type: ignore[attr-defined]
            self.fields[name].widget.attrs["class"] = "form-select"
        self.fields["q"].widget.attrs["class"] = "form-control"

    def narrow(self, rows: DossierQuerySet) -> DossierQuerySet:
        """The rows that the filters let pass; a filter that means nothing lets none pass."""
        if not self.is_valid():
            return rows.none()
        wanted = self.cleaned_data
        for word in wanted["q"].split():
            found = Q(title__icontains=word) | Q(applicant__name__icontains=word) | Q(applicant__city__icontains=word)
            rows = rows.filter(found | Q(reference__istartswith=word))
        if wanted["programme"]:
            rows = rows.filter(programme__code=wanted["programme"])
        if wanted["department"]:
            rows = rows.filter(department=wanted["department"])
        if wanted["kind"]:
            rows = rows.filter(applicant__kind=wanted["kind"])
        return rows


def narrowed(request: HttpRequest) -> tuple[ProjectFilters, DossierQuerySet]:
    """The filters of the request, and the projects that pass them."""
    filters = ProjectFilters(request.GET)
    return filters, filters.narrow(published())


@page("dossier.view_summary", methods=["GET"])
def listing(request: HttpRequest) -> HttpResponse:
    """The funded projects, the last agreement first, with the totals of what the filters let pass."""
    filters, rows = narrowed(request)
    kept = request.GET.copy()
    for name in ("after", "before"):
        kept.pop(name, None)
    filtered = any(request.GET.get(name) for name in filters.fields)
    context = {
        "filters": filters,
        "rows": by_key(request, rows, "-contracted_at", "-pk", per_page=25),
        "totals": totals(rows),
        "query": f"?{kept.urlencode()}" if filtered else "",
        "filtered": filtered,
        "clear": request.path if filtered else "",
    }
    return render(request, "public/projects.html", context)


@page("dossier.view_summary", methods=["GET"])
def project(request: HttpRequest, reference: str) -> HttpResponse:
    """The sheet of one project."""
    found = published().filter(reference=reference).first()
    if found is None:
        raise Http404(reference)
    context = {
        "dossier": found,
        "dates": step_dates(found),
        "paid": money.stages(found)["paid"],
        "rate": found.granted / found.eligible if found.granted and found.eligible else None,
        "services": found.services.filter(confirmed_at__isnull=False).order_by("pk"),
    }
    return render(request, "public/project.html", context)


@page("dossier.view_summary", methods=["GET"])
def as_csv(request: HttpRequest) -> Any:
    """The filtered projects as CSV: ISO dates, decimal points, UTF-8."""
    _filters, rows = narrowed(request)
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield writer.writerow([name for name, _label in COLUMNS])
        for row in rows.order_by("reference").iterator(500):
            yield writer.writerow([_cell(value) for value in record(row).values()])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="projets.csv"'
    return response


@page("dossier.view_summary", methods=["GET"])
def as_json(request: HttpRequest) -> Any:
    """The filtered projects as JSON: one array of objects, amounts as text with two decimals."""
    _filters, rows = narrowed(request)

    def parts() -> Iterator[str]:
        before = "[\n"
        for row in rows.order_by("reference").iterator(500):
            yield before + json.dumps(record(row), ensure_ascii=False)
            before = ",\n"
        yield "\n]\n" if before == ",\n" else "[]\n"

    response = StreamingHttpResponse(parts(), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="projets.json"'
    return response


class _Echo:
    """What a CSV writer writes to: each line is handed back."""

    def write(self, line: str) -> str:
        return line


def _cell(value: str | None) -> str:
    """A value that no spreadsheet takes for a formula."""
    text = value or ""
    return f"'{text}" if text.startswith(FORMULA) else text


def record(dossier: Dossier) -> dict[str, str | None]:
    """One project as open data, in the order of `COLUMNS`."""
    days = step_dates(dossier)
    paid = days.get(State.PAID)
    return {
        "reference": dossier.reference,
        "programme": dossier.programme.code,
        "action": dossier.call.measure.code,
        "title": dossier.title,
        "beneficiary": dossier.applicant.name,
        "identifier": dossier.applicant.identifier,
        "kind": dossier.applicant.kind,
        "department": dossier.department,
        "eligible": f"{dossier.eligible:.2f}",
        "granted": f"{dossier.granted:.2f}",
        "state": str(dossier.state),
        "contracted_on": days[State.CONTRACTED].isoformat(),
        "paid_on": paid.isoformat() if paid else None,
    }


def totals(rows: DossierQuerySet) -> dict[str, Any]:
    """How many projects, and the sums of their eligible bases and grants, in euros."""
    found = rows.order_by().aggregate(count=Count("pk"), eligible=Sum("eligible"), granted=Sum("granted"))
    return {name: value or Decimal(0) for name, value in found.items()} | {"count": found["count"]}


# The public stairs: how far the funded projects have come, all counted in projects.
STEPS: tuple[tuple[Any, frozenset[str]], ...] = (
    (_("Agreed"), SINCE_CONTRACT_TO_THE_END),
    (pgettext_lazy("projects", "Verified"), SINCE_CONTRACT_TO_THE_END - {"contracted"}),
    (_("Settled"), frozenset({"paid", "closed"})),
    (_("In use"), frozenset({"closed"})),
)


def staircase() -> list[dict[str, Any]]:
    """The four steps of the figure with their places; none while nothing is funded."""
    counts = dict(published().order_by().values_list("state").annotate(count=Count("pk")))
    if not counts:
        return []
    width = 100 // len(STEPS)
    return [
        {
            "label": label,
            "count": sum(counts.get(state, 0) for state in states),
            "x": f"{position * width}%",
            "text_x": f"{position * width + 1.5:.1f}%",
            "y": 232 - 50 * position,
            "height": 60 + 50 * position,
            "count_y": 204 - 50 * position,
            "unit_y": 222 - 50 * position,
            "css": "c-b" if position == len(STEPS) - 1 else "c-a",
        }
        for position, (label, states) in enumerate(STEPS)
    ]
