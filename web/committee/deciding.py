"""What the secretary does with one dossier: give it to members, reveal its marks, apply what was decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from grants.lifecycle import State
from grants.models import Dossier
from kit import clock
from kit.lifecycle import missing
from people.models import Person
from programmes.models import DecisionBody
from selection.actions import assessment, deliberation
from selection.models import Assignment, CommitteeMember, DossierDecision, Outcome
from selection.queries import conflicts, todo
from selection.queries import deliberation as decided
from selection.requirements import quorum_reached
from web.committee.forms import AssignForm
from web.officer.views import PLACE, ask, read
from web.pages import act, get_visible, page
from web.shared.acts import PersonRequest, confirmed, done

# Each outcome, by the transition and the act that put it into effect.
EFFECTS: dict[str, tuple[str, Callable[..., Any]]] = {
    Outcome.SELECT: ("select", deliberation.select),
    Outcome.RESERVE: ("place_on_reserve", deliberation.place_on_reserve),
    Outcome.REJECT: ("reject", deliberation.reject),
}


@page("dossier.select", methods=["GET"])
def decisions(request: PersonRequest) -> HttpResponse:
    """What waits for the secretary: decisions to apply, appeals, reserve lists; at most fifty of each."""
    context = {
        "decisions": todo.decisions_to_apply(request.user)[:50],
        "appeals": todo.appeals_to_answer(request.user)[:50],
        "reserves": todo.reserves_to_select(request.user)[:50],
        "to_assign": todo.dossiers_to_assign(request.user)[:50],
        "to_reveal": todo.dossiers_to_reveal(request.user)[:50],
    }
    return render(request, "committee/decisions.html", context)


@page("assessor.assign")
def assign(request: PersonRequest, reference: str) -> HttpResponse:
    """Give the dossier to a committee member to score."""
    dossier = read(request, reference)
    live = list(dossier.assignments.filter(ended_at=None).select_related("person").order_by("pk"))
    answers = conflicts.answered(dossier)
    declared = [row for row in answers.values() if row.has_conflict]
    taken = [row.person_id for row in live] + [row.person_id for row in declared]
    form = AssignForm(request.POST or None, persons=_members(dossier, taken))
    if form.is_valid() and act(request, form, assessment.assign, dossier=dossier, person=form.chosen):
        return done(request, _t("The dossier is given to this member, who is told."), "committee:assign", reference)
    context = {
        "dossier": dossier,
        "form": form,
        "assignments": [(row, answers.get(row.person_id)) for row in live],
        "declared": declared,
        "needed": dossier.call.scorecards_needed,
        "back_url": reverse(PLACE, args=[reference]),
    }
    return render(request, "committee/assign.html", context)


def _members(dossier: Dossier, taken: list[int]) -> list[Person]:
    """The members of the programme's selection committees today, save those who have the dossier or a conflict."""
    seats = CommitteeMember.objects.in_office(clock.today()).filter(
        committee__programme=dossier.programme_id, committee__body=DecisionBody.SELECTION
    )
    people = Person.objects.filter(pk__in=seats.order_by().values("person"), is_active=True)
    return list(people.exclude(pk__in=taken).order_by("full_name", "pk"))


@page("assessor.assign", methods=["POST"])
def unassign(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a dossier back from a member who has not scored it."""
    found: Assignment = get_visible(Assignment.objects.select_related("dossier"), request.user, pk=pk)
    if act(request, None, assessment.unassign, assignment=found):
        return done(request, _t("The dossier is taken back."), "committee:assign", found.dossier.reference)
    return redirect("committee:assign", found.dossier.reference)


@page("score.reveal")
def reveal(request: PersonRequest, reference: str) -> HttpResponse:
    """Reveal the marks of one dossier."""
    dossier = read(request, reference)
    form = confirmed(request)
    if form.is_valid() and act(request, form, assessment.reveal, dossier=dossier):
        return done(request, _t("The marks are revealed; scoring is over."), PLACE, reference)
    lead = _t("Members then read each other’s marks, and can no longer change theirs. This cannot be undone.")
    lacking = [] if request.method == "POST" else list(quorum_reached(dossier))
    return ask(request, dossier, form, _t("Reveal the marks"), _t("Reveal the marks"), lead=lead, missing=lacking)


@page("dossier.select")
def decide(request: PersonRequest, reference: str) -> HttpResponse:
    """Apply what the committee decided: select, place on the reserve list, or reject."""
    dossier = read(request, reference)
    decision = _decision(dossier)
    if decision is None or decision.outcome not in EFFECTS:
        raise Http404("no decision")
    transition, effect = _effect(dossier, decision)
    form = confirmed(request)
    if form.is_valid() and act(request, form, effect, dossier=dossier, decision=decision):
        return done(request, _t("The decision has taken effect; the applicant is told."), PLACE, reference)
    lacking = [] if request.method == "POST" else _lacking(dossier, decision, transition)
    facts = [
        (_t("Decision"), decision.get_outcome_display()),
        (_t("Meeting"), str(decision.meeting)),
        (_t("Rank on the reserve list"), decision.rank or ""),
        (_t("Reasons"), decision.reasons),
        (_t("Votes"), _votes(decision)),
    ]
    title, submit = _t("Apply the committee’s decision"), _t("Apply the decision")
    danger = transition == "reject"
    return ask(request, dossier, form, title, submit, facts=facts, missing=lacking, danger=danger)


def _decision(dossier: Dossier) -> DossierDecision | None:
    """The decision that waits to take effect; on the reserve list, the one that placed the dossier there."""
    found = decided.to_apply(dossier)
    if found is None and dossier.state == State.ON_RESERVE:
        found = decided.in_effect(dossier)
    return found


def _effect(dossier: Dossier, decision: DossierDecision) -> tuple[str, Callable[..., Any]]:
    from_reserve = dossier.state == State.ON_RESERVE and decision.outcome == Outcome.RESERVE
    return EFFECTS[Outcome.SELECT if from_reserve else decision.outcome]


def _lacking(dossier: Dossier, decision: DossierDecision, transition: str) -> list[str]:
    outcome = decided.OUTCOMES[transition]
    return missing(dossier, transition, decision=decision, outcome=outcome, reasons=decision.reasons)


def _votes(decision: DossierDecision) -> str:
    return _t("{votes_for} for, {votes_against} against, {abstentions} abstentions").format(
        votes_for=decision.votes_for, votes_against=decision.votes_against, abstentions=decision.abstentions
    )


@page("dossier.reconsider")
def reconsider(request: PersonRequest, reference: str) -> HttpResponse:
    """Open a dossier again on the appeal of its applicant."""
    dossier = read(request, reference)
    form = confirmed(request)
    if form.is_valid() and act(request, form, deliberation.reconsider, dossier=dossier):
        return done(request, _t("The dossier is open again; a later meeting decides."), PLACE, reference)
    appeal = dossier.appeals.filter(settled_at=None).first()
    lacking = [] if request.method == "POST" else missing(dossier, "reconsider")
    facts = [(_t("Grounds of the appeal"), appeal.text if appeal else "")]
    title, submit = _t("Reconsider after the appeal"), _t("Open the dossier again")
    return ask(request, dossier, form, title, submit, facts=facts, missing=lacking)
