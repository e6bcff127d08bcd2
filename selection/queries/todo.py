"""What each role has to do in the selection, for the home pages: lazy querysets, to be sliced and counted there."""

from __future__ import annotations

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from grants.lifecycle import UNDECIDED, State
from grants.models import Appeal, Capacity, Dossier, Participation
from people.models import Person, Role
from selection.models import (
    Assessment,
    Assignment,
    ConflictAnswer,
    DossierDecision,
    Meeting,
    MeetingState,
    Mission,
    MissionDay,
    MissionState,
    Scorecard,
)
from selection.models.assessment import tied_dossiers
from selection.queries.deliberation import WAITING

NO_DAYS = Value(0, output_field=DecimalField(max_digits=7, decimal_places=1))


# Committee secretary


def dossiers_to_assign(person: Person) -> QuerySet[Dossier]:
    """Dossiers before the committee with fewer assigned members (`assigned`) than scorecards needed; oldest first."""
    live = Count("assignments", filter=Q(assignments__ended_at=None))
    return (
        _of_staff(person, Role.COMMITTEE_SECRETARY)
        .filter(_before_the_committee())
        .annotate(assigned=live)
        .filter(assigned__lt=F("call__scorecards_needed"))
        .order_by("submitted_at", "pk")
    )


def dossiers_to_reveal(person: Person) -> QuerySet[Dossier]:
    """Dossiers that have their scorecards, the marks still hidden."""
    return (
        _of_staff(person, Role.COMMITTEE_SECRETARY)
        .filter(_before_the_committee(), assessment__revealed_at=None)
        .filter(assessment__scorecards__gte=F("call__scorecards_needed"))
        .order_by("submitted_at", "pk")
    )


def meetings_to_hold(person: Person) -> QuerySet[Meeting]:
    """Planned meetings, the next one first."""
    return _meetings(person).filter(state=MeetingState.PLANNED).order_by("starts_at", "pk")


def meetings_to_close(person: Person) -> QuerySet[Meeting]:
    """Held meetings that are not closed, the oldest first."""
    return _meetings(person).filter(state=MeetingState.HELD).order_by("starts_at", "pk")


def decisions_to_apply(person: Person) -> QuerySet[DossierDecision]:
    """Decisions of held meetings that have not taken effect."""
    waiting = DossierDecision.objects.filter(applied_at=None, dossier__state__in=WAITING)
    waiting = waiting.filter(dossier__in=_of_staff(person, Role.COMMITTEE_SECRETARY).order_by().values("pk"))
    return waiting.select_related("dossier__applicant", "meeting__committee").order_by("recorded_at", "pk")


def appeals_to_answer(person: Person) -> QuerySet[Appeal]:
    """Open appeals, the oldest first."""
    mine = _of_staff(person, Role.COMMITTEE_SECRETARY).order_by().values("pk")
    waiting = Appeal.objects.filter(settled_at=None, dossier__in=mine)
    return waiting.select_related("dossier__applicant").order_by("filed_at", "pk")


def reserves_to_select(person: Person) -> QuerySet[Dossier]:
    """The first dossier of each reserve list that waits."""
    before = Dossier.objects.filter(
        call=OuterRef("call"), state=State.ON_RESERVE, reserve_rank__lt=OuterRef("reserve_rank")
    ).order_by()
    waiting = _of_staff(person, Role.COMMITTEE_SECRETARY).filter(~Exists(before), state=State.ON_RESERVE)
    return waiting.order_by("call", "reserve_rank", "pk")


# Committee member


def conflict_questions(person: Person) -> QuerySet[Dossier]:
    """Dossiers about which the conflict question waits for the person's answer: show public facts alone."""
    answered = ConflictAnswer.objects.filter(person=person, dossier=OuterRef("pk")).order_by()
    return _asked(person).filter(~Exists(answered), state__in=UNDECIDED).order_by("submitted_at", "pk")


def dossiers_to_score(person: Person) -> QuerySet[Dossier]:
    """Dossiers given to the person, opened by the answer “none”, not scored yet, before the reveal."""
    filed = Scorecard.objects.live().filter(person=person, dossier=OuterRef("pk")).order_by()
    revealed = Assessment.objects.filter(dossier=OuterRef("pk"), revealed_at__isnull=False).order_by()
    return (
        _asked(person, opened=True)
        .filter(~Exists(filed), ~Exists(revealed), Exists(_given(person)), state__in=UNDECIDED)
        .order_by("submitted_at", "pk")
    )


