"""The instructing service: the list of dossiers, the dossier, and what is asked of the applicant."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grants.actions import instruction
from grants.models import Dossier
from grants.queries import completion
from grants.queries.handling import with_officer
from grants.queries.messages import with_unread
from grants.queries.visibility import find_for, is_tied, remember_strangers
from kit.text import format_datetime
from people.models import Role
from people.permissions import can_explain, may
from web.officer import columns, listing, saved
from web.officer import dossier as sheet
from web.officer.forms import DueForm, IneligibleForm, ReturnForm
from web.pages import act, get_visible, page
from web.shared.acts import PersonRequest, act_page, confirmed, done, staff_only
from web.shared.dossiers import step_dates
from web.shared.exports import FORMATS

PLACE = "officer:dossier"
PARTAKERS = {Role.ADVISER, Role.COMMITTEE_MEMBER, Role.CONTROLLER}
AGREEMENT = ("agreement__plan", "agreement__award__decision")
MANY_COLUMNS = 8
"""More do not fit on a screen: the table scrolls in its own frame then, not the page."""
# What is done to many dossiers at once: the page, the action, and the words of its button.
BULK = (
    ("officer:bulk_assign", "dossier.assign", _("Put in charge of…")),
    ("officer:bulk_return", "dossier.return_for_completion", _("Ask for completion…")),
)


@page("dossier.view", methods=["GET"])
def dossiers(request: PersonRequest) -> HttpResponse:
    """The work list of the programme's dossiers."""
    staff_only(request)
    person, query = request.user, listing.normalised(request.GET)
    filters = listing.DossierFilters(request.GET, person=person)
    codes, sort = columns.chosen(request.GET.getlist("columns")), columns.ordered(request.GET.get("sort", ""))
    rows, counted = listing.page_of(request, filters, sort), listing.counts(person)
    for row in rows:
        row.step_dates, row.waiting = step_dates(row), columns.waiting(row)
        listing.dressed(row, filters.officers)
    filtered = any(request.GET.get(name) for name in filters.fields)
    written = listing.written(query)
    context = {
        "filters": filters,
        "rows": rows,
        "views": listing.views(request.path, query, counted),
        "saved": saved.shown(person, request.path, written),
        "filtered": filtered,
        "clear": request.path if filtered else "",
        "kept": [(name, query[name]) for name in ("columns", "sort") if name in query],
        "narrowed": [(name, value) for name, value in query.items() if name != "columns"],
        "columns": [(item, item.code in codes) for item in columns.COLUMNS],
        "wide": len(codes) > MANY_COLUMNS,
        "show": {code: columns.BY_CODE[code].label for code in codes},
        "heads": listing.headers(request.path, query, codes, sort),
        "query": written,
        "number": listing.number_of(person, filters, query, counted),
        "can_save": may(person, "view.save"),
        "bulk": [
            {"label": label, "url": listing.address(reverse(name), written)}
            for name, action, label in BULK
            if may(person, action)
        ],
        "most": listing.MOST_PICKED,
        "formats": FORMATS,
        "export_url": listing.address(reverse("officer:export"), written),
    }
    return render(request, "officer/dossiers.html", context)


@page("dossier.view", methods=["GET"])
def dossier(request: PersonRequest, reference: str, tab: str = "follow") -> HttpResponse:
    """One dossier: where it stands, what comes next, and the parts that the viewer may read."""
    found = read(request, reference, "call__envelope__account", "assessment", *AGREEMENT)
    if found.programme_code not in request.user.standing.scopes() or is_tied(request.user, found):
        # The applicant and its partners have a page of their own.
        raise Http404(reference)
    return render(request, f"officer/dossier_{tab}.html", sheet.frame(request, found, tab))


def read(request: PersonRequest, reference: str, *along: str) -> Dossier:
    """The dossier with what its page shows, and what it points at `along`; or 404."""
    rows = Dossier.objects.select_related("applicant", "call__envelope", "call__measure", "programme", "plan", *along)
    person = request.user
    if not person.standing.holds().isdisjoint(PARTAKERS):  # each question asks for the viewer's part
        rows = rows.prefetch_related("participations")
    rows = with_unread(with_officer(find_for(rows, person)), person)
    found: Dossier = get_visible(rows, person, reference=reference)
    remember_strangers(found, person)
    return found


def ask(request: PersonRequest, dossier: Dossier, form: Any, title: str, submit: str, **more: Any) -> HttpResponse:
    """The page of one act on a dossier; it says why where the viewer cannot do it at this step."""
    action = request.resolver_match.func.action_name  # type: ignore[union-attr]
    more["refused"] = can_explain(request.user, action, dossier)
    url = reverse(PLACE, args=[dossier.reference])
    more.setdefault("trail", [(_t("Dossiers"), reverse("officer:dossiers")), (dossier.reference, url)])
    more.setdefault("over", f"{dossier.reference} · {dossier.applicant.name}")
    return act_page(request, form, title=title, submit=submit, back_url=url, **more)


@page("dossier.return_for_completion")
def return_for_completion(request: PersonRequest, reference: str) -> HttpResponse:
    """Send whole sections back to the applicant, with a last day."""
    dossier = read(request, reference)
    form = ReturnForm(request.POST or None, parts=dossier.questions)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("sections", "message")}
        if act(request, form, instruction.return_for_completion, dossier=dossier, due_at=form.due_at, **given):
            return done(request, _t("The applicant is asked to complete the dossier."), PLACE, reference)
    return ask(request, dossier, form, _t("Ask for completion"), _t("Send to the applicant"))


@page("dossier.extend_completion")
def extend_completion(request: PersonRequest, reference: str) -> HttpResponse:
    """Give the applicant more time."""
    dossier = read(request, reference)
    form = DueForm(request.POST or None)
    if form.is_valid() and act(request, form, instruction.extend_completion, dossier=dossier, due_at=form.due_at):
        return done(request, _t("The applicant has more time, and is told so."), PLACE, reference)
    asked = completion.open_request(dossier)
    facts = [(_t("Due now"), format_datetime(asked.due_at) if asked else "")]
    return ask(request, dossier, form, _t("Give more time"), _t("Give more time"), facts=facts)


@page("dossier.cancel_completion")
def cancel_completion(request: PersonRequest, reference: str) -> HttpResponse:
    """Drop the request for completion."""
    dossier = read(request, reference)
    form = confirmed(request)
    if form.is_valid() and act(request, form, instruction.cancel_completion, dossier=dossier):
        return done(request, _t("The request is dropped; the dossier is examined as it stands."), PLACE, reference)
    lead = _t("The dossier will be examined as it was filed. The message that was sent is kept.")
    return ask(request, dossier, form, _t("Drop the request for completion"), _t("Drop the request"), lead=lead)


@page("dossier.declare_ineligible")
def declare_ineligible(request: PersonRequest, reference: str) -> HttpResponse:
    """Find that the dossier breaks a named rule of the call."""
    dossier = read(request, reference)
    form = IneligibleForm(request.POST or None)
    if form.is_valid() and act(request, form, instruction.declare_ineligible, dossier=dossier, **form.cleaned_data):
        return done(request, _t("The dossier is declared ineligible; the applicant is told why."), PLACE, reference)
    lead = _t("The applicant can appeal; without an appeal this ends the dossier.")
    return ask(request, dossier, form, _t("Declare ineligible"), _t("Declare ineligible"), lead=lead, danger=True)
