"""Decisions on dossiers: which one counts now, and what is missing before it takes effect."""

from __future__ import annotations

from django.db.models import QuerySet

from grants.lifecycle import State
from grants.models import Dossier
from kit.lifecycle import missing
from selection.models import DossierDecision, Meeting, MeetingState, Outcome

OUTCOMES = {"select": Outcome.SELECT, "place_on_reserve": Outcome.RESERVE, "reject": Outcome.REJECT}
"""The outcome of a decision that each transition of a dossier puts into effect."""

WAITING = (State.SUBMITTED, State.RETURNED, State.ADVISED, State.ON_RESERVE)
"""The states in which a decision that was recorded can still take effect."""


def to_apply(dossier: Dossier) -> DossierDecision | None:
    """The decision of a held meeting that has not taken effect yet: the latest one."""
    recorded = dossier.decisions.exclude(meeting__state=MeetingState.PLANNED).filter(applied_at=None)
    return recorded.select_related("meeting__committee", "decision").order_by("-recorded_at", "-pk").first()


def in_effect(dossier: Dossier) -> DossierDecision | None:
    """The last decision that took effect, deferrals left aside."""
    applied = dossier.decisions.filter(applied_at__isnull=False).exclude(outcome=Outcome.DEFER)
    return applied.select_related("meeting__committee", "decision").order_by("-applied_at", "-pk").first()


def decision_for(dossier: Dossier, transition: str) -> DossierDecision | None:
    """The decision that `transition` would put into effect; from the reserve list, the reserve decision suffices."""
    found = to_apply(dossier)
    if found is None and transition == "select" and dossier.state == State.ON_RESERVE:
        return in_effect(dossier)
    return found


def checklist(dossier: Dossier, transition: str) -> list[str]:
    """What is missing before the dossier's decision can take effect by `transition`, for a page."""
    decision = decision_for(dossier, transition)
    reasons = decision.reasons if decision is not None else ""
    return missing(dossier, transition, decision=decision, outcome=OUTCOMES[transition], reasons=reasons)


def without_effect(meeting: Meeting) -> QuerySet[DossierDecision]:
    """The decisions of the meeting that still wait to take effect; a dossier that was withdrawn waits no more."""
    waiting = DossierDecision.objects.filter(meeting=meeting, applied_at=None, dossier__state__in=WAITING)
    return waiting.select_related("dossier").order_by("pk")


def next_before(dossier: Dossier) -> Dossier | None:
    """The dossier of the same call that waits before this one on the reserve list, if any: the first of them."""
    return reserve_list(dossier.call_id).filter(reserve_rank__lt=dossier.reserve_rank).first()


def reserve_list(call_id: int) -> QuerySet[Dossier]:
    """The dossiers on the reserve list of a call, in rank order."""
    waiting = Dossier.objects.filter(call=call_id, state=State.ON_RESERVE)
    return waiting.select_related("applicant").order_by("reserve_rank", "pk")
