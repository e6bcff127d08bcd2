"""Programmes, from the administrator's desk: the list, and a new one."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from people.models import Role, RoleAssignment
from programmes.actions import programmes
from programmes.models import Programme
from web.pages import act, page
from web.shared.acts import PersonRequest, act_page, done
from web.staff.forms import ProgrammeForm

HOME = "staff:programmes"


@page("programme.create", methods=["GET"])
def listing(request: PersonRequest) -> HttpResponse:
    """Every programme, with its managers."""
    held = RoleAssignment.objects.filter(role=Role.PROGRAMME_MANAGER, ended_at=None).select_related("person")
    managers: dict[str, list[RoleAssignment]] = {}
    for row in held.filter(~Q(scope="")).order_by("pk"):
        managers.setdefault(row.scope, []).append(row)
    rows = [{"programme": row, "managers": managers.get(row.code, [])} for row in Programme.objects.order_by("code")]
    return render(request, "staff/programmes.html", {"rows": rows})


@page("programme.create")
def create(request: PersonRequest) -> HttpResponse:
    """Open a programme."""
    form = ProgrammeForm(request.POST or None)
    if form.is_valid() and act(request, form, programmes.create_programme, **form.cleaned_data):
        return done(request, _t("The programme is open; propose its manager."), "staff:propose_role")
    return act_page(
        request,
        form,
        title=_t("Open a programme"),
        submit=_t("Open the programme"),
        back_url=reverse(HOME),
        lead=_t("Its code names it for good. Next, you propose its manager, who sets it up."),
        trail=[(_t("Programmes"), reverse(HOME))],
    )
