"""What a transition needs from the selection, answered in words a person can act on.

Each function is bound, when the application starts, to the name that a lifecycle page or the publication of a
call gives it. `decision` and `outcome` say which decision is to take effect, where one is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _t

from grants.lifecycle import State
from grants.models import Dossier
from kit.related import is_read
from kit.text import format_date
from programmes.models import Call
from selection.models import DossierDecision, Grid, MeetingState, Mission, MissionState, Opinion, Outcome
from selection.queries import conflicts
from selection.queries.deliberation import next_before
from selection.queries.scores import counting


def advice_settled(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """R13: where the call wants advice, the mission is closed, or waived with a reason."""
    if not dossier.call.needs_advice:
        return
    states = {mission.state for mission in dossier.missions.all()}
    if MissionState.OPEN in states:
        yield _t(
            "The advice mission is still open: close it once its report is in and its days countersigned, "
            "or waive it with a reason."
        )
    elif not states:
        yield _t("Advice is not settled: open an advice mission, or waive it with a reason.")


def _opinion_stands(dossier: Dossier) -> bool:
    filed = dossier.submitted_at
    if is_read(dossier, "opinions"):
        return filed is not None and any(opinion.given_at >= filed for opinion in dossier.opinions.all())
    return Opinion.objects.filter(dossier=dossier, given_at__gte=filed).exists()


def opinion_recorded(dossier: Dossier, opinion: str | None = None, **_context: Any) -> Iterator[str]:
    """The officer's reasoned opinion: given with the act, or since the dossier was last filed."""
    given = _opinion_stands(dossier) if opinion is None else bool(opinion.strip())
    if not given:
        yield _t("The instructing officer's opinion is not recorded: write it.")


def quorum_reached(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """Enough scorecards of members without tie or conflict; what is on the reserve list had them when it was placed."""
    if dossier.state == State.ON_RESERVE:
        return
    filed, needed = len(counting(dossier)), dossier.call.scorecards_needed
    if filed < needed:
        yield _t(
            "{filed} of the {needed} scorecards needed are filed by members without conflict: "
            "assign the application to another member, or remind those who have not scored."
        ).format(filed=filed, needed=needed)


def conflicts_answered(dossier: Dossier, decision: DossierDecision | None = None, **_context: Any) -> Iterator[str]:
    """Every assigned or attending member has answered the conflict question about this dossier."""
    if dossier.state == State.ON_RESERVE:
        return
    waiting = conflicts.still_to_answer(dossier, decision.meeting if decision is not None else None)
    if waiting:
        yield _t("The conflict question waits for the answer of: {members}.").format(
            members=", ".join(person.full_name for person in waiting)
        )


def decided_in_meeting(
    dossier: Dossier, decision: DossierDecision | None = None, outcome: str | None = None, **_context: Any
) -> Iterator[str]:
    """A decision of a held meeting with its quorum, about this dossier, with this outcome, which still counts."""
    if dossier.state == State.SUBMITTED and dossier.call.needs_advice:
        yield _t("The instructing officer advises first: in this call, the committee decides on advised applications.")
    if decision is None:
        yield _t("No decision of a held meeting concerns this application: record it in the meeting.")
        return
    if decision.dossier_id != dossier.pk:
        yield _t("This decision concerns another application: choose the one about {reference}.").format(
            reference=dossier.reference
        )
        return
    yield from _meeting_decides(dossier, decision)
    yield from _outcome_matches(dossier, decision, outcome)
    yield from _still_counts(dossier, decision)


def reserve_order(dossier: Dossier, **_context: Any) -> Iterator[str]:
    """From the reserve list, in rank order: nobody waits before this dossier on the same call."""
    if dossier.state != State.ON_RESERVE:
        return
    first = next_before(dossier)
    if first is not None:
        yield _t("{reference} waits before this one on the reserve list (rank {rank}): decide on it first.").format(
            reference=first.reference, rank=first.reserve_rank
        )


def report_received(mission: Mission, **_context: Any) -> Iterator[str]:
    """The adviser has filed the report."""
    if mission.reported_at is None:
        yield _t("The adviser's report has not been received: ask for it.")


def days_countersigned(mission: Mission, **_context: Any) -> Iterator[str]:
    """Days were logged, and the community has countersigned each of them."""
    signed = list(mission.days_log.order_by().values_list("countersigned_at", flat=True))
    if not signed:
        yield _t("No day of advice is logged: ask the adviser, or waive the mission with a reason.")
    elif not all(signed):
        yield _t("Some days are not countersigned: ask a signatory of the community to countersign them.")


def reasons_given(mission: Mission, **_context: Any) -> Iterator[str]:
    """Advice is waived with a reason."""
    if not mission.reason.strip():
        yield _t("Give the reason.")


def grid_approved(call: Call, **_context: Any) -> Iterator[str]:
    """Before publication, the grid has criteria, approved by a committee's decision (R16)."""
    grid = Grid.objects.filter(call=call).first()
    if grid is None or not grid.criteria.exists():
        yield _t("The call has no scoring grid: write its criteria.")
    elif grid.approved_at is None:
        yield _t("The scoring grid is not approved: name the committee's decision that approves it.")


def _meeting_decides(dossier: Dossier, decision: DossierDecision) -> Iterator[str]:
    meeting = decision.meeting
    day = format_date(meeting.day)
    if meeting.state == MeetingState.PLANNED:
        yield _t("The meeting of {date} is not held yet: record who attended.").format(date=day)
        return
    needed, here = meeting.committee.quorum, len(conflicts.attending(meeting))
    if not meeting.quorum_reached:
        yield _t("The meeting of {date} had no quorum ({present} present, {needed} needed): plan another one.").format(
            date=day, present=here, needed=needed
        )
        return
    # What is on the reserve list was decided with the quorum of its day.
    if dossier.state == State.ON_RESERVE and decision.outcome == Outcome.RESERVE:
        return
    free = len(conflicts.deciding(dossier, meeting))
    if free < needed:
        yield _t(
            "Without the members who have a tie or a conflict, {free} decided on {date} and {needed} are needed: "
            "bring the application to another meeting."
        ).format(free=free, needed=needed, date=day)


def _outcome_matches(dossier: Dossier, decision: DossierDecision, outcome: str | None) -> Iterator[str]:
    expected = {outcome}
    if dossier.state == State.ON_RESERVE and outcome == Outcome.SELECT:
        expected.add(Outcome.RESERVE)
    if outcome is not None and decision.outcome not in expected:
        yield _t("The committee decided “{decided}”: this act is another one.").format(
            decided=decision.get_outcome_display()
        )


def _still_counts(dossier: Dossier, decision: DossierDecision) -> Iterator[str]:
    """A decision takes effect once, and an appeal opens the way to a later meeting only."""
    from_reserve = dossier.state == State.ON_RESERVE and decision.outcome == Outcome.RESERVE
    if decision.applied_at is not None and not from_reserve:
        yield _t("This decision took effect already: a later meeting decides again.")
        return
    settled = dossier.appeals.filter(settled_at__isnull=False).order_by("-settled_at", "-pk").first()
    if settled is not None and settled.settled_at is not None and decision.meeting.starts_at < settled.settled_at:
        yield _t("This decision was taken before the appeal was settled: a later meeting decides again.")
