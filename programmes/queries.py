"""Reads about programmes that several callers share."""

from __future__ import annotations

from datetime import datetime

from people.models import Person
from programmes.models import Call, CallState, FormVersion, Programme
from programmes.models.calls import CallQuerySet
from programmes.models.programme import ProgrammeQuerySet


def announced_calls(instant: datetime) -> CallQuerySet:
    """Published calls that are open at `instant` or will be, the first to close first."""
    found = Call.objects.filter(state=CallState.PUBLISHED, closes_at__gt=instant)
    return found.select_related("programme", "measure").order_by("closes_at", "pk")


def past_calls(instant: datetime) -> CallQuerySet:
    """Published calls that are closed at `instant`, the last one first."""
    found = Call.objects.filter(state=CallState.PUBLISHED, closes_at__lte=instant)
    return found.select_related("programme", "measure").order_by("-closes_at", "-pk")


def programmes_of(person: Person, *roles: str) -> ProgrammeQuerySet:
    """The programmes in which `person` holds one of `roles`."""
    return Programme.objects.filter(code__in=person.standing.scopes_of(*roles)).order_by("code")


def current_form(call: Call) -> FormVersion:
    """What the call asks now: the last version that is published, or the one in preparation before there is any."""
    versions = call.form_versions.order_by("-number")
    found = versions.published().first() or versions.first()
    if found is None:
        raise LookupError(f"The call {call.slug} has no form.")
    return found
