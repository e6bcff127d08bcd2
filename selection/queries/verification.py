"""Kept totals and means, proven equal to their marks (`manage.py verify_scores`)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from selection.models import Assessment, Criterion, Scorecard
from selection.rules import scoring
from selection.rules.scoring import Scale

Scales = dict[int, tuple[int, Scale]]


def first_wrong_row() -> tuple[int, str | None]:
    """Recompute every kept total, mean and count: how many rows were read, and the first that is wrong, in words."""
    count = 0
    scales = {item.pk: (item.grid_id, item.scale) for item in Criterion.objects.order_by("pk")}
    grids: dict[int, set[int]] = defaultdict(set)
    for pk, (grid, _scale) in scales.items():
        grids[grid].add(pk)
    totals: dict[int, list[Decimal]] = defaultdict(list)
    cards = Scorecard.objects.select_related("dossier").prefetch_related("scores").order_by("dossier_id", "pk")
    for card in cards.iterator(chunk_size=1000):
        fault = _card_fault(card, scales, grids)
        if fault:
            return count, f"scorecard {card.pk} ({card.dossier.reference}): {fault}"
        count += 1
        if card.voided_at is None:
            totals[card.dossier_id].append(card.total)
    return _first_wrong_mean(count, totals)


def _card_fault(card: Scorecard, scales: Scales, grids: dict[int, set[int]]) -> str | None:
    values = {str(score.criterion_id): score.value for score in card.scores.all()}
    marked = {score.criterion_id for score in card.scores.all()}
    grid = {scales[pk][0] for pk in marked}
    if len(grid) != 1 or marked != grids[next(iter(grid))]:
        return "its marks are not those of one grid"
    for score in card.scores.all():
        try:
            scoring.mark(score.value, scales[score.criterion_id][1])
        except scoring.BadMark as error:
            return f"its mark {score.value} is off the {error.reason}"
    total = scoring.total(values, {str(pk): scales[pk][1] for pk in marked})
    return None if total == card.total else f"its total is {card.total}, its marks make {total}"


def _first_wrong_mean(count: int, totals: dict[int, list[Decimal]]) -> tuple[int, str | None]:
    for kept in Assessment.objects.select_related("dossier").order_by("dossier_id").iterator(chunk_size=1000):
        filed = totals.pop(kept.dossier_id, [])
        if kept.scorecards != len(filed):
            return count, f"{kept.dossier.reference}: {kept.scorecards} scorecards are kept, {len(filed)} stand"
        if kept.mean != scoring.mean(filed):
            return (
                count,
                f"{kept.dossier.reference}: its mean is {kept.mean}, its scorecards make {scoring.mean(filed)}",
            )
        if kept.call_id != kept.dossier.call_id:
            return count, f"{kept.dossier.reference}: it is ranked in another call"
        count += 1
    if totals:
        return count, f"dossier {min(totals)}: it has scorecards and no assessment"
    return count, None
