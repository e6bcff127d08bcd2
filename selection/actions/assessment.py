"""Assessment: who scores what, the conflict question, scorecards, and their reveal (R16, R17, R36)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _t

from grants.lifecycle import UNDECIDED
from grants.models import Capacity, Dossier, Participation
from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, NotAllowed, Refused, Unmet
from kit.locks import locked
from people.acting import action, as_person
from people.models import Person, Role
from people.permissions import permit
from programmes.models import Call
from records.actions import journal
from selection import mails
from selection.actions import inputs
from selection.models import Assessment, Assignment, ConflictAnswer, Criterion, Grid, Score, Scorecard
from selection.queries.committees import sits_in_selection
from selection.queries.conflicts import last_answer
from selection.queries.scores import hidden_of_call, own_scorecard
from selection.queries.ties import tied_to_call
from selection.requirements import quorum_reached
from selection.rules import scoring

NO_CONFLICT = False


@action("assessor.assign")
def assign(*, dossier: Dossier, person: Person, by: Actor) -> Assignment:
    """Give the dossier to a committee member, who is asked the conflict question before anything is shown.

    Raises `Refused` for a person who may not score it, `Conflict` once its marks are revealed.
    """
    with locked(dossier) as dossier:
        permit(by, "assessor.assign", dossier)
        if dossier.assignments.filter(person=person, ended_at=None).exists():
            raise Refused(_t("This application is given to this member already."), field="person")
        _hidden(dossier)
        refusal = _why_not(person, dossier)
        if refusal:
            raise Refused(refusal, field="person")
        assignment = Assignment.objects.create(
            dossier=dossier, person=person, assigned_at=clock.now(), assigned_by=as_person(by)
        )
        ask(dossier, person)
        journal.write(by, "assessor.assigned", dossier, personal={"person": person.full_name}, person=person.actor_id)
        mails.scoring_assigned(assignment)
    return assignment


@action("assessor.assign")
def unassign(*, assignment: Assignment, by: Actor) -> Assignment:
    """Take the dossier back from a member who has not scored it. Raises `Refused` once a scorecard is filed."""
    with locked(assignment.dossier, assignment) as (dossier, assignment):
        permit(by, "assessor.assign", dossier)
        if assignment.ended_at is not None:
            raise Conflict
        if own_scorecard(assignment.person, dossier) is not None:
            raise Refused(_t("This member has filed a scorecard: it stays."))
        _leave(dossier, assignment.person)
        assignment.refresh_from_db()
        journal.write(by, "assessor.unassigned", dossier, person=f"person:{assignment.person_id}")
    return assignment


@action("conflict.answer")
def answer_conflict(*, dossier: Dossier, has_conflict: bool, by: Actor, explanation: str = "") -> ConflictAnswer:
    """Answer the conflict question. “None” opens the dossier to the member; a conflict, even late, closes it.

    A conflict ends the assignment, voids the member's scorecard (it is kept) and takes the member out of the
    quorum. Raises `Refused` for a conflict without explanation.
    """
    with locked(dossier) as dossier:
        permit(by, "conflict.answer", dossier)
        member = as_person(by)
        answer = ConflictAnswer.objects.create(
            dossier=dossier,
            person=member,
            has_conflict=bool(has_conflict),
            explanation=inputs.line(explanation, "explanation", longest=300, needed=bool(has_conflict)),
            answered_at=clock.now(),
        )
        voided = 0
        if answer.has_conflict:
            voided = _void(dossier, member)
            _leave(dossier, member)
        else:
            _part(dossier, member).update(opened=True)
        journal.write(
            by,
            "conflict.answered",
            dossier,
            personal={"explanation": answer.explanation},
            has_conflict=answer.has_conflict,
            scorecards_voided=voided,
        )
    return answer


@action("score.give")
def file_scorecard(*, dossier: Dossier, values: Mapping[str, Any], comment: str, by: Actor) -> Scorecard:
    """File one's marks, one for each criterion (`values` by criterion code), or file them anew before the reveal.

    Raises `NotAllowed` for a member with a conflict, a tie to the call, or who advised the dossier; `Refused`,
    naming the criterion, for a mark off the scale; `Conflict` once the marks are revealed.
    """
    with locked(dossier) as dossier:
        permit(by, "score.give", dossier)
        member = as_person(by)
        _may_score(member, dossier)
        _hidden(dossier)
        criteria = _criteria(dossier)
        marks = _marks(values, criteria)
        replaced = _void(dossier, member)
        card = Scorecard.objects.create(
            dossier=dossier,
            person=member,
            total=scoring.total(marks, {code: criterion.scale for code, criterion in criteria.items()}),
            comment=inputs.paragraph(comment, "comment", needed=False),
            filed_at=clock.now(),
        )
        Score.objects.bulk_create(
            Score(scorecard=card, criterion=criteria[code], value=value) for code, value in marks.items()
        )
        keep_assessment(dossier)
        # Marks stay out of the journal: who reads it is not who reads them before the decision.
        journal.write(by, "scorecard.replaced" if replaced else "scorecard.filed", dossier)
    return card


@action("score.reveal")
def reveal(*, by: Actor, dossier: Dossier | None = None, call: Call | None = None) -> list[Assessment]:
    """Reveal the marks of a dossier, or of every dossier of a call that has its scorecards; scoring ends there.

    Raises `Unmet` while scorecards are missing (of a call: while no dossier has enough), so that scoring never
    ends too early.
    """
    if (dossier is None) == (call is None):
        raise TypeError("reveal() takes a dossier or a call.")
    if dossier is not None:
        with locked(dossier) as dossier:
            permit(by, "score.reveal", dossier)
            missing = list(quorum_reached(dossier))
            if missing:
                raise Unmet(missing)
            return [_revealed(dossier, by)]
    assert call is not None
    hidden = hidden_of_call(call).select_related("dossier").order_by("dossier_id")
    waiting = [item.dossier for item in hidden]
    revealed = []
    for item in waiting:
        with locked(item) as fresh:
            if fresh.state in UNDECIDED and not list(quorum_reached(fresh)):
                permit(by, "score.reveal", fresh)
                revealed.append(_revealed(fresh, by))
    if not revealed:
        raise Unmet([_t("No application of this call has enough scorecards whose marks are still hidden.")])
    return revealed


def ask(dossier: Dossier, person: Person) -> None:
    """Put the conflict question to a member: a part in the dossier, closed until the answer is “none”."""
    Participation.objects.get_or_create(
        dossier=dossier,
        person=person,
        capacity=Capacity.ASSESSOR,
        until=None,
        defaults={"since": clock.now(), "opened": last_answer(person, dossier) is NO_CONFLICT},
    )


def keep_assessment(dossier: Dossier) -> Assessment:
    """Bring what the ranking sorts by up to date with the scorecards; under the dossier's lock.

    When a conflict leaves too few scorecards, the marks are hidden again, so that another member can score.
    """
    totals = list(Scorecard.objects.live().filter(dossier=dossier).order_by("pk").values_list("total", flat=True))
    kept, _created = Assessment.objects.get_or_create(dossier=dossier, defaults={"call_id": dossier.call_id})
    kept.scorecards, kept.mean = len(totals), scoring.mean(totals)
    if kept.scorecards < dossier.call.scorecards_needed:
        kept.revealed_at = None
    kept.save(update_fields=["scorecards", "mean", "revealed_at"])
    return kept


def _why_not(person: Person, dossier: Dossier) -> str:
    """Why the person may not score the dossier, in a sentence; empty when they may."""
    if not person.is_active or not person.standing.has_role(Role.COMMITTEE_MEMBER, dossier.programme_code):
        return _t("This person is not a committee member in the programme.")
    if not sits_in_selection(person, dossier.programme, clock.today()):
        return _t("This person sits on no selection committee of the programme today; appoint them first.")
    if tied_to_call(person, dossier.call):
        return _t("This person is tied to an application of the call, and scores none of it.")
    if dossier.missions.filter(adviser=person).exists():
        return _t("This person advised the application, and does not score it.")
    if last_answer(person, dossier):
        return _t("This person declared a conflict of interest about the application.")
    return ""


def _may_score(member: Person, dossier: Dossier) -> None:
    if last_answer(member, dossier) is None:
        raise NotAllowed(_t("Answer the conflict question first."))
    refusal = _why_not(member, dossier)
    if refusal:
        raise NotAllowed(refusal)
    if not dossier.assignments.filter(person=member, ended_at=None).exists():
        raise NotAllowed(_t("This application is not given to you to score; ask the secretary of the committee."))


def _hidden(dossier: Dossier) -> None:
    if Assessment.objects.filter(dossier=dossier, revealed_at__isnull=False).exists():
        raise Conflict(_t("The marks of this application are revealed: scoring is over."))


def _criteria(dossier: Dossier) -> dict[str, Criterion]:
    """The criteria of the call's grid by code; the first mark locks the grid."""
    grid = Grid.objects.filter(call=dossier.call_id).first()
    if grid is None or grid.approved_at is None:
        raise Unmet([_t("The scoring grid is not approved: name the committee's decision that approves it.")])
    if grid.locked_at is None:
        with locked(grid) as grid:
            if grid.approved_at is None:
                raise Conflict
            if grid.locked_at is None:
                grid.locked_at = clock.now()
                grid.save(update_fields=["locked_at"])
    return {item.code: item for item in Criterion.objects.filter(grid=grid).order_by("position", "pk")}


