"""The home of the site, the open data and the help."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kit import clock
from programmes.queries import announced_calls
from web.home import home_of
from web.pages import page
from web.public import calls, projects

FEW = 6


@page("account.use", methods=["GET"])
def home(request: HttpRequest) -> HttpResponse:
    """What waits for whoever is signed in; for a visitor, the open call and what was funded."""
    if request.user.is_authenticated:
        return render(request, "public/home.html", {"sections": home_of(request.user)})
    now = clock.now()
    announced = calls.all_dressed(announced_calls(now)[:FEW], now)
    first = next((row for row in announced if row.phase == "open"), announced[0] if announced else None)
    context = {
        "first": first,
        "others": [row for row in announced if row is not first],
        "rows": projects.published().order_by("-contracted_at", "-pk")[:FEW],
        "figure": projects.staircase(),
    }
    return render(request, "public/welcome.html", context)


@page("dossier.view_summary", methods=["GET"])
def data(request: HttpRequest) -> HttpResponse:
    """What may be downloaded, and what each column says."""
    return render(request, "public/data.html", {"columns": projects.COLUMNS, "count": projects.published().count()})


@page("account.use", methods=["GET"])
def help_page(request: HttpRequest) -> HttpResponse:
    """How a dossier goes, and where to ask."""
    contacts = {row.programme for row in announced_calls(clock.now()) if row.programme.contact_email}
    return render(request, "public/help.html", {"contacts": sorted(contacts, key=lambda row: row.code)})
