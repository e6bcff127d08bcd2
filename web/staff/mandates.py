"""Mandates: asked for with a deed, confirmed, refused or ended by a programme manager."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kit.text import format_datetime
from people.actions import mandates
from people.models import Mandate, MandateStatus
from people.queries import find_organisation
from records.actions import access
from records.queries.documents import open_document
from web.pages import act, get_visible, page, permitted
from web.shared.acts import PersonRequest, act_page, confirmed, done
from web.shared.dossiers import paper
from web.shared.lists import by_key
from web.staff.forms import MandateForm, WhyForm

HOME = "staff:mandates"
PLACE = "staff:mandate"


@page("mandate.confirm", methods=["GET"])
def listing(request: PersonRequest) -> HttpResponse:
    """The mandates that wait, or those of another status."""
    wanted = request.GET.get("status", "")
    chosen = wanted if wanted in MandateStatus.values else MandateStatus.REQUESTED.value
    rows = Mandate.objects.visible_to(request.user).filter(status=chosen).select_related("organisation", "person")
    views = [
        {"label": label, "url": f"{request.path}?status={value}", "here": value == chosen, "count": None}
        for value, label in MandateStatus.choices
    ]
    order = "requested_at" if chosen == MandateStatus.REQUESTED else "-requested_at"
    return render(request, "staff/mandates.html", {"rows": by_key(request, rows, order), "views": views})


@page("mandate.request")
def request_one(request: PersonRequest) -> HttpResponse:
    """Ask to sign for an organisation, known by its number."""
    initial = {"identifier": request.GET.get("identifiant", "")}
    form = MandateForm(request.POST or None, request.FILES or None, initial=initial)
    if form.is_valid():
        found = find_organisation(form.cleaned_data["identifier"])
        if found is None:
            form.add_error("identifier", _t("No organisation has this number here: check it, or register it first."))
        elif act(
            request,
            form,
            mandates.request_mandate,
            organisation=found,
            function=form.cleaned_data["function"],
            upload=form.cleaned_data["evidence"],
        ):
            sentence = _t("Your mandate is asked for; a programme manager answers, and a mail tells you.")
            return done(request, sentence, "staff:organisation", found.pk)
    return act_page(
        request,
        form,
        title=_t("Ask for a mandate"),
        submit=_t("Ask for the mandate"),
        back_url=reverse("staff:organisations"),
        lead=_t("Whoever signs for an organisation shows the deed that gives the power to; a manager confirms it."),
        trail=[(_t("Organisations"), reverse("staff:organisations"))],
    )


def read(request: PersonRequest, pk: int) -> Mandate:
    """A mandate that the person may see, or 404."""
    rows = Mandate.objects.select_related("organisation", "person", "evidence", "confirmed_by", "ended_by")
    found: Mandate = get_visible(rows, request.user, pk=pk)
    return found


@page("mandate.request", methods=["GET"])
def mandate(request: PersonRequest, pk: int) -> HttpResponse:
    """One mandate, with its deed and what may be answered."""
    found = read(request, pk)
    may_answer = permitted(request, "mandate.confirm", found)
    oneself = request.user in (found.person, found.requested_by)
    waiting = found.status == MandateStatus.REQUESTED
    documents = [found.evidence] if found.evidence else []
    context = {
        "mandate": found,
        "facts": facts_of(found),
        "papers": [paper(row, reverse("staff:evidence", args=[pk])) for row in documents],
        "can_answer": waiting and may_answer and not oneself,
        "why": _t("A programme manager answers, who is not the person that asks.") if waiting else "",
        "can_end": may_answer and found.status == MandateStatus.CONFIRMED,
    }
    return render(request, "staff/mandate.html", context)


def facts_of(row: Mandate) -> list[tuple[str, Any]]:
    """Who asks to sign for whom."""
    answered = f"{row.confirmed_by}, {format_datetime(row.confirmed_at)}" if row.confirmed_at else ""
    ended = f"{row.ended_by}, {format_datetime(row.ended_at)}" if row.ended_at else ""
    return [
        (_t("Organisation"), row.organisation.name),
        (_t("Identifier"), row.organisation.identifier),
        (_t("Person"), row.person.full_name),
        (_t("E-mail address"), row.person.email),
        (_t("Function"), row.function),
        (_t("Asked for"), format_datetime(row.requested_at)),
        (_t("Confirmed by"), answered),
        (_t("Ended or refused by"), ended),
        (_t("Reason"), row.reason),
    ]


@page("mandate.request", methods=["POST"])
def evidence(request: PersonRequest, pk: int) -> Any:
    """Send the deed of a mandate; the reading is logged."""
    document = read(request, pk).evidence
    if document is None:
        raise Http404(pk)
    try:
        file = open_document(document)
    except FileNotFoundError as error:
        raise Http404(pk) from error
    access.log(request.user, "document.downloaded", document)
    response = FileResponse(file, as_attachment=True, filename=document.name, content_type=document.media_type)
    response["Cache-Control"] = "private, no-store"
    return response


def ask(request: PersonRequest, row: Mandate, form: Any, title: str, **more: Any) -> HttpResponse:
    """The page of one act on a mandate."""
    url = reverse(PLACE, args=[row.pk])
    trail = [(_t("Mandates"), reverse(HOME)), (row.organisation.name, url)]
    return act_page(
        request, form, title=title, submit=title, back_url=url, facts=facts_of(row)[:6], trail=trail, **more
    )


@page("mandate.confirm")
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    """Confirm a mandate."""
    found = read(request, pk)
    form = confirmed(request)
    if form.is_valid() and act(request, form, mandates.confirm_mandate, mandate=found):
        return done(request, _t("The mandate is confirmed; the person is told."), PLACE, pk)
    return ask(request, found, form, _t("Confirm the mandate"), lead=_t("Have you read the deed?"))


@page("mandate.confirm")
def refuse(request: PersonRequest, pk: int) -> HttpResponse:
    """Refuse a mandate, with a reason."""
    found = read(request, pk)
    form = WhyForm(request.POST or None)
    if form.is_valid() and act(request, form, mandates.refuse_mandate, mandate=found, **form.cleaned_data):
        return done(request, _t("The mandate is refused; the person is told why."), PLACE, pk)
    return ask(request, found, form, _t("Refuse the mandate"), danger=True)


@page("mandate.confirm")
def end(request: PersonRequest, pk: int) -> HttpResponse:
    """End a confirmed mandate, with a reason."""
    found = read(request, pk)
    form = WhyForm(request.POST or None)
    if form.is_valid() and act(request, form, mandates.end_mandate, mandate=found, **form.cleaned_data):
        return done(request, _t("The mandate is ended; the person is told why."), PLACE, pk)
    return ask(request, found, form, _t("End the mandate"), danger=True)
