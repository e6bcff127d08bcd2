"""Who sees which marks (permission page, `score.*`), and what an applicant is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet

from grants.lifecycle import UNDECIDED, State
from grants.models import Dossier
from kit.related import is_read
from people.models import Person
from people.permissions import may
from programmes.models import Call
from selection.models import Assessment, Criterion, Outcome, Score, Scorecard
from selection.models.assessment import ScorecardQuerySet
from selection.queries.conflicts import answers
from selection.queries.deliberation import in_effect
from selection.queries.ties import tied_persons
from selection.rules import scoring


def hidden_of_call(call: Call) -> QuerySet[Assessment]:
    """The assessments of the call whose marks can be revealed: enough scorecards, still hidden, not decided on."""
    hidden = Assessment.objects.filter(call=call, revealed_at=None, dossier__state__in=UNDECIDED)
    return hidden.filter(scorecards__gte=call.scorecards_needed)


@dataclass(frozen=True)
class CriterionResult:
    """The mean of one criterion over the scorecards that count, to two decimals, and its scale."""

    criterion: Criterion
    mean: Decimal

    @property
    def label(self) -> str:
        """In the active language."""
        return self.criterion.label

    @property
    def maximum(self) -> Decimal:
        return self.criterion.maximum


@dataclass(frozen=True)
class Result:
    """What the applicant is told once the decision took effect: no name, no single scorecard."""

    outcome: str
    reasons: str
    criteria: tuple[CriterionResult, ...]
    mean: Decimal | None
    largest: Decimal


def visible_scorecards(person: Person | None, dossier: Dossier | None = None) -> ScorecardQuerySet:
    """The scorecards that `person` may read, of one dossier or of all, in the order they were filed."""
    scorecards = Scorecard.objects.visible_to(person)
    if dossier is not None:
        scorecards = scorecards.filter(dossier=dossier)
    return scorecards.select_related("person").prefetch_related("scores__criterion").order_by("dossier", "pk")


def own_scorecard(person: Person, dossier: Dossier) -> Scorecard | None:
    """The scorecard that `person` filed for the dossier and that counts."""
    if is_read(dossier, "scorecards"):
        own = [card for card in dossier.scorecards.all() if card.person_id == person.pk and card.voided_at is None]
        return own[0] if own else None
    return Scorecard.objects.live().filter(person=person, dossier=dossier).first()


def counting(dossier: Dossier) -> list[Scorecard]:
    """The scorecards that make the quorum: live, of members without tie to the call and without conflict."""
    rows: Iterable[Scorecard] = dossier.scorecards.all()
    if not is_read(dossier, "scorecards"):
        rows = dossier.scorecards.select_related("person")
    live = [card for card in sorted(rows, key=lambda card: card.pk) if card.voided_at is None]
    out = tied_persons([card.person for card in live], dossier.call)
    given = answers(dossier, [card.person_id for card in live])
    return [card for card in live if card.person_id not in out and not given.get(card.person_id)]


def means(dossier: Dossier) -> tuple[CriterionResult, ...]:
    """The mean of each criterion over the live scorecards, in the order of the grid."""
    marks: dict[int, list[Decimal]] = defaultdict(list)
    rows = Score.objects.filter(scorecard__dossier=dossier, scorecard__voided_at=None).order_by()
    for criterion, value in rows.values_list("criterion", "value"):
        marks[criterion].append(value)
    criteria = Criterion.objects.filter(grid__call=dossier.call_id).order_by("position", "pk")
    return tuple(CriterionResult(item, _mean(marks[item.pk])) for item in criteria if marks[item.pk])


def result_for_applicant(dossier: Dossier, person: Person | None) -> Result | None:
    """Means by criterion and the reasons, for a signatory of the applicant; nothing before the decision took effect."""
    if not may(person, "score.view_result", dossier):
        return None
    return result(dossier)


def result(dossier: Dossier) -> Result | None:
    """The result as the letter and the applicant's page tell it; `None` before the decision took effect."""
    decision = in_effect(dossier)
    if decision is None or dossier.decided_at is None or dossier.state in (State.SUBMITTED, State.ADVISED):
        return None
    criteria = means(dossier)
    totals = Scorecard.objects.live().filter(dossier=dossier).order_by().values_list("total", flat=True)
    return Result(
        outcome=Outcome.SELECT if dossier.granted is not None else decision.outcome,
        reasons=decision.reasons,
        criteria=criteria,
        mean=scoring.mean(list(totals)),
        largest=scoring.largest_total(item.criterion.scale for item in criteria),
    )


def _mean(marks: list[Decimal]) -> Decimal:
    return scoring.rounded(sum(map(Fraction, marks), Fraction(0)) / len(marks), 2)
