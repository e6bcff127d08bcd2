"""Meetings of a committee: planned, held with their attendance, their decisions recorded, closed (R36)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _t
from django.utils.translation import override

from grants.lifecycle import UNDECIDED, State
from grants.models import Dossier
from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, Refused, Unmet
from kit.locks import locked
from kit.text import format_date
from people.acting import action, as_person
from people.models import Language
from people.permissions import permit
from programmes.models import Decision, DecisionBody
from records.actions import journal
from selection.actions import inputs
from selection.actions.assessment import ask
from selection.models import (
    Attendance,
    Committee,
    CommitteeMember,
    DossierDecision,
    Meeting,
    MeetingState,
    Outcome,
)
from selection.queries import conflicts, deliberation
from selection.queries.committees import in_office
from selection.queries.ties import tied_persons

LONGEST_REFERENCE = 60


@action("meeting.edit")
def plan_meeting(*, committee: Committee, starts_at: datetime, by: Actor, place: str = "") -> Meeting:
    """Plan a meeting of the committee."""
    permit(by, "meeting.edit", committee)
    meeting = Meeting.objects.create(
        committee=committee,
        starts_at=inputs.instant(starts_at, "starts_at"),
        place=inputs.line(place, "place", longest=200, needed=False),
    )
    journal.write(by, "meeting.planned", meeting, starts_at=starts_at, place=meeting.place)
    return meeting


@action("meeting.edit")
def move_meeting(*, meeting: Meeting, starts_at: datetime, by: Actor, place: str = "") -> Meeting:
    """Move a meeting that is not held, or that had no quorum and decided nothing. Raises `Conflict` otherwise."""
    with locked(meeting) as meeting:
        permit(by, "meeting.edit", meeting)
        if meeting.state != MeetingState.PLANNED and (meeting.quorum_reached or meeting.decisions.exists()):
            raise Conflict(_t("This meeting is held: plan another one."))
        was = meeting.starts_at
        meeting.starts_at = inputs.instant(starts_at, "starts_at")
        meeting.place = inputs.line(place, "place", longest=200, needed=False)
        meeting.state, meeting.held_at, meeting.quorum_reached = MeetingState.PLANNED, None, None
        meeting.attendances.all().delete()
        meeting.save()
        journal.write(by, "meeting.moved", meeting, starts_at=starts_at, was=was, place=meeting.place)
    return meeting


@action("meeting.edit")
def hold_meeting(*, meeting: Meeting, present: Iterable[CommitteeMember], by: Actor) -> Meeting:
    """Record who attended, among the members in office that day; correct it while nothing is decided.

    Raises `Refused` for a member who was not in office, or before the day of the meeting.
    """
    with locked(meeting) as meeting:
        permit(by, "meeting.edit", meeting)
        if meeting.state == MeetingState.CLOSED or meeting.decisions.exists():
            raise Conflict(_t("This meeting has decided: its attendance stays as it is."))
        if clock.today() < meeting.day:
            raise Refused(_t("The attendance is recorded on the day of the meeting, not before."), field="present")
        members = list(in_office(meeting))
        here = {member.pk for member in present}
        if here - {member.pk for member in members}:
            raise Refused(_t("A person who is present was not a member of the committee on that day."), field="present")
        meeting.attendances.all().delete()
        Attendance.objects.bulk_create(
            Attendance(meeting=meeting, member=member, present=member.pk in here) for member in members
        )
        meeting.state, meeting.held_at = MeetingState.HELD, clock.now()
        meeting.quorum_reached = len(here) >= meeting.committee.quorum
        meeting.save(update_fields=["state", "held_at", "quorum_reached"])
        journal.write(
            by,
            "meeting.held",
            meeting,
            to_state=meeting.state,
            personal={"present": [member.person.full_name for member in members if member.pk in here]},
            present=[f"person:{member.person_id}" for member in members if member.pk in here],
            members=len(members),
            quorum=meeting.committee.quorum,
            quorum_reached=meeting.quorum_reached,
        )
    return meeting


@action("decision.record")
def record_decision(
    *,
    meeting: Meeting,
    dossier: Dossier,
    outcome: str,
    by: Actor,
    reasons: str = "",
    rank: int | None = None,
    votes_for: int = 0,
    votes_against: int = 0,
    abstentions: int = 0,
) -> DossierDecision:
    """Record what the held meeting decided about the dossier; correct it until it takes effect.

    A deferral takes effect at once and leaves the state. Members who attended and were not asked about this
    dossier are asked the conflict question now: the decision takes effect once they have answered.
    Raises `Unmet` for a meeting that cannot decide, `Refused` for what does not hold together.
    """
    with locked(dossier, meeting) as (dossier, meeting):
        permit(by, "decision.record", meeting)
        permit(by, "decision.record", dossier)
        _can_decide(meeting, dossier)
        decided = _recorded(meeting, dossier)
        decided.outcome = inputs.choice(outcome, Outcome.values, "outcome")
        decided.reasons = inputs.paragraph(reasons, "reasons", needed=decided.outcome == Outcome.REJECT)
        decided.rank = _rank(decided, rank)
        _votes(decided, votes_for, votes_against, abstentions)
        now = clock.now()
        decided.recorded_by, decided.recorded_at = as_person(by), now
        decided.applied_at = now if decided.outcome == Outcome.DEFER else None
        corrected = decided.pk is not None
        decided.save()
        if decided.outcome != Outcome.DEFER and dossier.state in UNDECIDED:
            _ask_those_present(meeting, dossier)
        journal.write(
            by,
            "decision.corrected" if corrected else "decision.recorded",
            dossier,
            reason=decided.reasons,
            decision=decided.decision.reference,
            outcome=decided.outcome,
            rank=decided.rank,
            votes=[votes_for, votes_against, abstentions],
        )
    return decided


@action("meeting.close")
def close_meeting(*, meeting: Meeting, by: Actor) -> Meeting:
    """Close a held meeting once each of its decisions took effect or was deferred. Raises `Unmet`."""
    with locked(meeting) as meeting:
        permit(by, "meeting.close", meeting)
        missing = list(closing(meeting))
        if missing:
            raise Unmet(missing)
        meeting.state, meeting.closed_at = MeetingState.CLOSED, clock.now()
        meeting.save(update_fields=["state", "closed_at"])
        journal.write(
            by,
            "meeting.closed",
            meeting,
            from_state=MeetingState.HELD,
            to_state=meeting.state,
            decisions=meeting.decisions.count(),
        )
    return meeting


def closing(meeting: Meeting) -> Iterable[str]:
    """What is missing before the meeting can be closed, each a sentence to act on."""
    if meeting.state != MeetingState.HELD:
        yield _t("Only a meeting that was held, and is not closed, can be closed.")
        return
    if not meeting.quorum_reached:
        yield _t("This meeting had no quorum: correct its attendance, or move it to another day.")
    for decided in deliberation.without_effect(meeting):
        yield _t("The decision on {reference} has not taken effect: apply it, or defer it.").format(
            reference=decided.dossier.reference
        )


def _can_decide(meeting: Meeting, dossier: Dossier) -> None:
    day = format_date(meeting.day)
    if meeting.state == MeetingState.PLANNED:
        raise Unmet([_t("The meeting of {date} is not held yet: record who attended.").format(date=day)])
    if meeting.state == MeetingState.CLOSED:
        raise Unmet([_t("The meeting of {date} is closed: another meeting decides.").format(date=day)])
    if not meeting.quorum_reached:
        raise Unmet([_t("This meeting had no quorum: correct its attendance, or move it to another day.")])
    committee = meeting.committee
    if committee.programme_id != dossier.programme_id or committee.body != DecisionBody.SELECTION:
        raise Refused(_t("This committee does not decide on this application."), field="dossier")
    if dossier.state not in deliberation.WAITING:
        raise Unmet([_t("The application no longer waits for a decision of the committee; reload the page.")])
    before = deliberation.in_effect(dossier)
    if before is not None and before.meeting_id != meeting.pk and before.meeting.starts_at >= meeting.starts_at:
        raise Refused(_t("A later meeting has decided on this application already."), field="dossier")


def _recorded(meeting: Meeting, dossier: Dossier) -> DossierDecision:
    """The decision of the meeting on the dossier, to be written or corrected. Raises `Conflict` when it took effect."""
    found = DossierDecision.objects.filter(meeting=meeting, dossier=dossier).first()
    if found is None:
        return DossierDecision(meeting=meeting, dossier=dossier, decision=_deliberation_of(meeting))
    if found.applied_at is not None and found.outcome != Outcome.DEFER:
        raise Conflict(_t("This decision took effect already: a later meeting decides again."))
    return found


def _deliberation_of(meeting: Meeting) -> Decision:
    """The programme's decision that stands for the meeting's deliberation, written at its first decision."""
    first = meeting.decisions.select_related("decision").order_by("pk").first()
    if first is not None:
        return first.decision
    committee, day = meeting.committee, meeting.day
    with override(Language.FRENCH):
        text = _t("Deliberation of {committee} on {date}.").format(committee=committee.name, date=format_date(day))
    known = set(
        Decision.objects.filter(programme=committee.programme_id, taken_on=day).values_list("reference", flat=True)
    )
    end, number = f"-{day:%Y-%m-%d}", 1
    while (reference := committee.name[: LONGEST_REFERENCE - len(end)].strip() + end) in known:
        number += 1
        end = f"-{day:%Y-%m-%d}-{number}"
    return Decision.objects.create(
        programme=committee.programme, reference=reference, body=committee.body, taken_on=day, text=text
    )


def _rank(decided: DossierDecision, rank: int | None) -> int | None:
    """The rank on the reserve list, which no other dossier of the call has."""
    if decided.outcome != Outcome.RESERVE:
        return None
    dossier = decided.dossier
    if dossier.state == State.ON_RESERVE:
        raise Refused(_t("The application is on the reserve list already."), field="outcome")
    if rank is None:
        raise Refused(_t("Give the rank on the reserve list."), field="rank")
    place = inputs.whole(rank, "rank", least=1, most=100_000)
    promised = DossierDecision.objects.filter(
        dossier__call=dossier.call_id, outcome=Outcome.RESERVE, applied_at=None, rank=place
    ).exclude(dossier=dossier)
    taken = deliberation.reserve_list(dossier.call_id).filter(reserve_rank=place).exclude(pk=dossier.pk)
    if taken.exists() or promised.filter(dossier__state__in=deliberation.WAITING).exists():
        raise Refused(_t("Another application of the call has this rank on the reserve list."), field="rank")
    return place


def _votes(decided: DossierDecision, votes_for: int, votes_against: int, abstentions: int) -> None:
    """Who is tied or has a conflict does not vote."""
    given = {"votes_for": votes_for, "votes_against": votes_against, "abstentions": abstentions}
    for name, number in given.items():
        setattr(decided, name, inputs.whole(number, name, most=999))
    voters = len(conflicts.deciding(decided.dossier, decided.meeting))
    if sum(given.values()) > voters:
        raise Refused(
            _t("More votes than members who may vote on this application ({voters}).").format(voters=voters),
            field="votes_for",
        )


def _ask_those_present(meeting: Meeting, dossier: Dossier) -> None:
    present = conflicts.attending(meeting)
    out = tied_persons(present, dossier.call)
    given = conflicts.answers(dossier, [person.pk for person in present])
    for person in present:
        if person.pk not in out and person.pk not in given:
            ask(dossier, person)
