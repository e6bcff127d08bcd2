"""The applicant's side of the thread: what the service wrote, and the answer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from grants.lifecycle import State
from grants.models import MessageFile
from grants.queries.messages import ASKED, Event
from web.applicant.access import applicant_dossier
from web.applicant.follow import frame
from web.pages import page
from web.shared import messages as letters
from web.shared.acts import PersonRequest, done
from web.shared.sending import sent_document

PLACE = "applicant:messages"


@page("message.send")
def messages(request: PersonRequest, reference: str) -> HttpResponse:
    """The thread of the dossier, with a form at its end."""
    dossier = applicant_dossier(request, reference)
    found = letters.thread_of(request, dossier, _address, _link)
    form = letters.message_form(request, found["last"])
    if letters.sent(request, form, dossier):
        return done(request, _t("The message is sent; the service is told by mail."), PLACE, reference)
    mark = reverse("applicant:read_messages", args=[reference])
    draft = dossier.state == State.DRAFT
    context = {**frame(request, dossier), **found, "form": form, "draft": draft, "mark": mark}
    return render(request, "applicant/messages.html", context)


@page("message.read", methods=["POST"])
def mark_read(request: PersonRequest, reference: str) -> HttpResponse:
    """What was read no longer waits."""
    if letters.marked(request, applicant_dossier(request, reference)):
        return done(request, _t("The messages are marked as read."), PLACE, reference)
    return redirect(PLACE, reference)


@page("message.send", methods=["POST"])
def download(request: PersonRequest, reference: str, pk: int) -> Any:
    """Send a document that came with a message of the dossier; that it was read is logged."""
    dossier = applicant_dossier(request, reference)
    found = MessageFile.objects.select_related("document").filter(message__dossier=dossier, pk=pk).first()
    if found is None:
        raise Http404(pk)
    return sent_document(request, found.document)


def _address(file: MessageFile) -> str:
    return reverse("applicant:message_document", args=[file.message.dossier.reference, file.pk])


def _link(event: Event) -> tuple[str, str] | None:
    """Where a request is answered while it is open, and where one sees what was filed."""
    request, args = event.request, [event.request.dossier.reference]
    if event.kind == ASKED and request.answered_at is None and request.cancelled_at is None:
        return reverse("applicant:application", args=args), _t("Complete the dossier")
    return None if event.kind == ASKED else (reverse("applicant:filed", args=args), _t("See the application"))
