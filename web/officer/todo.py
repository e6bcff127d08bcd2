"""What waits for the instructing service, by kind of work: a few rows of each, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grants.lifecycle import State
from grants.models import CompletionRequest, Dossier
from kit import clock
from monitoring.models import Service
from monitoring.queries import todo as monitoring
from people.models import Person, Role
from selection.queries import todo as selection
from web.pages import page
from web.shared.acts import PersonRequest

MOST = 20
SOON = timedelta(days=7)


@dataclass(frozen=True)
class Task:
    """One thing to do: its title and address, what helps to choose (`hint`), and when it is due."""

    title: str
    url: str
    hint: str = ""
    due: Any = None


@dataclass(frozen=True)
class Section:
    """One kind of work and its first rows; `more` says that others follow."""

    title: Any
    tasks: list[Task]
    more: bool


Source = tuple[Any, Callable[[Person], QuerySet[Any]], Callable[[Any], Task]]


def mine(person: Person) -> QuerySet[Dossier]:
    """The filed dossiers of the programmes in which the person instructs, save those they are tied to."""
    scopes = person.standing.scopes_of(Role.INSTRUCTING_OFFICER)
    rows = Dossier.objects.visible_to(person).filter(programme__code__in=scopes)
    return rows.select_related("applicant")


def completions_due(person: Person) -> QuerySet[CompletionRequest]:
    """Requests for completion that are due within seven days, or late."""
    rows = CompletionRequest.objects.filter(answered_at=None, cancelled_at=None, due_at__lte=clock.now() + SOON)
    rows = rows.filter(dossier__in=mine(person).order_by().values("pk"))
    return rows.select_related("dossier__applicant").order_by("due_at", "pk")


def agreements_to_write(person: Person) -> QuerySet[Dossier]:
    """Selected dossiers whose agreement is not written."""
    return mine(person).filter(state=State.SELECTED, agreement=None).order_by("decided_at", "pk")


def without_advice(person: Person) -> QuerySet[Dossier]:
    """Submitted dossiers of calls that need no advice: the opinion is due."""
    return mine(person).filter(state=State.SUBMITTED, call__needs_advice=False).order_by("submitted_at", "pk")


def _dossier(page_name: str) -> Callable[[Dossier], Task]:
    def task(row: Dossier) -> Task:
        return Task(str(row), reverse(page_name, args=[row.reference]), row.applicant.name)

    return task


def _of_dossier(page_name: str, due: str = "") -> Callable[[Any], Task]:
    def task(row: Any) -> Task:
        dossier = row.dossier
        when = getattr(row, due) if due else None
        return Task(str(dossier), reverse(page_name, args=[dossier.reference]), dossier.applicant.name, when)

    return task


def _row(page_name: str) -> Callable[[Any], Task]:
    def task(row: Any) -> Task:
        return Task(str(row), reverse(page_name, args=[row.pk]), row.dossier.applicant.name)

    return task


def _service(row: Service) -> Task:
    url = reverse("officer:dossier_tab", args=[row.dossier.reference, "services"])
    return Task(row.name, url, row.dossier.applicant.name)


SOURCES: list[Source] = [
    (_("Completions due within seven days"), completions_due, _of_dossier("officer:dossier", "due_at")),
    (_("Advice to settle"), selection.dossiers_without_mission, _dossier("officer:dossier")),
    (_("Missions to close"), selection.missions_to_close, _of_dossier("officer:close_mission")),
    (_("Opinions to give"), selection.dossiers_to_advise, _dossier("officer:advise")),
    (_("To examine, without advice"), without_advice, _dossier("officer:advise")),
    (_("Agreements to write"), agreements_to_write, _dossier("officer:agreement")),
    (_("Claims to check"), monitoring.claims_to_check, _row("officer:claim")),
    (_("Certificates to issue"), monitoring.certificates_to_issue, _row("officer:issue")),
    (_("Certificates to approve"), monitoring.certificates_to_approve, _row("officer:approve")),
    (_("Services to confirm"), monitoring.services_to_confirm, _service),
    (_("Service facts to verify"), monitoring.dossiers_to_verify, _dossier("officer:verify_service_fact")),
    (_("Usage reports to accept"), monitoring.usage_reports_to_accept, _row("officer:accept_usage")),
]


def sections(person: Person, sources: Iterable[Source] = SOURCES) -> Iterator[Section]:
    """The kinds of work that have something, each with its first rows."""
    for title, rows, task in sources:
        found = list(rows(person)[: MOST + 1])
        if found:
            yield Section(title, [task(row) for row in found[:MOST]], len(found) > MOST)


@page("dossier.advise", methods=["GET"])
def home(request: PersonRequest) -> HttpResponse:
    """What waits for the officer."""
    return render(request, "officer/todo.html", {"sections": list(sections(request.user))})
