"""Committees and who sits on them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kit import clock
from kit.text import format_date
from people.models import Role
from people.queries import holders
from selection.actions import committees
from selection.models import Committee, CommitteeMember
from web.manager.access import ask, managed, programme_of, programme_url, trail_of
from web.manager.forms import AppointForm, CommitteeForm, UntilForm
from web.pages import act, page
from web.shared.acts import PersonRequest, done

PLACE = "manager:committee"


@page("committee.edit")
def create(request: PersonRequest, code: str) -> HttpResponse:
    """Create a committee."""
    found = programme_of(request, code)
    form = CommitteeForm(request.POST or None)
    if form.is_valid():
        made = act(request, form, committees.create_committee, programme=found, **form.cleaned_data)
        if made:
            return done(request, _t("The committee is created; appoint its members next."), PLACE, made.pk)
    return ask(request, found, form, _t("Create a committee"), programme_url(found, "comites"))


def read(request: PersonRequest, pk: int) -> Committee:
    """A committee of a programme that the person manages, or 404."""
    rows = Committee.objects.select_related("programme")
    found: Committee = managed(request, rows.filter(pk=pk).first(), "committee.edit")
    return found


@page("committee.edit", methods=["GET"])
def committee(request: PersonRequest, pk: int) -> HttpResponse:
    """One committee: who sits on it, who did."""
    found = read(request, pk)
    members = found.members.select_related("person").order_by("-since", "pk")
    today = clock.today()
    sitting = [row for row in members if row.until is None or row.until > today]
    context = {
        "committee": found,
        "sitting": sitting,
        "former": [row for row in members if row not in sitting],
        "trail": _trail(found)[:-1],
    }
    return render(request, "manager/committee.html", context)


def _trail(row: Committee) -> list[tuple[Any, str]]:
    listing = (_t("Committees"), programme_url(row.programme, "comites"))
    return trail_of(row.programme, listing, (row.name, reverse(PLACE, args=[row.pk])))


@page("committee.edit")
def appoint(request: PersonRequest, pk: int) -> HttpResponse:
    """Appoint a member."""
    found = read(request, pk)
    sitting = found.members.filter(until=None).values("person")
    persons = holders(Role.COMMITTEE_MEMBER, found.programme.code).exclude(pk__in=sitting)
    form = AppointForm(request.POST or None, persons=persons)
    if form.is_valid() and act(request, form, committees.appoint_member, committee=found, **form.answer):
        return done(request, _t("The member is appointed."), PLACE, pk)
    refused = ""
    if not form.persons:
        refused = _t("Nobody else has the role of committee member in this programme: propose it first.")
    url = reverse("staff:propose_role") if refused else reverse(PLACE, args=[pk])
    title = _t("Appoint a member")
    return ask(request, found.programme, form, title, url, trail=_trail(found), over=found.name, refused=refused)


@page("committee.edit")
def end_membership(request: PersonRequest, pk: int) -> HttpResponse:
    """End a membership from a day on."""
    rows = CommitteeMember.objects.select_related("committee__programme", "person")
    found: CommitteeMember = managed(request, rows.filter(pk=pk).first(), "committee.edit")
    form = UntilForm(request.POST or None, initial={"until": clock.today()})
    row = found.committee
    if form.is_valid() and act(request, form, committees.end_membership, member=found, **form.cleaned_data):
        return done(request, _t("The membership ends."), PLACE, row.pk)
    facts = [(_t("Person"), found.person.full_name), (_t("Since"), format_date(found.since))]
    url = reverse(PLACE, args=[row.pk])
    title = _t("End the membership")
    return ask(request, row.programme, form, title, url, trail=_trail(row), over=row.name, facts=facts, danger=True)
