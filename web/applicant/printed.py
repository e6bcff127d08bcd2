"""What the applicant's side takes away on paper: the receipt of a filing, and the application."""

from __future__ import annotations

from django.http import HttpResponse

from web.applicant.access import own_dossier
from web.pages import page
from web.shared import printed
from web.shared.acts import PersonRequest


@page("dossier.view", methods=["GET"])
def receipt(request: PersonRequest, reference: str) -> HttpResponse:
    """The receipt as PDF: of the last filing, or of the one that `?version=` names."""
    return printed.receipt_pdf(request, own_dossier(request, reference))


@page("dossier.view", methods=["GET"])
def application(request: PersonRequest, reference: str) -> HttpResponse:
    """The application as PDF: as it was filed, or as it stands in a draft."""
    return printed.application_pdf(request, own_dossier(request, reference))
