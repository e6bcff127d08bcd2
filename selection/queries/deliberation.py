"""Decisions on dossiers: which one counts now, and what is missing before it takes effect."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from grants.lifecycle import State
from grants.models import Dossier
from kit.lifecycle import missing
from kit.related import is_read
from selection.models import DossierDecision, Meeting, MeetingState, Outcome

OUTCOMES = {"select": Outcome.SELECT, "place_on_reserve": Outcome.RESERVE, "reject": Outcome.REJECT}
"""The outcome of a decision that each transition of a dossier puts into effect."""

WAITING = (State.SUBMITTED, State.RETURNED, State.ADVISED, State.ON_RESERVE)
"""The states in which a decision that was recorded can still take effect."""


def to_apply(dossier: Dossier) -> DossierDecision | None:
    """The decision of a held meeting that has not taken effect yet: the latest one."""
    recorded = [item for item in _recorded(dossier) if item.applied_at is None]
    held = [item for item in recorded if item.meeting.state != MeetingState.PLANNED]
    return max(held, key=lambda item: (item.recorded_at, item.pk), default=None)


def in_effect(dossier: Dossier) -> DossierDecision | None:
    """The last decision that took effect, deferrals left aside."""
    applied = [(item.applied_at, item.pk, item) for item in _recorded(dossier) if item.applied_at is not None]
    return max((found for found in applied if found[2].outcome != Outcome.DEFER), default=(None, 0, None))[2]


def _recorded(dossier: Dossier) -> Iterable[DossierDecision]:
    """The decisions on a dossier, which are few: those that a page has read along, else read now."""
    if is_read(dossier, "decisions"):
        return dossier.decisions.all()
    return dossier.decisions.select_related("meeting__committee", "decision").order_by("pk")


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
