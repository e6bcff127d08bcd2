"""`/d/<reference>`: the address that mails and papers give for a dossier leads each reader to their own page of it.

With `?volet=messages` it leads to the thread of the dossier, for whoever writes there.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from grants.models import Dossier, Participation, Side
from grants.queries import messages as thread
from people.models import Person
from people.permissions import relations
from people.permissions.table import OWN, PARTNER
from web.pages import page, sign_in_first

APPLICANT = (OWN, PARTNER)
# In this order: the first of a person's capacities in the dossier whose page exists here.
PLACES = {"adviser": "adviser:dossier", "assessor": "committee:dossier"}
STAFF_PAGE = "officer:dossier"
QUESTION_PAGE = "officer:question"


@page("account.use", methods=["GET"])
def dossier(request: HttpRequest, reference: str) -> HttpResponse:
    """Lead to the applicant's page, the adviser's, the assessor's or the service's; `Http404` for who sees none."""
    if not request.user.is_authenticated:
        return sign_in_first(request)
    with translation.override(request.user.language):
        wants_thread = request.GET.get("volet") == "messages"
        address = (thread_for(request.user, reference) if wants_thread else None) or address_for(
            request.user, reference
        )
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
    if found is not None:
        return _existing(STAFF_PAGE, reference)
    asked = thread.questions(person).filter(reference=reference).exists()
    return _existing(QUESTION_PAGE, reference) if asked else None


def thread_for(person: Person, reference: str) -> str | None:
    """The page of the dossier's thread, for a person who writes in it."""
    found = Dossier.objects.visible_to(person).filter(reference=reference).first()
    writer = thread.writer(person, found) if found is not None else None
    if writer is None:
        return None
    if writer[1] == Side.APPLICANT:
        return reverse("applicant:messages", args=[reference])
    return reverse("officer:dossier_tab", args=[reference, "messages"])


def _existing(name: str, reference: str) -> str | None:
    try:
        return reverse(name, args=[reference])
    except NoReverseMatch:
        return None
