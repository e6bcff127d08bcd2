"""What waits for the instructing service, by kind of work: a few rows of each, in a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grants.lifecycle import State
from grants.models import Agreement, CompletionRequest, Dossier, Side
from grants.queries import messages
from kit import clock
from monitoring.models import Service
from monitoring.queries import todo as monitoring
from people.models import Person, Role
from selection.queries import todo as selection
from web.pages import page
from web.shared import messages as letters
from web.shared.acts import PersonRequest
from web.shared.work import Source, Task, by_number, of_dossier, on_dossier, sections

SOON = timedelta(days=7)


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


def agreements_to_sign(person: Person) -> QuerySet[Agreement]:
    """Agreements that the beneficiary signed and the programme has not."""
    scopes = person.standing.scopes_of(Role.PROGRAMME_MANAGER)
    rows = Agreement.objects.visible_to(person).filter(dossier__programme__code__in=scopes, programme_signed_at=None)
    rows = rows.filter(beneficiary_signed_at__isnull=False, dossier__state=State.SELECTED)
    return rows.select_related("dossier__applicant").order_by("beneficiary_signed_at", "pk")


def without_advice(person: Person) -> QuerySet[Dossier]:
    """Submitted dossiers of calls that need no advice: the opinion is due."""
    return mine(person).filter(state=State.SUBMITTED, call__needs_advice=False).order_by("submitted_at", "pk")


def _service(row: Service) -> Task:
    url = reverse("officer:dossier_tab", args=[row.dossier.reference, "services"])
    return Task(row.name, url, row.dossier.applicant.name)


def threads_to_read(person: Person) -> QuerySet[Dossier]:
    """Dossiers with messages of the applicant that wait for the officer, questions before filing among them."""
    return messages.to_read(person, Side.STAFF)


def _thread(row: Dossier) -> Task:
    """A draft is told by its reference alone: its title is not the service's to know yet."""
    draft, hint = row.state == State.DRAFT, f"{letters.waiting(row)} · {row.applicant.name}"
    if draft:
        return Task(row.reference, reverse("officer:question", args=[row.reference]), hint)
    return Task(str(row), reverse("officer:dossier_tab", args=[row.reference, "messages"]), hint)


SOURCES: list[Source] = [
    (_("Messages of applicants"), threads_to_read, _thread),
    (_("Completions due within seven days"), completions_due, on_dossier("officer:dossier", "due_at")),
    (_("Advice to settle"), selection.dossiers_without_mission, of_dossier("officer:dossier")),
    (_("Missions to close"), selection.missions_to_close, on_dossier("officer:close_mission")),
    (_("Opinions to give"), selection.dossiers_to_advise, of_dossier("officer:advise")),
    (_("To examine, without advice"), without_advice, of_dossier("officer:advise")),
    (_("Agreements to write"), agreements_to_write, of_dossier("officer:agreement")),
    (_("Claims to check"), monitoring.claims_to_check, by_number("officer:claim")),
    (_("Certificates to issue"), monitoring.certificates_to_issue, by_number("officer:issue")),
    (_("Certificates to approve"), monitoring.certificates_to_approve, by_number("officer:approve")),
    (_("Services to confirm"), monitoring.services_to_confirm, _service),
    (_("Service facts to verify"), monitoring.dossiers_to_verify, of_dossier("officer:verify_service_fact")),
    (_("Usage reports to accept"), monitoring.usage_reports_to_accept, by_number("officer:accept_usage")),
]


MANAGING: list[Source] = [
    (_("Agreements to sign"), agreements_to_sign, on_dossier("officer:contract")),
    (_("Certificates to approve"), monitoring.certificates_to_approve, by_number("officer:approve")),
    (_("Sums to claim back"), monitoring.recoveries_to_issue, on_dossier("officer:recovery")),
    (_("Dossiers to close"), monitoring.dossiers_to_close, of_dossier("officer:close")),
]


@page("dossier.contract", methods=["GET"])
def managing(request: PersonRequest) -> HttpResponse:
    """What waits for the programme manager in the dossiers."""
    return render(request, "officer/todo.html", {"sections": list(sections(request.user, MANAGING))})


@page("dossier.advise", methods=["GET"])
def home(request: PersonRequest) -> HttpResponse:
    """What waits for the officer."""
    return render(request, "officer/todo.html", {"sections": list(sections(request.user, SOURCES))})
