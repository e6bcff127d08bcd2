"""Two tabs of the dossier's page for the staff: the thread with the applicant, and the service's private notes."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t

from grants.models import Dossier, MessageFile, Side
from grants.queries import messages as thread
from people.models import Role
from people.permissions import may
from web.shared import messages as letters
from web.shared.acts import PersonRequest
from web.shared.lists import by_key


def address(file: MessageFile) -> str:
    """Where the staff finds a document of a message."""
    return reverse("officer:document", args=[file.document_id])


def link(event: thread.Event) -> tuple[str, str]:
    """Where the staff follows a request for completion, or reads what was filed after it."""
    args = [event.request.dossier.reference]
    if event.kind == thread.ANSWERED:
        return reverse("officer:dossier_tab", args=[*args, "application"]), _t("See the application")
    return reverse("officer:dossier", args=args), _t("See the follow-up")


def answers(request: PersonRequest, dossier: Dossier) -> bool:
    """Whether the viewer writes to the applicant for the service."""
    found = thread.writer(request.user, dossier)
    return found is not None and found[1] == Side.STAFF


def thread_tab(request: PersonRequest, dossier: Dossier, readable: frozenset[str]) -> dict[str, Any]:
    """The thread; whoever answers for the service finds the form at its end."""
    found = letters.thread_of(request, dossier, address, link)
    mark = reverse("officer:read_messages", args=[dossier.reference])
    form = letters.message_form(request, found["last"]) if answers(request, dossier) else None
    return {**found, "form": form, "mark": mark}


def notes_tab(request: PersonRequest, dossier: Dossier, readable: frozenset[str]) -> dict[str, Any]:
    """The notes, the oldest first, and the form where the viewer may write one."""
    rows = by_key(request, dossier.notes.select_related("author", "struck_by"), "-pk", per_page=letters.PER_PAGE)
    writes, person = may(request.user, "note.write", dossier), request.user
    manages = person.standing.has_role(Role.PROGRAMME_MANAGER, dossier.programme_code)
    strikes = may(person, "note.strike", dossier)
    notes = [
        {"note": note, "strikes": strikes and note.struck_at is None and (manages or note.author_id == person.pk)}
        for note in reversed(rows.rows)
    ]
    typed = request.POST if request.method == "POST" else None
    return {"notes": notes, "pages": rows, "form": letters.NoteForm(typed) if writes else None}
