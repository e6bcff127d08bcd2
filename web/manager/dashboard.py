"""The manager's dashboard: money by action, the stairs of the programme, indicators and targets."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from monitoring.queries import programme_report
from programmes.models import Programme
from web.manager import figures
from web.manager.access import programmes
from web.pages import page
from web.shared.acts import PersonRequest


def chosen(request: PersonRequest) -> tuple[Programme | None, list[dict[str, Any]]]:
    """The programme that the request asks for, else the first, and the links to all of them."""
    found = programmes(request)
    wanted = request.GET.get("programme", "")
    one = next((row for row in found if row.code == wanted), found[0] if found else None)
    views = [
        {"label": row.title, "url": f"{request.path}?programme={row.code}", "here": row is one, "count": None}
        for row in found
    ]
    return one, views if len(found) > 1 else []


@page("programme.edit", methods=["GET"])
def dashboard(request: PersonRequest) -> HttpResponse:
    """What was planned, committed, verified and paid, by action; how far the programme has climbed."""
    programme, views = chosen(request)
    context: dict[str, Any] = {"programme": programme, "views": views}
    # A programme without action has nothing to report.
    if programme is not None and programme.measures.exists():
        report = programme_report.build(programme.code, None, None, get_language())
        costs, grants = figures.costs(report), figures.grants(report)
        planned = [row for row in costs if row["planned"] is not None and row["done"] is not None]
        totals = {name: figures.total(planned, name) for name in ("planned", "done")}
        rows = figures.indicators(programme)
        context |= {
            "costs": costs if any(row["planned"] or row["done"] for row in costs) else [],
            "totals": {**totals, "rate": totals["done"] / totals["planned"] if totals["planned"] else None},
            "all_done": figures.total(costs, "done"),
            "grants": grants,
            "sums": {
                name: figures.total(grants, name) for name in ("programmed", "committed", "verified", "paid", "left")
            },
            "steps": figures.staircase(programme, report),
            "indicators": [row for row in rows if row["target"]],
            "findings": [(action, item) for action in report["actions"] for item in action["findings"]],
            "report_url": reverse("audit:report", args=[programme.code]),
        }
    return render(request, "manager/dashboard.html", context)


@page("programme.edit", methods=["GET"])
def indicators(request: PersonRequest) -> HttpResponse:
    """Every indicator with its targets, first and revised, and its last result."""
    programme, views = chosen(request)
    rows = figures.indicators(programme) if programme is not None else []
    return render(request, "manager/indicators.html", {"programme": programme, "views": views, "rows": rows})
