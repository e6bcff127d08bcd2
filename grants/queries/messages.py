"""The thread of a dossier: who takes part in it, what waits to be read, and what else happened in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from grants.lifecycle import State
from grants.models import CompletionRequest, Dossier, Message, MessageRead, Side
from grants.models.dossier import DossierQuerySet
from grants.queries import visibility
from people.models import Person, Role, RoleAssignment
from people.permissions import relations
from people.permissions.table import EDITOR, MANAGER, OFFICER, OWN, PROGRAMME, SIGNATORY

Rows = TypeVar("Rows", bound=DossierQuerySet)

# In this order: the first of a person's roles on a dossier is the one that they write in.
WRITERS = {
    (SIGNATORY, OWN): Side.APPLICANT,
    (EDITOR, OWN): Side.APPLICANT,
    (OFFICER, PROGRAMME): Side.STAFF,
    (MANAGER, PROGRAMME): Side.STAFF,
}
ANSWERING = (Role.INSTRUCTING_OFFICER, Role.PROGRAMME_MANAGER)

ASKED, ANSWERED, DROPPED = "asked", "answered", "dropped"


@dataclass(frozen=True)
class Event:
    """What happened to a request for completion, told in the thread from the request itself."""

    kind: str
    at: datetime
    request: CompletionRequest


def writer(person: Person, dossier: Dossier) -> tuple[str, Side] | None:
    """The role in which the person writes in the thread, and its side; none for who only reads it."""
    held = relations(person, dossier)
    return next(((pair[0], side) for pair, side in WRITERS.items() if pair in held), None)


def unread(person: Person, side: Side | None = None) -> QuerySet[Message]:
    """The messages that wait for `person`: written by the other side, not answered, not marked as read.

    `side` limits them to those the person answers as applicant, or as staff.
    """
    read = MessageRead.objects.filter(person=person, dossier=OuterRef("dossier"), last__gte=OuterRef("pk"))
    waiting = Message.objects.filter(_addressed(person, side), answered_at=None)
    return waiting.filter(~Exists(read)).order_by("pk")


def with_unread(rows: Rows, person: Person) -> Rows:
    """The dossiers, each with `unread`: how many messages wait there for the person; no query of its own."""
    if not person.standing.acts_for and not person.standing.scopes_of(*ANSWERING):
        return rows.annotate(unread=Value(0, IntegerField()))
    here = unread(person).filter(dossier=OuterRef("pk")).order_by().values("dossier")
    return rows.annotate(unread=Coalesce(Subquery(here.annotate(number=Count("pk")).values("number")), 0))


def to_read(person: Person, side: Side) -> QuerySet[Dossier]:
    """The dossiers with messages that the person should read for `side`, the longest waiting first.

    For the staff, without those that a colleague is in charge of: the mails go to the colleague too.
    """
    waiting = unread(person, side)
    since = waiting.filter(dossier=OuterRef("pk")).order_by().values("dossier").annotate(at=Min("sent_at")).values("at")
    found = Dossier.objects.filter(pk__in=waiting.order_by().values("dossier")).select_related("applicant")
    if side == Side.STAFF:
        held = RoleAssignment.objects.live().filter(role=Role.INSTRUCTING_OFFICER, person__is_active=True)
        colleague = held.filter(scope=OuterRef("programme__code"), person=OuterRef("officer")).exclude(person=person)
        found = found.filter(~Exists(colleague))
    return with_unread(found, person).annotate(since=Subquery(since)).order_by("since", "pk")


def questions(person: Person) -> DossierQuerySet:
    """Drafts in which the applicant asked something: their threads, and nothing else of them, are open to the staff."""
    own = person.standing.organisations
    asked = Message.objects.filter(side=Side.APPLICANT).order_by().values("dossier")
    found = Dossier.objects.filter(state=State.DRAFT, programme__in=_answered_programmes(person), pk__in=asked)
    return found.exclude(visibility.tied(person)) if own else found


def is_asked(dossier: Dossier) -> bool:
    """Whether the applicant has written in the thread."""
    return dossier.messages.filter(side=Side.APPLICANT).exists()


def events(dossier: Dossier) -> list[Event]:
    """What was asked to be completed, answered and dropped, in the order it happened."""
    return sorted(_events(dossier), key=lambda event: event.at)


def _events(dossier: Dossier) -> Iterator[Event]:
    for request in dossier.completion_requests.select_related("asked_by").order_by("asked_at", "pk"):
        yield Event(ASKED, request.asked_at, request)
        if request.answered_at is not None:
            yield Event(ANSWERED, request.answered_at, request)
        if request.cancelled_at is not None:
            yield Event(DROPPED, request.cancelled_at, request)


def _addressed(person: Person, side: Side | None) -> Q:
    """The messages that the other side wrote to the person's own."""
    standing, found = person.standing, Q(pk__in=[])
    if side != Side.STAFF and standing.acts_for:
        found |= Q(side=Side.STAFF, dossier__applicant__in=standing.acts_for)
    if side != Side.APPLICANT and (programmes := _answered_programmes(person)):
        theirs = Q(side=Side.APPLICANT, dossier__programme__in=programmes)
        own = standing.organisations
        if own:
            theirs &= ~Q(dossier__applicant__in=own) & ~Q(dossier__in=visibility.shared_by(own))
        found |= theirs
    return found


def _answered_programmes(person: Person) -> list[int]:
    """The keys of the programmes for which the person answers applicants."""
    scopes = person.standing.scopes_of(*ANSWERING)
    return sorted(pk for code, pk in visibility.programme_keys(person).items() if code in scopes) if scopes else []
