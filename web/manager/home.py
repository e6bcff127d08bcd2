"""What waits for a programme manager."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from people.models import Mandate, Person, Role
from people.queries import mandates_to_answer
from programmes.models import Call, CallState
from web.home import HomeSection, section
from web.officer.todo import MANAGING
from web.shared.work import Source, Task


def calls_to_publish(person: Person) -> QuerySet[Call]:
    """Calls in preparation, the first to open first."""
    mine = person.standing.scopes_of(Role.PROGRAMME_MANAGER)
    return Call.objects.filter(programme__code__in=mine, state=CallState.PREPARED).order_by("opens_at", "pk")


def _mandate(row: Mandate) -> Task:
    return Task(row.organisation.name, reverse("staff:mandate", args=[row.pk]), f"{row.person} · {row.function}")


def _call(row: Call) -> Task:
    return Task(row.title, reverse("manager:call", args=[row.slug]), _t("Opens"), row.opens_at)


SOURCES: list[Source] = [
    (_("Mandates to confirm"), mandates_to_answer, _mandate),
    (_("Calls to publish"), calls_to_publish, _call),
    *MANAGING,
]


def todo(person: Person) -> list[HomeSection]:
    """One section for a programme manager."""
    if not person.standing.has_role(Role.PROGRAMME_MANAGER):
        return []
    nothing = _t("Nothing waits for you.")
    url = reverse("manager:dashboard")
    return [
        section(
            person,
            Role.PROGRAMME_MANAGER.label,
            SOURCES,
            empty=nothing,
            action=_t("Dashboard"),
            url=url,
            links=[
                (_t("Set-up"), reverse("manager:settings")),
                (_t("Roles"), reverse("staff:roles")),
                (_t("Mandates"), reverse("staff:mandates")),
            ],
        )
    ]
