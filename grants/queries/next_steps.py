"""Who acts next on a dossier, what, by when, and what the viewer can do about it: the head of every dossier page.

This floor knows the steps up to the agreement; the floors above bind theirs by state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.checks import CheckMessage, Error
from django.utils.translation import gettext as _t

from grants.lifecycle import State
from grants.models import Agreement, Dossier
from grants.queries import bank, completion, deadlines
from kit import clock
from people.models import Person
from people.permissions import can_explain, may


@dataclass(frozen=True)
class NextStep:
    """One sentence each: `who` acts next, `what` they do, `by_when`; the viewer's `action` or why there is none."""

    who: str
    what: str
    by_when: datetime | None = None
    action: str | None = None
    why_not: str = ""


Finder = Callable[[Dossier, Person], NextStep]
_bound: dict[str, Finder] = {}


def bind_next_step(state: str, finder: Finder) -> None:
    """Let the floor that knows the step after `state` tell it, when its app starts.

    Raises `ValueError` when another function tells it already.
    """
    if _bound.setdefault(str(state), finder) is not finder:
        raise ValueError(f"The next step of {state} is bound twice.")


def next_step(dossier: Dossier, person: Person) -> NextStep:
    """What happens next to `dossier`, for `person` who looks at it."""
    finder = _bound.get(str(dossier.state)) or OWN_STEPS[State(dossier.state)]
    return finder(dossier, person)


def step_for(
    person: Person, dossier: Dossier, *actions: str, who: str, what: str, by_when: datetime | None = None
) -> NextStep:
    """A step whose button is the first of `actions` that the person may do now; else it says why there is none."""
    action = next((name for name in actions if may(person, name, dossier)), None)
    why_not = "" if action or not actions else can_explain(person, actions[0], dossier)
    return NextStep(who=who, what=what, by_when=by_when, action=action, why_not=why_not)


def applicant_of(dossier: Dossier) -> str:
    """The applicant, in the words of the page."""
    return str(dossier.applicant)


def _draft(dossier: Dossier, person: Person) -> NextStep:
    call, now = dossier.call, clock.now()
    if now >= call.closes_at:
        return NextStep(
            who=applicant_of(dossier),
            what=_t("The call is closed: this draft can no longer be filed."),
            why_not=_t("The call is closed."),
        )
    return step_for(
        person,
        dossier,
        "dossier.submit",
        "dossier.edit",
        "partner.confirm",
        who=applicant_of(dossier),
        what=_t("Finishes the application; a signatory files it."),
        by_when=call.closes_at,
    )


def _returned(dossier: Dossier, person: Person) -> NextStep:
    request = completion.open_request(dossier)
    return step_for(
        person,
        dossier,
        "dossier.submit",
        "dossier.edit",
        "dossier.extend_completion",
        "partner.confirm",
        who=applicant_of(dossier),
        what=_t("Completes the parts that were asked for; a signatory files the application again."),
        by_when=None if request is None else request.due_at,
    )


def _refused(dossier: Dossier, person: Person) -> NextStep:
    over = deadlines.appeal_ends_at(dossier)
    if dossier.appeals.filter(settled_at=None).exists():
        return step_for(
            person,
            dossier,
            "dossier.reconsider",
            who=_t("The committee's secretary"),
            what=_t("An appeal is filed: the application is reconsidered, or the decision stands."),
        )
    if clock.now() >= over:
        return NextStep(
            who=_t("Nobody"), what=_t("The period to appeal is over."), why_not=_t("The period to appeal is over.")
        )
    return step_for(
        person,
        dossier,
        "dossier.appeal",
        who=applicant_of(dossier),
        what=_t("May appeal against the decision."),
        by_when=over,
    )


def _selected(dossier: Dossier, person: Person) -> NextStep:
    agreement: Agreement | None = getattr(dossier, "agreement", None)
    if agreement is None:
        return step_for(
            person, dossier, "agreement.draft", who=_t("The instructing service"), what=_t("Drafts the agreement.")
        )
    if agreement.beneficiary_signed_at is None and bank.confirmed(dossier) is None:
        return step_for(
            person,
            dossier,
            "bank.edit",
            who=applicant_of(dossier),
            what=_t("Gives its bank details and confirms them, then signs the agreement."),
        )
    if agreement.beneficiary_signed_at is None:
        return step_for(
            person,
            dossier,
            "agreement.sign_as_beneficiary",
            who=applicant_of(dossier),
            what=_t("Signs the agreement."),
        )
    return step_for(
        person,
        dossier,
        "dossier.contract",
        who=_t("The programme manager"),
        what=_t("Signs the agreement for the programme."),
    )


def _ended(dossier: Dossier, person: Person) -> NextStep:
    return NextStep(who=_t("Nobody"), what=_t("Nothing more is expected."), why_not=_t("Nothing more is expected."))


OWN_STEPS: dict[State, Callable[[Dossier, Any], NextStep]] = {
    State.DRAFT: _draft,
    State.RETURNED: _returned,
    State.INELIGIBLE: _refused,
    State.SELECTED: _selected,
    State.REJECTED: _refused,
    State.CLOSED: _ended,
    State.WITHDRAWN: _ended,
    State.CANCELLED: _ended,
}


def check_steps(app_configs: Any = None, **_options: Any) -> list[CheckMessage]:
    """The system check: the step after every state is told by some floor."""
    hint = "Call grants.queries.next_steps.bind_next_step in ready() of the app that knows the step."
    return [
        Error(f"No application tells the next step of a dossier in the state {state}.", hint=hint, id="grants.E001")
        for state in State
        if state not in OWN_STEPS and str(state) not in _bound
    ]
