"""The auditor's pages: a sample anyone can draw again, and the trail of each dossier. Nothing here changes anything."""

from __future__ import annotations

import csv
import io
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from grants.lifecycle import AFTER_CONTRACT
from grants.models import Dossier
from grants.queries.contents import is_whole
from people.permissions import may
from programmes.models import Programme
from records.actions import access
from records.models import JournalEntry
from records.queries import journal
from web.audit.sampling import drawn
from web.forms import CleanCharField, EscalierForm
from web.officer import listing
from web.pages import get_visible, page
from web.shared.acts import PersonRequest
from web.shared.exports import plain_cell
from web.shared.journals import dressed
from web.shared.lists import Page, by_key

MOST_ROWS = 200
COLUMNS = ("seq", "occurred_at", "recorded_at", "actor_id", "actor", "on_behalf", "act", "from_state", "to_state")
LAST_COLUMNS = ("reason", "data", "personal_digest", "digest")


class SampleForm(EscalierForm):
    """What a sample is drawn with: whoever types the same draws the same."""

    seed = CleanCharField(label=_("Seed"), max_length=60, help_text=_("Any word; note it in the audit report."))
    size = forms.IntegerField(label=_("Dossiers to draw"), min_value=1, max_value=MOST_ROWS, initial=10)


@page("journal.view", methods=["GET"])
def sample(request: PersonRequest) -> HttpResponse:
    """Draw dossiers with an agreement, by a seed."""
    form = SampleForm(request.GET or None)
    rows: list[Dossier] = []
    if form.is_valid():
        contracted = listing.filed(request.user).filter(state__in=AFTER_CONTRACT)
        references = contracted.order_by().values_list("reference", flat=True)
        chosen = drawn(references, form.cleaned_data["seed"], form.cleaned_data["size"])
        found = contracted.filter(reference__in=chosen).select_related("applicant")
        rows = sorted(found, key=lambda row: chosen.index(row.reference))
    return render(request, "audit/sample.html", {"form": form, "rows": rows, "asked": form.is_bound})


@page("journal.view", methods=["GET"])
def trails(request: PersonRequest) -> HttpResponse:
    """The dossiers, each with its trail."""
    filters = listing.DossierFilters(request.GET, person=request.user)
    filtered = any(request.GET.get(name) for name in filters.fields)
    scopes = request.user.standing.scopes_of("auditor", "programme_manager")
    context = {
        "filters": filters,
        "rows": listing.page_of(request, filters),
        "clear": request.path if filtered else "",
        "programmes": Programme.objects.filter(code__in=scopes).order_by("code"),
    }
    return render(request, "audit/trails.html", context)


@page("journal.view", methods=["GET"])
def trail(request: PersonRequest, reference: str) -> HttpResponse:
    """Everything that was done to one dossier, in order, and whether what was filed is still whole."""
    dossier = read(request, reference)
    snapshots = [(row, is_whole(row)) for row in dossier.snapshots.order_by("number")]
    context = {
        "dossier": dossier,
        "entries": entries(request, dossier.journal_chain),
        "snapshots": snapshots,
        "title": dossier.title,
        "over": f"{dossier.reference} · {dossier.applicant.name}",
    }
    return render(request, "audit/trail.html", context)


@page("journal.view", methods=["GET"])
def programme(request: PersonRequest, code: str) -> HttpResponse:
    """Everything that was done to a programme: its money, its calls, its roles."""
    found: Programme = get_visible(Programme, request.user, code=code)
    scopes = request.user.standing.scopes_of("auditor", "programme_manager")
    if found.code not in scopes:
        raise Http404(code)
    context: dict[str, Any] = {
        "dossier": None,
        "entries": entries(request, found.journal_chain),
        "snapshots": [],
        "title": found.title,
        "over": found.code,
    }
    return render(request, "audit/trail.html", context)


@page("journal.view", methods=["POST"])
def download(request: PersonRequest, reference: str) -> HttpResponse:
    """The trail of one dossier as CSV: ISO instants, one line an act; the download is logged."""
    dossier = read(request, reference)
    access.log(request.user, "journal.downloaded", dossier)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*COLUMNS, *LAST_COLUMNS])
    for entry in journal.entries(dossier.journal_chain):
        writer.writerow(_line(entry))
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{dossier.reference}.csv"'
    return response


def read(request: PersonRequest, reference: str) -> Dossier:
    """A dossier whose journal the person may read, or 404."""
    found: Dossier = get_visible(
        Dossier.objects.select_related("applicant", "programme", "call"), request.user, reference=reference
    )
    if not may(request.user, "journal.view", found):
        raise Http404(reference)
    return found


def entries(request: PersonRequest, chain: str) -> Page:
    """A page of a chain's journal, its states in words."""
    rows = by_key(request, journal.entries(chain), "seq", per_page=100)
    dressed(rows)
    return rows


def _line(entry: JournalEntry) -> list[Any]:
    values = {"actor": journal.actor_name(entry)}
    cells = [values.get(name) if name in values else getattr(entry, name) for name in COLUMNS + LAST_COLUMNS]
    return [plain_cell(value) for value in cells]
