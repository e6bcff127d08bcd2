"""Which dossiers the applicant's room opens: those of one's own organisations, and those one is asked to join."""

from __future__ import annotations

from django.http import Http404

from grants.models import Dossier
from grants.queries.messages import with_unread
from people.permissions import relations
from people.permissions.table import OWN, PARTNER
from web.pages import get_visible
from web.shared.acts import PersonRequest

SIDES = (OWN, PARTNER)


WHOLE = ("plan__cost_lines", "plan__resources")
"""For pages that add the plan up: its lines, read once."""


def own_dossier(request: PersonRequest, reference: str, *also: str) -> Dossier:
    """The dossier of the applicant's side, its own or as partner; `Http404` for everyone else, the staff included.

    `also` names what is read with it; `unread` counts the messages that wait there.
    """
    rows = Dossier.objects.select_related("call__measure", "applicant", "programme", "plan", "form").prefetch_related(
        *also
    )
    dossier: Dossier = get_visible(with_unread(rows, request.user), request.user, reference=reference)
    if not any(relation in SIDES for _role, relation in relations(request.user, dossier)):
        raise Http404(reference)
    return dossier


def applicant_dossier(request: PersonRequest, reference: str, *also: str) -> Dossier:
    """As `own_dossier`, for pages that a partner has no part in."""
    dossier = own_dossier(request, reference, *also)
    if dossier.applicant_id not in request.user.standing.acts_for:
        raise Http404(reference)
    return dossier
