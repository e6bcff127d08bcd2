"""Who acts next while a dossier is advised and decided on: the steps that the lower floor cannot tell."""

from __future__ import annotations

from django.utils.translation import gettext as _t

from grants.lifecycle import State
from grants.models import Dossier
from grants.queries.next_steps import NextStep, applicant_of, step_for
from kit.related import is_read
from people.models import Person, Role
from selection.models import Assessment, DossierDecision, Meeting, MeetingState, Mission, MissionState, Outcome
from selection.queries import conflicts
from selection.queries.deliberation import next_before, to_apply
from selection.queries.scores import own_scorecard

ACTS = {
    Outcome.SELECT: "dossier.select",
    Outcome.RESERVE: "dossier.place_on_reserve",
    Outcome.REJECT: "dossier.reject",
}


def submitted(dossier: Dossier, person: Person) -> NextStep:
    """Advice first, where the call wants it; then the committee."""
    if not dossier.call.needs_advice:
        return before_the_committee(dossier, person)
    missions = sorted(dossier.missions.all(), key=lambda mission: mission.pk)
    running = next((mission for mission in missions if mission.state == MissionState.OPEN), None)
    if running is not None:
        return _advice(dossier, running, person)
    if missions:
        return step_for(
            person,
            dossier,
            "dossier.advise",
            who=_t("The instructing service"),
            what=_t("Gives its opinion, and passes the application to the committee."),
        )
    return step_for(
        person,
        dossier,
        "mission.open",
        "mission.waive",
        who=_t("The instructing service"),
        what=_t("Orders advice for the project, or waives it with a reason."),
    )


def before_the_committee(dossier: Dossier, person: Person) -> NextStep:
    """Assigned, scored, decided in a meeting; then the decision takes effect."""
    decision = to_apply(dossier)
    if decision is not None:
        return _decided(dossier, decision, person)
    needed = dossier.call.scorecards_needed
    if len(conflicts.assigned_now(dossier)) < needed:
        return step_for(
            person,
            dossier,
            *_own_act(dossier, person),
            "assessor.assign",
            who=_t("The committee's secretary"),
            what=_t("Gives the application to members of the committee, who score it."),
        )
    kept: Assessment | None = getattr(dossier, "assessment", None)
    if kept is None or kept.scorecards < needed:
        return step_for(
            person,
            dossier,
            *(_own_act(dossier, person) or ("score.give",)),
            who=_t("The selection committee"),
            what=_t("Scores the application, each member alone."),
        )
    meeting = _next_meeting(dossier)
    return step_for(
        person,
        dossier,
        *_own_act(dossier, person),
        "decision.record",
        who=_t("The selection committee"),
        what=_t("Decides on the application in a meeting."),
        by_when=None if meeting is None else meeting.starts_at,
    )


def on_reserve(dossier: Dossier, person: Person) -> NextStep:
    """Selected in rank order when money comes back; or decided on again."""
    decision = to_apply(dossier)
    if decision is not None:
        return _decided(dossier, decision, person)
    step = step_for(
        person,
        dossier,
        "dossier.select",
        who=_t("The committee's secretary"),
        what=_t("Selects the application when money comes back, in the order of the reserve list."),
    )
    first = next_before(dossier) if step.action is not None else None
    if first is None:
        return step
    return NextStep(
        step.who, step.what, why_not=_t("{reference} waits before this one.").format(reference=first.reference)
    )


FINDERS = {State.SUBMITTED: submitted, State.ADVISED: before_the_committee, State.ON_RESERVE: on_reserve}
"""By state; selected and refused dossiers are in the hands of the floor below."""


def _advice(dossier: Dossier, mission: Mission, person: Person) -> NextStep:
    signed = [day.countersigned_at for day in mission.days_log.all()]
    if not all(signed):
        return step_for(
            person,
            dossier,
            "mission.countersign",
            who=applicant_of(dossier),
            what=_t("Countersigns the days of advice."),
        )
    if not signed or mission.reported_at is None:
        return step_for(
            person,
            dossier,
            "mission.log_day",
            who=_t("The adviser"),
            what=_t("Advises the project, logs the days and files a report."),
        )
    return step_for(
        person,
        dossier,
        "mission.close",
        who=_t("The instructing service"),
        what=_t("Closes the advice mission."),
    )


def _decided(dossier: Dossier, decision: DossierDecision, person: Person) -> NextStep:
    """In the same words whatever the outcome: nobody reads it here before it takes effect."""
    return step_for(
        person,
        dossier,
        *(("conflict.answer",) if _must_answer(dossier, person) else ()),
        ACTS[Outcome(decision.outcome)],
        who=_t("The committee's secretary"),
        what=_t("Puts the committee's decision into effect, and tells the applicant."),
    )


def _own_act(dossier: Dossier, person: Person) -> tuple[str, ...]:
    """What a member has to do now about the dossier: the conflict question first."""
    if not _sits(dossier, person) or not conflicts.is_asked(person, dossier):
        return ()
    if conflicts.last_answer(person, dossier) is None:
        return ("conflict.answer",)
    given = _is_assigned(dossier, person)
    return ("score.give",) if given and own_scorecard(person, dossier) is None else ()


def _is_assigned(dossier: Dossier, person: Person) -> bool:
    if is_read(dossier, "assignments"):
        return any(row.person_id == person.pk and row.ended_at is None for row in dossier.assignments.all())
    return dossier.assignments.filter(person=person, ended_at=None).exists()


def _must_answer(dossier: Dossier, person: Person) -> bool:
    asked = _sits(dossier, person) and conflicts.is_asked(person, dossier)
    return asked and conflicts.last_answer(person, dossier) is None


def _sits(dossier: Dossier, person: Person) -> bool:
    """Whether the person may be asked anything as a member of a committee."""
    return person.standing.has_role(Role.COMMITTEE_MEMBER, dossier.programme_code)


def _next_meeting(dossier: Dossier) -> Meeting | None:
    """The next meeting of a committee that selects in the programme."""
    planned = Meeting.objects.filter(
        committee__programme=dossier.programme_id, committee__body="selection", state=MeetingState.PLANNED
    )
    return planned.order_by("starts_at", "pk").first()
