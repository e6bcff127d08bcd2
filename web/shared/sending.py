"""Sending a document away: as an attachment, never kept on the way, and noted in the log of readings."""

from __future__ import annotations

from django.http import FileResponse, Http404

from records.actions import access
from records.models import Document
from records.queries.documents import open_document
from web.shared.acts import PersonRequest


def sent_document(request: PersonRequest, document: Document) -> FileResponse:
    """The bytes of a document that the person of the request may read. Raises `Http404` where they are lost."""
    try:
        file = open_document(document)
    except FileNotFoundError as error:
        raise Http404(document.pk) from error
    access.log(request.user, "document.downloaded", document)
    response = FileResponse(file, as_attachment=True, filename=document.name, content_type=document.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
