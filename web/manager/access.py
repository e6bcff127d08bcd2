"""What a programme manager opens: the programmes that they manage; to everybody else nothing is there."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t

from people.models import Role
from programmes.models import Decision, DecisionBody, Measure, Programme
from web.pages import permitted
from web.shared.acts import PersonRequest, act_page

MOST = 200


def managed(request: PersonRequest, row: Any, action: str = "programme.edit") -> Any:
    """The row itself, or 404 when the person does not manage its programme."""
    if row is None or not permitted(request, action, row):
        raise Http404(str(row))
    return row


def programmes(request: PersonRequest) -> list[Programme]:
    """The programmes that the person manages, those that run last first."""
    codes = request.user.standing.scopes_of(Role.PROGRAMME_MANAGER)
    return list(Programme.objects.filter(code__in=codes).order_by("-ends_on", "code"))


def programme_of(request: PersonRequest, code: str) -> Programme:
    """A programme by its code, or 404."""
    found: Programme = managed(request, Programme.objects.filter(code=code).first())
    return found


def measure_of(request: PersonRequest, pk: int) -> Measure:
    """An action by its key, or 404."""
    found: Measure = managed(request, Measure.objects.select_related("programme").filter(pk=pk).first())
    return found


def decisions_of(programme: Programme, *bodies: str) -> QuerySet[Decision]:
    """The decisions on the programme, of some bodies or all; the latest first."""
    rows = Decision.objects.filter(programme=programme)
    if bodies:
        rows = rows.filter(body__in=bodies)
    return rows.order_by("-taken_on", "-pk")[:MOST]


def steering_of(programme: Programme) -> QuerySet[Decision]:
    """The decisions of the steering committee, by which money, rules and targets change."""
    return decisions_of(programme, DecisionBody.STEERING)


def programme_url(programme: Programme, tab: str = "") -> str:
    """The address of the programme's set-up, or of one of its tabs."""
    if tab:
        return reverse("manager:programme_tab", args=[programme.code, tab])
    return reverse("manager:programme", args=[programme.code])


def trail_of(programme: Programme, *more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """The way back: the set-up, the programme, and what stands between."""
    return [(_t("Set-up"), reverse("manager:settings")), (programme.code, programme_url(programme)), *more]


def ask(
    request: PersonRequest, programme: Programme, form: Any, title: str, back_url: str, **more: Any
) -> HttpResponse:
    """The page of one act of the manager."""
    more.setdefault("trail", trail_of(programme))
    more.setdefault("over", programme.title)
    more.setdefault("submit", title)
    return act_page(request, form, title=title, back_url=back_url, **more)


def no_decision(decisions: list[Decision]) -> str:
    """Why money cannot change yet; empty when there is a decision to name."""
    if decisions:
        return ""
    return _t("Money, rules and targets change by a decision of the steering committee: record the decision first.")
