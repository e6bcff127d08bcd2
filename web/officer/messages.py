"""Writing to the applicant, answering the questions of a draft, and noting what the service keeps to itself."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from grants.actions import messages
from grants.models import Dossier, Note
from grants.queries import messages as thread
from web.officer import conversation
from web.officer import dossier as sheet
from web.officer.views import read
from web.pages import act, get_visible, page
from web.shared import messages as letters
from web.shared.acts import PersonRequest, done

TAB, QUESTION = "officer:dossier_tab", "officer:question"


@page("message.send")
def send(request: PersonRequest, reference: str) -> HttpResponse:
    """The tab of the messages, with the form that was sent."""
    dossier = read(request, reference)
    if not conversation.answers(request, dossier):
        raise Http404(reference)
    context = sheet.frame(request, dossier, "messages")
    if letters.sent(request, context["form"], dossier):
        return done(request, _t("The message is sent; the applicant is told by mail."), TAB, reference, "messages")
    return render(request, "officer/dossier_messages.html", context)


@page("message.send")
def question(request: PersonRequest, reference: str) -> HttpResponse:
    """What the applicant asks before filing: the thread alone, for the draft is no business of the service yet."""
    dossier = asked(request, reference)
    if dossier is None:
        filed = Dossier.objects.visible_to(request.user).filter(reference=reference).first()
        if filed is None or not conversation.answers(request, filed):
            raise Http404(reference)
        return redirect(TAB, reference, "messages")
    found = letters.thread_of(request, dossier, conversation.address, conversation.link)
    form = letters.message_form(request, found["last"])
    if letters.sent(request, form, dossier):
        return done(request, _t("The message is sent; the applicant is told by mail."), QUESTION, reference)
    mark = reverse("officer:read_messages", args=[reference])
    return render(request, "officer/question.html", {"dossier": dossier, "form": form, "mark": mark, **found})


@page("message.read", methods=["POST"])
def mark_read(request: PersonRequest, reference: str) -> HttpResponse:
    """What was read no longer waits for the person."""
    dossier = asked(request, reference)
    place = [TAB, reference, "messages"] if dossier is None else [QUESTION, reference]
    dossier = dossier or read(request, reference)
    if not conversation.answers(request, dossier):
        raise Http404(reference)
    if letters.marked(request, dossier):
        return done(request, _t("The messages are marked as read."), *place)
    return redirect(*place)


def asked(request: PersonRequest, reference: str) -> Dossier | None:
    """The draft whose questions the person answers."""
    rows = thread.questions(request.user).filter(reference=reference)
    return thread.with_unread(rows.select_related("applicant", "call", "programme"), request.user).first()


@page("note.write")
def write_note(request: PersonRequest, reference: str) -> HttpResponse:
    """The tab of the notes, with the note that was typed."""
    dossier = read(request, reference)
    context = sheet.frame(request, dossier, "notes")
    form = context["form"]
    if form is None:
        raise Http404(reference)
    if (
        form.is_bound
        and form.is_valid()
        and act(request, form, messages.write_note, dossier=dossier, **form.cleaned_data)
    ):
        return done(request, _t("The note is kept; no applicant sees it."), TAB, reference, "notes")
    return render(request, "officer/dossier_notes.html", context)


@page("note.strike", methods=["POST"])
def strike_note(request: PersonRequest, reference: str, pk: int) -> HttpResponse:
    """Strike a note out."""
    rows = Note.objects.select_related("dossier").filter(dossier__reference=reference)
    note: Note = get_visible(rows, request.user, pk=pk)
    if act(request, None, messages.strike_note, note=note):
        return done(request, _t("The note is struck out."), TAB, reference, "notes")
    return redirect(TAB, reference, "notes")
