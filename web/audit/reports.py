"""The report on a programme: computed figures, what was declared, and where the two disagree; page, HTML and JSON."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from monitoring import documents
from monitoring.queries import programme_report
from people.permissions import may
from programmes.models import Measure, Programme
from web.forms import DayField, EscalierForm
from web.pages import get_visible, page
from web.shared.acts import PersonRequest
from web.shared.figures import said


class ReportForm(EscalierForm):
    """Of which action, as of the end of which day."""

    action = forms.ChoiceField(label=_("Action of the programme"), required=False)
    at = DayField(label=_("As of the end of"), required=False)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measures = Measure.objects.filter(programme=programme).order_by("code", "pk")
        self.fields["action"].choices = [("", _t("All")), *((row.code, str(row)) for row in measures)]  # type: ignore[attr-defined]
        self.fields["action"].widget.attrs["class"] = "form-select"
        self.fields["at"].widget.attrs["class"] = "form-control es-w-date"


@page("report.view", methods=["GET"])
def listing(request: PersonRequest) -> HttpResponse:
    """The programmes on which the person may read the report."""
    scopes = request.user.standing.scopes_of("auditor", "programme_manager")
    rows = Programme.objects.filter(code__in=scopes).order_by("code")
    return render(request, "audit/reports.html", {"rows": rows})


@page("report.view", methods=["GET"])
def report(request: PersonRequest, code: str) -> HttpResponse:
    """The report, now or as of a day; `?format=html` or `json` sends it as a file."""
    programme: Programme = get_visible(Programme, request.user, code=code)
    if not may(request.user, "report.view", programme):
        raise Http404(code)
    form = ReportForm(request.GET or None, programme=programme)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = _built(programme, chosen.get("action") or None, chosen.get("at"))
    wanted = request.GET.get("format", "")
    if wanted in ("html", "json"):
        return _file(programme, found, wanted)
    kept = request.GET.copy()
    kept.pop("format", None)
    context = {
        "programme": programme,
        "form": form,
        "actions": [_shown(item) for item in found.get("actions", [found])],
        "totals": found.get("totals"),
        "query": f"&{kept.urlencode()}" if kept else "",
        "clear": request.path if kept else "",
    }
    return render(request, "audit/report.html", context)


def _built(programme: Programme, action: str | None, at: date | None) -> dict[str, Any]:
    try:
        return programme_report.build(programme.code, action, at, get_language())
    except LookupError as error:
        raise Http404(programme.code) from error


def _shown(item: dict[str, Any]) -> dict[str, Any]:
    """One action, its declared values in words; their source apart where it is the same for all."""
    declared = [{**row, "words": said(_value(row["value"]), row["unit"])} for row in item["declared"]]
    sources = {row["source"] for row in declared}
    return {**item, "declared": declared, "source": sources.pop() if len(sources) == 1 else ""}


def _value(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _file(programme: Programme, found: dict[str, Any], wanted: str) -> HttpResponse:
    if wanted == "json":
        body, kind = json.dumps(found, ensure_ascii=False, indent=2), "application/json"
    else:
        body, kind = documents.programme_report(found, get_language() or "fr"), "text/html; charset=utf-8"
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{programme.code}.{wanted}"'
    return response
