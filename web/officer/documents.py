"""Documents of a dossier, sent as attachments to whoever may read the part they stand in; each reading is logged."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from grants.models import Attachment, Condition, Dossier, MessageFile
from grants.queries import messages as thread
from grants.queries import parts as reading
from monitoring.models import ExpenseItem
from people.models import Person
from records.models import Document
from selection.models import Mission
from web.pages import page
from web.shared.acts import PersonRequest
from web.shared.sending import sent_document

PREFIX = "dossier:"


def dossier_and_part(document: Document) -> tuple[str, str] | None:
    """The reference of the dossier that a document hangs on, and the part of it where it is shown."""
    reference = document.chain.removeprefix(PREFIX)
    if not document.chain.startswith(PREFIX):
        return None
    attached = Attachment.objects.filter(document=document, removed_at=None).first()
    if attached is not None:
        return reference, reading.BANK if attached.kind == "bank_identity" else reading.DOCUMENTS
    if Mission.objects.filter(report_document=document).exists():
        return reference, reading.ADVICE
    if Condition.objects.filter(evidence=document).exists():
        return reference, reading.AGREEMENT
    if MessageFile.objects.filter(document=document).exists():
        return reference, reading.MESSAGES
    if ExpenseItem.objects.filter(document=document).exists():
        return reference, reading.PAYMENTS
    return None


def dossier_of(person: Person, document: Document) -> Dossier | None:
    """The dossier of the document, when the person may read the part in which the document stands."""
    place = dossier_and_part(document)
    if place is None:
        return None
    dossier = Dossier.objects.visible_to(person).filter(reference=place[0]).first()
    if dossier is None and place[1] == reading.MESSAGES:
        return thread.questions(person).filter(reference=place[0]).first()
    return dossier if dossier is not None and place[1] in reading.parts(person, dossier) else None


@page("dossier.view", methods=["POST"])
def download(request: PersonRequest, pk: int) -> Any:
    """Send one document of a dossier; what may not be read is not there."""
    document = Document.objects.filter(pk=pk).first()
    if document is None or dossier_of(request.user, document) is None:
        raise Http404(pk)
    return sent_document(request, document)