def _marks(values: Mapping[str, Any], criteria: Mapping[str, Criterion]) -> dict[str, Decimal]:
    unknown = sorted(set(values) - set(criteria))
    if unknown:
        raise Refused(_t("The grid has no criterion {code}.").format(code=unknown[0]), field=unknown[0])
    marks = {}
    for code, criterion in criteria.items():
        if values.get(code) is None:
            raise Refused(_t("Give a mark for “{criterion}”.").format(criterion=criterion.label), field=code)
        try:
            marks[code] = scoring.mark(values[code], criterion.scale)
        except scoring.BadMark as error:
            raise Refused(_bad_mark(error.reason, criterion), field=code) from error
    return marks


def _bad_mark(reason: str, criterion: Criterion) -> str:
    bounds = {
        "criterion": criterion.label,
        "least": f"{criterion.minimum.normalize():f}",
        "most": f"{criterion.maximum.normalize():f}",
        "step": f"{criterion.step.normalize():f}",
    }
    if reason == "step":
        return _t("“{criterion}” is marked from {least} to {most} by {step}.").format(**bounds)
    return _t("“{criterion}” is marked by a number from {least} to {most}.").format(**bounds)


def _void(dossier: Dossier, member: Person) -> int:
    """Void the member's live scorecard, which is kept; how many there were."""
    voided = Scorecard.objects.live().filter(dossier=dossier, person=member).update(voided_at=clock.now())
    if voided:
        keep_assessment(dossier)
    return voided


def _part(dossier: Dossier, member: Person) -> Any:
    return Participation.objects.filter(dossier=dossier, person=member, capacity=Capacity.ASSESSOR, until=None)


def _leave(dossier: Dossier, member: Person) -> None:
    """End the member's assignment and part in the dossier."""
    now = clock.now()
    Assignment.objects.filter(dossier=dossier, person=member, ended_at=None).update(ended_at=now)
    _part(dossier, member).update(until=now, opened=False)


def _revealed(dossier: Dossier, by: Actor) -> Assessment:
    kept = keep_assessment(dossier)
    if kept.revealed_at is not None:
        raise Conflict(_t("The marks of this application are revealed already."))
    kept.revealed_at = clock.now()
    kept.save(update_fields=["revealed_at"])
    journal.write(by, "scores.revealed", dossier, scorecards=kept.scorecards)
    return kept
