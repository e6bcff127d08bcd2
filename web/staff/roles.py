"""Roles of staff: the list, a proposal, and what is answered to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kit.errors import NotAllowed
from kit.text import format_datetime
from people.actions import roles
from people.models import Person, Role, RoleAssignment
from people.permissions import can_explain
from programmes.models import Programme
from web.pages import act, get_visible, page, permitted
from web.shared.acts import PersonRequest, act_page, confirmed, done
from web.shared.lists import by_key
from web.staff.forms import RoleForm, WhyForm

HOME = "staff:roles"
PLACE = "staff:role"
VIEWS = ("waiting", "live", "ended")


@page("role.propose", methods=["GET"])
def listing(request: PersonRequest) -> HttpResponse:
    """The roles that the person may see: in force, waiting for an answer, or ended."""
    rows = RoleAssignment.objects.visible_to(request.user).select_related("person", "proposed_by")
    wanted = request.GET.get("view", "")
    chosen = wanted if wanted in VIEWS else "live"
    kept = {"waiting": rows.waiting(), "live": rows.live(), "ended": rows.filter(ended_at__isnull=False)}
    labels = {"live": _t("In force"), "waiting": _t("To be confirmed"), "ended": _t("Ended")}
    views = [
        {
            "label": label,
            "url": f"{request.path}?view={name}",
            "here": name == chosen,
            "count": kept[name].count() if name == "waiting" else None,
        }
        for name, label in labels.items()
    ]
    context = {"rows": by_key(request, kept[chosen], "scope", "role"), "views": views, "view": chosen}
    return render(request, "staff/roles.html", context)


@page("role.propose")
def propose(request: PersonRequest) -> HttpResponse:
    """Propose a role for whoever has an address."""
    standing = request.user.standing
    offered, places = _offered(request.user)
    form = RoleForm(request.POST or None, roles=offered, programmes=places)
    if form.is_valid() and act(request, form, roles.propose_role_by_email, **form.cleaned_data):
        return done(request, _t("The role is proposed; an administrator confirms it."), f"{HOME}")
    lead = _t("Another person, an administrator of the site, confirms the role; it counts from then on.")
    if standing.has_role(Role.ADMINISTRATOR):
        lead = _t("An administrator proposes programme managers; another administrator confirms them.")
    title = _t("Propose a role")
    return act_page(request, form, title=title, submit=title, back_url=reverse(HOME), lead=lead, trail=_trail())


def _offered(person: Person) -> tuple[list[Role], list[Programme]]:
    """The roles that the person may propose, and in which programmes."""
    standing = person.standing
    offered: list[Role] = []
    programmes = Programme.objects.order_by("code")
    if standing.has_role(Role.PROGRAMME_MANAGER):
        offered += [role for role in Role if role not in (Role.PROGRAMME_MANAGER, Role.ADMINISTRATOR)]
    if standing.has_role(Role.ADMINISTRATOR):
        offered.append(Role.PROGRAMME_MANAGER)
    else:
        programmes = programmes.filter(code__in=standing.scopes_of(Role.PROGRAMME_MANAGER))
    return offered, list(programmes)


def _trail() -> list[tuple[Any, str]]:
    return [(_t("Roles"), reverse(HOME))]


def read(request: PersonRequest, pk: int) -> RoleAssignment:
    """A role that the person may see, or 404."""
    rows = RoleAssignment.objects.select_related("person", "proposed_by", "confirmed_by", "ended_by")
    found: RoleAssignment = get_visible(rows, request.user, pk=pk)
    return found


def state_of(row: RoleAssignment) -> tuple[str, str]:
    """Where a role stands, as the badge takes it, and in words."""
    if row.ended_at is not None:
        return ("ended", _t("Ended")) if row.confirmed_at else ("refused", _t("Refused or taken back"))
    return ("confirmed", _t("In force")) if row.confirmed_at else ("proposed", _t("To be confirmed"))


@page("role.propose", methods=["GET"])
def role(request: PersonRequest, pk: int) -> HttpResponse:
    """One role: who has it, who proposed and confirmed it, and what the person may do with it."""
    found = read(request, pk)
    state, words = state_of(found)
    waiting = state == "proposed"
    refused = can_explain(request.user, "role.confirm", found) if waiting else ""
    oneself = request.user in (found.person, found.proposed_by)
    context = {
        "row": found,
        "state": state,
        "state_words": words,
        "facts": facts_of(found),
        "can_answer": waiting and not refused and not oneself,
        "why": _t("Another person answers: not who proposed the role, nor who receives it.") if waiting else "",
        "can_end": found.ended_at is None and may_end(request, found),
    }
    return render(request, "staff/role.html", context)


def may_end(request: PersonRequest, row: RoleAssignment) -> bool:
    """Whether the person may end the role: the test of a button."""
    if row.role == Role.ADMINISTRATOR:
        return permitted(request, "role.confirm", row) and row.person != request.user
    try:
        roles.permit_proposal(request.user, row)
    except NotAllowed:
        return False
    return True


def facts_of(row: RoleAssignment) -> list[tuple[str, Any]]:
    """Who has which role, and who made it so."""
    proposed = f"{row.proposed_by}, {format_datetime(row.proposed_at)}" if row.proposed_by else ""
    return [
        (_t("Person"), row.person.full_name),
        (_t("E-mail address"), row.person.email),
        (_t("Role"), row.get_role_display()),
        (_t("Programme"), row.scope or _t("The whole site")),
        (_t("Proposed by"), proposed),
        (_t("Confirmed by"), _signed(row.confirmed_by, row.confirmed_at)),
        (_t("Ended by"), _signed(row.ended_by, row.ended_at)),
    ]


def _signed(person: Person | None, instant: Any) -> str:
    if instant is None:
        return ""
    return f"{person}, {format_datetime(instant)}" if person else format_datetime(instant)


def ask(request: PersonRequest, row: RoleAssignment, form: Any, title: str, **more: Any) -> HttpResponse:
    """The page of one act on a role."""
    url = reverse(PLACE, args=[row.pk])
    trail = [*_trail(), (row.person.full_name, url)]
    more.setdefault("submit", title)
    return act_page(request, form, title=title, back_url=url, facts=facts_of(row)[:4], trail=trail, **more)


@page("role.confirm")
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    """Confirm a proposed role."""
    found = read(request, pk)
    form = confirmed(request)
    if form.is_valid() and act(request, form, roles.confirm_role, assignment=found):
        return done(request, _t("The role is confirmed; the person is told."), PLACE, pk)
    return ask(request, found, form, _t("Confirm the role"))


@page("role.confirm")
def refuse(request: PersonRequest, pk: int) -> HttpResponse:
    """Refuse a proposed role."""
    found = read(request, pk)
    form = WhyForm(request.POST or None)
    if form.is_valid() and act(request, form, roles.refuse_role, assignment=found, **form.cleaned_data):
        return done(request, _t("The role is refused; the reason is kept."), PLACE, pk)
    return ask(request, found, form, _t("Refuse the role"), danger=True)


@page("role.propose")
def end(request: PersonRequest, pk: int) -> HttpResponse:
    """End a role, or take a proposal back."""
    found = read(request, pk)
    form = WhyForm(request.POST or None)
    if form.is_valid() and act(request, form, roles.end_role, assignment=found, **form.cleaned_data):
        return done(request, _t("The role is ended."), PLACE, pk)
    return ask(request, found, form, _t("End the role"), danger=True)
