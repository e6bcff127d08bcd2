"""One act on many dossiers: first what it will do to each, and why some are left out; then each is done apart.

Every dossier is an act of its own, in its own transaction: one that is refused, or busy, holds no other one up. The
form's key is used up before the first, so that a form sent twice acts once; both answers lead to the same report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grants.actions import handling as handling_acts
from grants.actions import instruction
from grants.models import Dossier
from grants.queries import handling
from kit import clock
from kit.errors import EscalierError
from kit.text import format_datetime
from people.models import Person, Role
from people.permissions import can_explain
from programmes.models import Call, FormVersion
from programmes.rules.form import Section
from web.forms import CleanTextarea, EscalierForm
from web.officer import listing, saved
from web.officer.forms import ReturnForm
from web.onetime import FIELD, begun_once
from web.pages import page
from web.shared.acts import PersonRequest, staff_only

LIST, REPORT = "officer:dossiers", "officer:bulk_report"
KEPT = 5
"""Reports that a session remembers."""
SESSION = "bulk"


MOST_FORMS = 50


class PickedForm(EscalierForm):
    """Which dossiers: their references, as they were ticked or as they stand in a mail."""

    references = CleanTextarea(
        label=_("References of the dossiers"),
        help_text=_("One a line, or with spaces or commas between them; 200 at most."),
        max_length=listing.MOST_PICKED * 42,
    )

    def clean_references(self) -> list[str]:
        """The references, each once, in their order."""
        found = list(dict.fromkeys(self.cleaned_data["references"].replace(",", " ").replace(";", " ").split()))
        if len(found) > listing.MOST_PICKED:
            raise forms.ValidationError(listing.too_many(len(found)))
        return found


class BulkAssignForm(PickedForm):
    """Who takes them."""

    officer = forms.ChoiceField(label=_("Officer in charge"))
    field_order = ["officer", "references"]

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = handling.officers_of(person.standing.scopes_of(Role.INSTRUCTING_OFFICER, Role.PROGRAMME_MANAGER))
        found = {item.pk: item for there in known.values() for item in there.values()}
        ordered = sorted(found.values(), key=lambda item: (item != person, item.full_name, item.pk))
        self.officers = {str(item.pk): item for item in ordered}
        named = [(key, _t("Myself") if item == person else item.full_name) for key, item in self.officers.items()]
        self.fields["officer"].choices = named  # type: ignore[attr-defined]


class BulkReturnForm(ReturnForm, PickedForm):
    """What all of them have to complete."""

    field_order = ["sections", "message", "last_day", "references"]

    def clean_last_day(self) -> date:
        """A day to come: told once, and not of each dossier."""
        day: date = self.cleaned_data["last_day"]
        if day < clock.today():
            raise forms.ValidationError(_t("Choose a date that is still to come."))
        return day


@dataclass(frozen=True)
class Line:
    """One dossier of a preview or of a report: what happens to it or happened, or why not (`refusal`)."""

    reference: str
    title: str
    text: str = ""
    refusal: str = ""


@dataclass(frozen=True)
class Work:
    """An act on many dossiers: how one is told beforehand, why one is left out, and how one is done."""

    title: str
    action: str
    tell: Callable[[Dossier], str]
    refuse: Callable[[Dossier], str]
    run: Callable[[Dossier], Any]
    submit: str


@page("dossier.assign", keyed=False)
def assign(request: PersonRequest) -> HttpResponse:
    """Put many dossiers in the charge of an officer."""
    form = BulkAssignForm(*answers(request), person=request.user)
    officer = form.officers.get(form.cleaned_data.get("officer", "")) if form.is_bound and form.is_valid() else None

    def told(dossier: Dossier) -> str:
        former = dossier.officer.full_name if dossier.officer is not None else _t("nobody")
        return _t("from {former} to {person}").format(former=former, person=officer)

    work = Work(
        title=_t("Put dossiers in the charge of an officer"),
        action="dossier.assign",
        tell=told,
        refuse=lambda dossier: handling_acts.refusal_of(officer, dossier),  # type: ignore[arg-type]
        run=lambda dossier: handling_acts.assign_officer(dossier=dossier, officer=officer, by=request.user),  # type: ignore[arg-type]
        submit=_t("Put these dossiers in charge"),
    )
    return in_bulk(request, form, work)


@page("dossier.return_for_completion", keyed=False)
def ask_for_completion(request: PersonRequest) -> HttpResponse:
    """Send the same sections of many dossiers back to their applicants, with one last day."""
    form = BulkReturnForm(*answers(request), parts=_parts(request))

    def told(dossier: Dossier) -> str:
        return _t("asked of {organisation}, due before {instant}").format(
            organisation=dossier.applicant.name, instant=format_datetime(form.due_at)
        )

    def unasked(dossier: Dossier) -> str:
        known = set(form.cleaned_data["sections"]) <= set(dossier.questions.codes)
        return "" if known else _t("Its form has not all of these parts.")

    def returned(dossier: Dossier) -> Any:
        given = {name: form.cleaned_data[name] for name in ("sections", "message")}
        return instruction.return_for_completion(dossier=dossier, due_at=form.due_at, by=request.user, **given)

    work = Work(
        title=_t("Ask for completion of dossiers"),
        action="dossier.return_for_completion",
        tell=told,
        refuse=unasked,
        run=returned,
        submit=_t("Send to these applicants"),
    )
    return in_bulk(request, form, work)


def _parts(request: PersonRequest) -> list[Section]:
    """The parts of the forms that the calls in the viewer's programmes ask, each form once."""
    calls = Call.objects.filter(programme__code__in=request.user.standing.scopes())
    versions = FormVersion.objects.filter(call__in=calls).published().order_by("-pk")[:MOST_FORMS]
    contents = {version.digest: version.form for version in versions}
    return [part for form in contents.values() for part in form]


