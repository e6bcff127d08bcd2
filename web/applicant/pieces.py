"""Documents of a dossier: joined, listed, taken away, sent back as attachments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grants.actions import drafting
from grants.models import Attachment, Dossier
from grants.queries import contents
from grants.queries import parts as reading
from programmes.rules.answers import asked_pieces
from programmes.rules.form import DOCUMENTS, Piece
from web.applicant.access import own_dossier
from web.applicant.preparing import edited_part
from web.applicant.tasks import lacking
from web.forms import CleanCharField, EscalierForm, PaperField
from web.pages import act, page
from web.shared.acts import PersonRequest
from web.shared.sending import sent_document


class PieceForm(EscalierForm):
    """A file to join, and what it is."""

    kind = forms.ChoiceField(label=_("What it is"))
    file = PaperField(label=_("File"))
    label = CleanCharField(
        label=_("Title"), help_text=_("Shown instead of the name of the file."), max_length=200, required=False
    )

    def __init__(self, *args: Any, pieces: Iterable[Piece], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(piece.code, str(piece.label)) for piece in pieces]  # type: ignore[attr-defined]


@page("dossier.edit")
def documents(request: PersonRequest, reference: str) -> HttpResponse:
    """Join documents to a dossier in preparation."""
    dossier, section = edited_part(request, reference, DOCUMENTS)
    pieces = asked_pieces(section, dossier.answers)
    form = (
        PieceForm(request.POST, request.FILES, pieces=pieces) if request.method == "POST" else PieceForm(pieces=pieces)
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        stored = act(
            request,
            form,
            drafting.attach_document,
            dossier=dossier,
            upload=given["file"],
            kind=given["kind"],
            label=given["label"],
        )
        if stored:
            messages.success(request, _t("The document is attached."))
            return redirect("applicant:documents", reference)
    context = {
        "dossier": dossier,
        "part": section,
        "form": form,
        "pieces": listed(dossier),
        "missing": lacking(dossier, section),
    }
    return render(request, "applicant/documents.html", context)


@page("dossier.edit", methods=["POST"])
def remove(request: PersonRequest, reference: str, pk: int) -> HttpResponse:
    """Take a document away from a dossier in preparation."""
    dossier, _section = edited_part(request, reference, DOCUMENTS)
    attachment = _attachment(dossier, pk)
    if act(request, None, drafting.remove_document, dossier=dossier, document=attachment.document):
        messages.success(request, _t("The document is taken away."))
    return redirect("applicant:documents", reference)


@page("dossier.view", methods=["POST"])
def download(request: PersonRequest, reference: str, pk: int) -> Any:
    """Send one document as an attachment; that it was read is logged."""
    dossier = own_dossier(request, reference)
    readable = reading.parts(request.user, dossier)
    attachment = _attachment(dossier, pk)
    if (reading.BANK if attachment.kind == "bank_identity" else reading.DOCUMENTS) not in readable:
        raise Http404(pk)
    return sent_document(request, attachment.document)


def listed(dossier: Dossier) -> list[tuple[Attachment, str]]:
    """The documents of the dossier, each with the words of its kind."""
    return [(item, words_of(dossier, item.kind)) for item in contents.attachments(dossier)]


def words_of(dossier: Dossier, kind: str) -> str:
    """What a document is, in the words of the form; a kind that the form no longer asks for by its code."""
    piece = dossier.questions.piece(kind)
    return kind if piece is None else str(piece.label)


def _attachment(dossier: Dossier, pk: int) -> Attachment:
    found = contents.attachments(dossier).filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found
