"""The application on paper, for the staff who may read it."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from grants.models import Dossier
from grants.queries.visibility import is_tied
from web.pages import get_visible, page
from web.shared import printed
from web.shared.acts import PersonRequest


@page("dossier.view", methods=["GET"])
def application(request: PersonRequest, reference: str) -> HttpResponse:
    """The application as it was filed, last or at the filing that `?version=` names, as PDF."""
    rows = Dossier.objects.select_related("call", "applicant", "programme", "plan")
    dossier: Dossier = get_visible(rows, request.user, reference=reference)
    if dossier.programme_code not in request.user.standing.scopes() or is_tied(request.user, dossier):
        # The applicant and its partners have a page of their own.
        raise Http404(reference)
    return printed.application_pdf(request, dossier)