def scoring_progress(person: Person) -> tuple[int, int]:
    """Scorecards filed and dossiers given to the person among those still before the committee: the n of N."""
    given = Assignment.objects.filter(person=person, ended_at=None, dossier__state__in=UNDECIDED).order_by()
    filed = Scorecard.objects.live().filter(person=person, dossier__in=given.values("dossier")).order_by()
    return filed.count(), given.count()


# Adviser, applicant and instructing officer


def missions_of_adviser(person: Person) -> QuerySet[Mission]:
    """The adviser's open missions, with `used` days of those allotted."""
    mine = Mission.objects.filter(adviser=person, state=MissionState.OPEN)
    return _with_days(mine).order_by("opened_at", "pk")


def missions_to_countersign(person: Person) -> QuerySet[Mission]:
    """Open missions with days (`waiting`) to countersign, of the organisations that the person signs for."""
    mine = Mission.objects.filter(state=MissionState.OPEN, dossier__applicant__in=person.standing.signatory_of)
    waiting = Sum("days_log__days", filter=Q(days_log__countersigned_at=None))
    return _with_days(mine).annotate(waiting=waiting).filter(waiting__gt=0).order_by("opened_at", "pk")


def missions_to_close(person: Person) -> QuerySet[Mission]:
    """Open missions whose report is in and whose days are all countersigned."""
    mine = _of_staff(person, Role.INSTRUCTING_OFFICER).order_by().values("pk")
    days = MissionDay.objects.filter(mission=OuterRef("pk")).order_by()
    ready = Mission.objects.filter(state=MissionState.OPEN, dossier__in=mine, reported_at__isnull=False).filter(
        Exists(days), ~Exists(days.filter(countersigned_at=None))
    )
    return _with_days(ready).order_by("reported_at", "pk")


def dossiers_without_mission(person: Person) -> QuerySet[Dossier]:
    """Submitted dossiers of calls with advice that have neither mission nor waiver."""
    found = _of_staff(person, Role.INSTRUCTING_OFFICER).filter(state=State.SUBMITTED, call__needs_advice=True)
    return found.filter(missions=None).order_by("submitted_at", "pk")


def dossiers_to_advise(person: Person) -> QuerySet[Dossier]:
    """Submitted dossiers of calls with advice whose advice is settled: the officer's opinion is due."""
    missions = Mission.objects.filter(dossier=OuterRef("pk")).order_by()
    found = _of_staff(person, Role.INSTRUCTING_OFFICER).filter(state=State.SUBMITTED, call__needs_advice=True)
    settled = found.filter(Exists(missions), ~Exists(missions.filter(state=MissionState.OPEN)))
    return settled.order_by("submitted_at", "pk")


def _of_staff(person: Person, role: str) -> QuerySet[Dossier]:
    """The dossiers of the programmes in which the person has the role, save those they are tied to."""
    found = Dossier.objects.filter(programme__code__in=person.standing.scopes_of(role))
    if person.standing.organisations:
        found = found.exclude(pk__in=tied_dossiers(person).values("pk"))
    return found.select_related("applicant", "call", "programme")


def _before_the_committee() -> Q:
    """Advised; or submitted, where the call needs no advice."""
    return Q(state=State.ADVISED) | Q(state=State.SUBMITTED, call__needs_advice=False)


def _meetings(person: Person) -> QuerySet[Meeting]:
    mine = person.standing.scopes_of(Role.COMMITTEE_SECRETARY)
    return Meeting.objects.filter(committee__programme__code__in=mine).select_related("committee")


def _asked(person: Person, **opened: bool) -> QuerySet[Dossier]:
    """The dossiers in which the person takes part as a member."""
    parts = Participation.objects.filter(
        person=person, capacity=Capacity.ASSESSOR, until=None, dossier=OuterRef("pk"), **opened
    ).order_by()
    return _of_staff(person, Role.COMMITTEE_MEMBER).filter(Exists(parts))


def _given(person: Person) -> QuerySet[Assignment]:
    return Assignment.objects.filter(person=person, ended_at=None, dossier=OuterRef("pk")).order_by()


def _with_days(missions: QuerySet[Mission]) -> QuerySet[Mission]:
    used = Coalesce(Sum("days_log__days"), NO_DAYS)
    return missions.select_related("dossier__applicant", "adviser", "contract").annotate(used=used)