def answers(request: PersonRequest) -> tuple[Any, ...]:
    """What a form on many dossiers is made from: nothing, what was filled in, or what was ticked in the list."""
    return (request.POST,) if request.method == "POST" and "step" in request.POST else ()


def in_bulk(request: PersonRequest, form: Any, work: Work) -> HttpResponse:
    """The steps of an act on many: fill in the form, look at what it will do, do it."""
    if request.method == "POST" and not form.is_bound:
        picked = listing.picked(request)
        if isinstance(picked, str):
            messages.error(request, picked)
            return redirect(saved.address(listing.written(listing.normalised(request.GET))))
        form.initial["references"] = "\n".join(picked)
    context: dict[str, Any] = {"form": form, "title": work.title, "submit": work.submit, "preview": False}
    step = request.POST.get("step", "")
    if form.is_bound and form.is_valid() and step != "change":
        lines = list(foreseen(request.user, form.cleaned_data["references"], work))
        if step == "confirm":
            return carried_out(request, lines, work)
        context |= {
            "preview": True,
            "will": [line for line, _dossier in lines if not line.refusal],
            "left_out": [line for line, _dossier in lines if line.refusal],
        }
    return render(request, "officer/bulk.html", context)


def foreseen(person: Person, references: Sequence[str], work: Work) -> Iterator[tuple[Line, Dossier | None]]:
    """What the act would do to each dossier, by key, then what is no dossier that the person may open."""
    rows = listing.filed(person).filter(reference__in=references)
    rows = rows.select_related("applicant", "programme", "officer").prefetch_related("partners").order_by("pk")
    found = set()
    for dossier in rows:
        found.add(dossier.reference)
        refusal = can_explain(person, work.action, dossier) or work.refuse(dossier)
        title = f"{dossier.applicant.name} · {dossier.title}"
        yield Line(dossier.reference, title, "" if refusal else work.tell(dossier), refusal), dossier
    for reference in references:
        if reference not in found:
            yield Line(reference, "", refusal=_t("There is no such dossier among those that you may open.")), None


def carried_out(request: PersonRequest, lines: Sequence[tuple[Line, Dossier | None]], work: Work) -> HttpResponse:
    """Do the act on each dossier that it was foreseen for, each in its own transaction; then lead to the report."""
    number = hashlib.sha256(request.POST.get(FIELD, "").encode()).hexdigest()[:16]
    address = f"{reverse(REPORT)}?act={number}"

    def work_through() -> None:
        done = [line if line.refusal or dossier is None else tried(line, dossier, work) for line, dossier in lines]
        kept = dict(list(request.session.get(SESSION, {}).items())[1 - KEPT :])
        request.session[SESSION] = {
            **kept,
            number: {"title": work.title, "lines": [asdict(line) for line in done]},
        }

    return begun_once(request, address, work_through)


def tried(line: Line, dossier: Dossier, work: Work) -> Line:
    """The line with what became of it."""
    try:
        work.run(dossier)
    except EscalierError as error:
        return replace(line, text="", refusal=str(error))
    return line


@page("dossier.view", methods=["GET"])
def report(request: PersonRequest) -> HttpResponse:
    """What became of each dossier of an act on many."""
    staff_only(request)
    kept = request.session.get(SESSION, {}).get(request.GET.get("act", ""))
    lines = [Line(**line) for line in kept["lines"]] if kept else []
    context = {
        "title": kept["title"] if kept else _t("Acts on many dossiers"),
        "known": kept is not None,
        "will": [line for line in lines if not line.refusal],
        "left_out": [line for line in lines if line.refusal],
    }
    return render(request, "officer/bulk_report.html", context)
