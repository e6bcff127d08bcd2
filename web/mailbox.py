"""The mailbox of the embedded product, where no mail leaves the machine: everyone reads the mails written to them."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render

from records.models import OutboxMail
from web.pages import page
from web.shared.acts import PersonRequest
from web.shared.lists import by_key


def mails_to(request: PersonRequest) -> QuerySet[OutboxMail]:
    """The mails written to the person. Raises `Http404` where mails are sent to their recipients."""
    if not settings.EMBEDDED:
        raise Http404("mailbox")
    person = request.user
    return OutboxMail.objects.filter(Q(person_id=person.actor_id) | Q(person_id="", recipient__iexact=person.email))


@page("home.view", methods=["GET"])
def listing(request: PersonRequest) -> HttpResponse:
    """The mails, the last one first."""
    return render(request, "public/mails.html", {"rows": by_key(request, mails_to(request), "-queued_at")})


@page("home.view", methods=["GET"])
def mail(request: PersonRequest, pk: int) -> HttpResponse:
    """One mail, as text."""
    found = mails_to(request).filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return render(request, "public/mail.html", {"mail": found})
