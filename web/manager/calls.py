"""A call, from the manager's desk: prepared, its grid approved, published, its deadline changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from grants.actions import deadlines
from kit import clock
from kit.clock import PARIS
from kit.text import format_datetime
from people.permissions import can_explain
from programmes.actions import calls as acts
from programmes.models import Call, CallState, Envelope
from programmes.requirements import missing_for_publication
from selection.actions import committees
from selection.models import Criterion, Grid, Score
from web.forms import one_more_line
from web.manager.access import ask, decisions_of, managed, measure_of, trail_of
from web.manager.call_forms import (
    RULES,
    TEXTS,
    CallForm,
    CriterionFormSet,
    DeadlineForm,
    NewCallForm,
    PublishedForm,
    initial_of,
)
from web.manager.forms import OfDecisionForm
from web.pages import act, page
from web.public.calls import dressed
from web.shared.acts import PersonRequest, confirmed, done

PLACE = "manager:call"
NUMBERS = ("scorecards_needed", "appeal_days", "contest_days")
PREFIX = "criteria"


def read(request: PersonRequest, slug: str) -> Call:
    """A call of a programme that the person manages, or 404."""
    rows = Call.objects.select_related("programme", "measure", "envelope__account", "grid__decision")
    found: Call = managed(request, rows.filter(slug=slug).first(), "call.edit")
    return found


@page("call.edit", methods=["GET"])
def call(request: PersonRequest, slug: str) -> HttpResponse:
    """The set-up of one call, and what is missing before it is published."""
    found: Any = dressed(read(request, slug), clock.now())
    grid = getattr(found, "grid", None)
    context = {
        "call": found,
        "programme": found.programme,
        "trail": trail_of(found.programme, (found.measure.code, reverse("manager:measure", args=[found.measure_id]))),
        "facts": facts_of(found),
        "missing": missing_for_publication(found) if found.state == CallState.PREPARED else [],
        "prepared": found.state == CallState.PREPARED,
        "grid": grid,
        "criteria": grid.criteria.order_by("position", "pk") if grid else [],
        "locked": grid is not None and is_locked(grid),
    }
    return render(request, "manager/call.html", context)


def is_locked(grid: Grid) -> bool:
    """Whether a mark was given with the grid, which then stays as it is."""
    return grid.locked_at is not None or Score.objects.filter(criterion__grid=grid).exists()


def facts_of(row: Call) -> list[tuple[str, Any]]:
    """What a call is, apart from its texts."""
    return [
        (_t("Action of the programme"), str(row.measure)),
        (_t("Envelope"), row.envelope.code),
        (_t("Address of the page"), row.slug),
        (_t("Prefix of the references"), row.reference_prefix),
        (_t("Opens on"), format_datetime(row.opens_at)),
        (_t("Closes on"), format_datetime(row.closes_at)),
        (_t("Advice before the selection"), _t("Yes") if row.needs_advice else _t("No")),
        (
            _t("A grant may be cut to what the envelope has left"),
            _t("Yes") if row.allows_partial_awards else _t("No"),
        ),
        (_t("Scorecards needed for each application"), row.scorecards_needed),
        (_t("Days to appeal"), row.appeal_days),
        (_t("Days to contest a check"), row.contest_days),
        (
            _t("Remind of drafts so many days before the call closes"),
            ", ".join(map(str, row.reminder_days)) or _t("No reminder"),
        ),
    ]


def _of_call(request: PersonRequest, row: Call, form: Any, title: str, **more: Any) -> HttpResponse:
    url = reverse(PLACE, args=[row.slug])
    return ask(request, row.programme, form, title, url, trail=trail_of(row.programme, (row.title, url)), **more)


@page("call.edit")
def create(request: PersonRequest, pk: int) -> HttpResponse:
    """Prepare a call of the action."""
    found = measure_of(request, pk)
    form = NewCallForm(request.POST or None, envelopes=Envelope.objects.filter(measure=found).order_by("code"))
    if form.is_valid():
        made = act(request, form, acts.create_call, measure=found, **form.answer)
        if made:
            return done(request, _t("The call is in preparation; write its grid next."), PLACE, made.slug)
    refused = "" if form.envelopes else _t("The action has no envelope: open one first, by a decision.")
    first = (_t("Open an envelope"), reverse("manager:open_envelope", args=[pk]))
    url = reverse("manager:measure", args=[pk])
    trail = trail_of(found.programme, (found.code, url))
    return ask(request, found.programme, form, _t("Prepare a call"), url, trail=trail, refused=refused, first=first)


@page("call.edit")
def edit(request: PersonRequest, slug: str) -> HttpResponse:
    """Change a call; once published only its texts, and a reason once it is open."""
    found = read(request, slug)
    texts = {name: getattr(found, name) for name in TEXTS}
    if found.state == CallState.PUBLISHED:
        published = PublishedForm(request.POST or None, initial=texts)
        form: CallForm | PublishedForm = published
        lead = _t("The call is published: only its texts change here; the deadline has a page of its own.")
    else:
        more = {name: getattr(found, name) for name in (*RULES, *NUMBERS)}
        form = CallForm(request.POST or None, initial={**texts, **more, **initial_of(found, "opens", "closes")})
        lead = ""
    if form.is_valid():
        reason = form.cleaned_data.get("reason", "")
        changed = act(request, form, acts.edit_call, call=found, changes=form.changes, reason=reason)
        if changed:
            return done(request, _t("The call is changed."), PLACE, changed.slug)
    return _of_call(request, found, form, _t("Change the call"), submit=_t("Save the changes"), lead=lead)


@page("call.publish")
def publish(request: PersonRequest, slug: str) -> HttpResponse:
    """Make the call public."""
    found = read(request, slug)
    form = confirmed(request)
    if form.is_valid() and act(request, form, acts.publish_call, call=found):
        return done(request, _t("The call is public."), PLACE, slug)
    waiting = found.state == CallState.PREPARED and request.method != "POST"
    lacking = missing_for_publication(found) if waiting else []
    lead = _t("Everybody reads the call from now on. Its dates and rules then stay as they are.")
    facts = [row for row in facts_of(found) if row[0] in (_t("Opens on"), _t("Closes on"))]
    return _of_call(request, found, form, _t("Publish the call"), lead=lead, facts=facts, missing=lacking)


@page("call.change_deadline")
def change_deadline(request: PersonRequest, slug: str) -> HttpResponse:
    """Move the last hour of a published call; whoever has a draft is told."""
    found = read(request, slug)
    form = DeadlineForm(request.POST or None, initial=initial_of(found, "closes"))
    if form.is_valid():
        given = {"closes_at": form.cleaned_data["closes_at"], "reason": form.cleaned_data["reason"]}
        if act(request, form, deadlines.change_deadline, call=found, **given):
            return done(request, _t("The last hour is moved; whoever has a draft is told."), PLACE, slug)
    facts = [(_t("Closes on"), format_datetime(found.closes_at.astimezone(PARIS)))]
    refused = can_explain(request.user, "call.change_deadline", found)
    return _of_call(request, found, form, _t("Move the last hour"), facts=facts, refused=refused)


@page("grid.edit")
def edit_grid(request: PersonRequest, slug: str) -> HttpResponse:
    """Write the criteria of the call; an approved grid is to be approved again."""
    found = read(request, slug)
    grown = one_more_line(request.POST, PREFIX)
    data = grown if grown is not None else request.POST or None
    rows = CriterionFormSet(data, prefix=PREFIX, initial=_criteria(found))
    if grown is None and rows.is_valid():
        kept = [form.cleaned_data for form in rows.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        given = [{name: value for name, value in row.items() if name != "DELETE"} for row in kept]
        if act(request, rows, committees.edit_grid, call=found, criteria=given):
            return done(request, _t("The grid is written; a committee’s decision approves it next."), PLACE, slug)
    url = reverse(PLACE, args=[slug])
    context = {
        "call": found,
        "rows": rows,
        "back_url": url,
        "trail": trail_of(found.programme, (found.title, url)),
        "refused": _t("The grid is locked: a first mark was given with it.") if _grid_locked(found) else "",
    }
    return render(request, "manager/grid.html", context)


def _grid_locked(row: Call) -> bool:
    grid = getattr(row, "grid", None)
    return grid is not None and is_locked(grid)


def _criteria(row: Call) -> list[dict[str, Any]]:
    """The criteria that stand, else those of the reference programme."""
    names = ("code", "group", "label_fr", "label_en", "weight", "minimum", "maximum", "step")
    kept = Criterion.objects.filter(grid__call=row).order_by("position", "pk")
    found: list[Any] = list(kept.values(*names)) or [dict(item) for item in committees.REFERENCE_CRITERIA]
    return [{name: _plain(value) for name, value in item.items()} for item in found]


def _plain(value: Any) -> Any:
    return Decimal(f"{value.normalize():f}") if isinstance(value, Decimal) else value


@page("grid.edit")
def approve_grid(request: PersonRequest, slug: str) -> HttpResponse:
    """Record the committee's decision that approves the grid."""
    found = read(request, slug)
    grid: Grid = managed(request, getattr(found, "grid", None), "grid.edit")
    form = OfDecisionForm(request.POST or None, decisions=decisions_of(found.programme))
    if form.is_valid() and act(request, form, committees.approve_grid, grid=grid, **form.answer):
        return done(request, _t("The grid is approved."), PLACE, slug)
    refused = "" if form.decisions else _t("Record the committee’s decision first.")
    return _of_call(request, found, form, _t("Approve the grid"), refused=refused)
