"""Organisations: the list, a new one, its members and mandates."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _t

from people.actions import organisations
from people.actions.organisations import registered_already
from people.models import Mandate, MandateStatus, Membership, Organisation, OrganisationKind
from people.queries import find_organisation
from people.register.lookup import lookup
from web.pages import act, get_visible, page, permitted
from web.shared.acts import PersonRequest, act_page, confirmed, done
from web.shared.lists import by_key
from web.staff import filling
from web.staff.forms import InviteForm, OrganisationForm, SiretForm

HOME = "staff:organisations"
PLACE = "staff:organisation"


@page("home.view", methods=["GET"])
def listing(request: PersonRequest) -> HttpResponse:
    """The organisations that the person may see: their own, or all for those who meet all."""
    rows = Organisation.objects.visible_to(request.user)
    wanted = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    if wanted:
        digits = wanted.replace(" ", "")
        found = Q(name__icontains=wanted) | Q(city__icontains=wanted) | Q(siret__startswith=digits)
        rows = rows.filter(found | Q(rna__iexact=digits))
    context = {"rows": by_key(request, rows, "name"), "q": wanted, "acts_for": request.user.standing.acts_for}
    return render(request, "staff/organisations.html", context)


@page("organisation.register")
def register(request: PersonRequest) -> HttpResponse:
    """Register an organisation; whoever does becomes its editor.

    First its number is asked, and what a register knows of it fills the form; or the form is filled in by hand.
    """
    if request.method == "POST":
        form = OrganisationForm(request.POST)
        if form.is_valid():
            made = act(request, form, organisations.register_organisation, **form.cleaned_data)
            if made:
                sentence = _t("The organisation is registered; you may prepare its applications.")
                return done(request, sentence, PLACE, made.pk)
        return _registering(request, form)
    by = request.GET.get("by", "")
    if by == "rna":
        form = OrganisationForm(initial={"kind": OrganisationKind.ASSOCIATION.value})
        return _registering(request, form, told=filling.told_by_rna())
    if by == "hand":
        return _registering(request, OrganisationForm())
    number = SiretForm(request.GET if "siret" in request.GET else None)
    if number.is_valid():
        siret = number.cleaned_data["siret"]
        if find_organisation(siret) is None:
            return _looked_up(request, siret)
        number.add_error("siret", registered_already("siret").message)
    return _registering(request, None, number=number)


def _looked_up(request: PersonRequest, siret: str) -> HttpResponse:
    """The form with what a register knows of this SIRET, or empty and saying so."""
    found = lookup(siret)
    initial = filling.answers(siret, found)
    form = OrganisationForm(initial=initial, notes=filling.notes(found))
    return _registering(request, form, told=filling.told(found), closed=found is not None and found.closed)


def _registering(
    request: PersonRequest, form: OrganisationForm | None, *, number: SiretForm | None = None, **more: Any
) -> HttpResponse:
    """The page that asks for the number, or for the rest once there is a `form`."""
    context = {
        "form": form,
        "number": number,
        "told": None,
        "closed": False,
        "trail": _trail(),
        "back_url": reverse(HOME),
    }
    return render(request, "staff/organisation_new.html", context | more)


def _trail() -> list[tuple[Any, str]]:
    return [(_t("Organisations"), reverse(HOME))]


@page("home.view", methods=["GET"])
def organisation(request: PersonRequest, pk: int) -> HttpResponse:
    """One organisation: who it is, its members and its signatories."""
    found: Organisation = get_visible(Organisation, request.user, pk=pk)
    person = request.user
    members = Membership.objects.visible_to(person).live().filter(organisation=found).select_related("person")
    mandates = Mandate.objects.visible_to(person).filter(organisation=found).select_related("person")
    live = (MandateStatus.REQUESTED, MandateStatus.CONFIRMED)
    context = {
        "organisation": found,
        "facts": facts_of(found),
        "members": members.order_by("since", "pk")[:200],
        "mandates": mandates.order_by("-requested_at", "-pk")[:50],
        "can_invite": permitted(request, "organisation.invite", found),
        "can_ask": pk in person.standing.organisations
        and not Mandate.objects.filter(organisation=found, person=person, status__in=live).exists(),
    }
    return render(request, "staff/organisation.html", context)


def facts_of(row: Organisation) -> list[tuple[str, Any]]:
    """Who an organisation is, and where."""
    town = " ".join(part for part in (row.postal_code, row.city) if part)
    return [
        (_t("Kind of organisation"), row.get_kind_display()),
        (_t("SIRET"), row.siret),
        (capfirst(_t("RNA number")), row.rna),
        (_t("Address"), ", ".join(part for part in (row.street, town) if part)),
        (_t("Département"), row.department),
        (capfirst(_t("INSEE code of the commune")), row.insee),
    ]


@page("organisation.invite")
def invite(request: PersonRequest, pk: int) -> HttpResponse:
    """Add a member by their address."""
    found: Organisation = get_visible(Organisation, request.user, pk=pk)
    form = InviteForm(request.POST or None)
    if form.is_valid() and act(request, form, organisations.invite_member, organisation=found, **form.cleaned_data):
        return done(request, _t("The person is a member now, and is told by mail."), PLACE, pk)
    return ask(request, found, form, _t("Invite a member"))


def ask(request: PersonRequest, row: Organisation, form: Any, title: str, **more: Any) -> HttpResponse:
    """The page of one act on an organisation."""
    url = reverse(PLACE, args=[row.pk])
    trail = [*_trail(), (row.name, url)]
    return act_page(request, form, title=title, submit=title, back_url=url, over=row.name, trail=trail, **more)


@page("organisation.invite")
def end_membership(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a member off the organisation."""
    rows = Membership.objects.select_related("organisation", "person")
    found: Membership = get_visible(rows, request.user, pk=pk)
    form = confirmed(request)
    if form.is_valid() and act(request, form, organisations.end_membership, membership=found):
        return done(request, _t("The person is no longer a member."), PLACE, found.organisation_id)
    facts = [(_t("Person"), found.person.full_name), (_t("Capacity"), found.get_capacity_display())]
    return ask(request, found.organisation, form, _t("Remove the member"), facts=facts, danger=True)
