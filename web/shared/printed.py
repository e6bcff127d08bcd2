"""A dossier on paper: which filing is asked for, and the PDF that answers."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import pgettext

from grants import documents
from grants.models import Dossier, Snapshot
from grants.queries import parts as reading
from web.shared.acts import PersonRequest

CONTENT = frozenset({reading.ANSWERS, reading.PLAN})
"""Who reads neither finds no application to take away, as they find no such tab."""


def asked_filing(request: PersonRequest, dossier: Dossier) -> Snapshot | None:
    """The filing that `?version=` asks for, else the last one; None before the first. Raises `Http404`."""
    filings = dossier.snapshots.select_related("taken_by").order_by("-number")
    asked = request.GET.get("version")
    if asked is None:
        return filings.first()
    found = filings.filter(number=int(asked)).first() if asked.isdecimal() and len(asked) <= 4 else None
    if found is None:
        raise Http404(asked)
    return found


def application_pdf(request: PersonRequest, dossier: Dossier) -> HttpResponse:
    """The application as far as the person of the request may read it. Raises `Http404`."""
    readable = reading.parts(request.user, dossier)
    if not CONTENT & readable:
        raise Http404(dossier.reference)
    filing = asked_filing(request, dossier)
    if filing is not None:
        filing.dossier = dossier  # what was read with the dossier is not read again
    content = documents.application(dossier, readable, filing)
    return sent_pdf(content, dossier, pgettext("name of a file", "application"), filing)


def receipt_pdf(request: PersonRequest, dossier: Dossier) -> HttpResponse:
    """The receipt of a filing. Raises `Http404` where nothing was filed."""
    filing = asked_filing(request, dossier)
    if filing is None:
        raise Http404(dossier.reference)
    filing.dossier = dossier
    return sent_pdf(documents.receipt(filing), dossier, pgettext("name of a file", "receipt"), filing)


def sent_pdf(content: bytes, dossier: Dossier, word: str, filing: Snapshot | None) -> HttpResponse:
    """A PDF as an attachment, named after its dossier and filing, and never kept on the way."""
    name = "-".join(part for part in (dossier.reference, word, str(filing.number) if filing else "") if part)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
