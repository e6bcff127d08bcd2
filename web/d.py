"""`/d/<reference>`: the address that mails and papers give for a dossier leads each reader to their own page of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from grants.models import Dossier, Participation
from people.models import Person
from people.permissions import relations
from people.permissions.table import OWN, PARTNER
from web.pages import page, sign_in_first

APPLICANT = (OWN, PARTNER)
# In this order: the first of a person's capacities in the dossier whose page exists here.
PLACES = {"adviser": "adviser:dossier", "assessor": "committee:dossier"}
STAFF_PAGE = "officer:dossier"


@page("account.use", methods=["GET"])
def dossier(request: HttpRequest, reference: str) -> HttpResponse:
    """Lead to the applicant's page, the adviser's, the assessor's or the service's; `Http404` for who sees none."""
    if not request.user.is_authenticated:
        return sign_in_first(request)
    with translation.override(request.user.language):
        address = address_for(request.user, reference)
    if address is None:
        raise Http404(reference)
    return HttpResponseRedirect(address)


def address_for(person: Person, reference: str) -> str | None:
    """The page of the dossier for `person`, in the language of the page; none when they may not know of it."""
    found = Dossier.objects.visible_to(person).filter(reference=reference).first()
    if found is not None:
        held = {relation for _role, relation in relations(person, found)}
        if held.intersection(APPLICANT):
            return reverse("applicant:dossier", args=[reference])
    capacities = set(
        Participation.objects.filter(person=person, dossier__reference=reference, until=None)
        .order_by()
        .values_list("capacity", flat=True)
    )
    for capacity, name in PLACES.items():
        if capacity in capacities and (address := _existing(name, reference)):
            return address
    return _existing(STAFF_PAGE, reference) if found is not None else None


def _existing(name: str, reference: str) -> str | None:
    try:
        return reverse(name, args=[reference])
    except NoReverseMatch:
        return None
