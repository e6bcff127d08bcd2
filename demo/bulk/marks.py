"""The marks of a copy: drawn anew, with the total and the mean that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

from demo.bulk.pattern import Copy, Special
from grants.models import Dossier
from selection.models import Criterion, Scorecard
from selection.rules import scoring

Drawn = dict[int, dict[str, Decimal]]
"""By scorecard of the exemplar, the mark of each criterion."""


class Marks:
    """Draws the marks of the copies of one exemplar: members agree roughly, dossiers differ."""

    def __init__(self, dossier: Dossier, dice: Random) -> None:
        self._dice = dice
        cards = Scorecard.objects.filter(dossier=dossier).prefetch_related("scores").order_by("pk")
        self._cards = {card.pk: [str(score.criterion_id) for score in card.scores.all()] for card in cards}
        self._live = [card.pk for card in cards if card.voided_at is None]
        self._place = {score.pk: (card.pk, str(score.criterion_id)) for card in cards for score in card.scores.all()}
        self._scales = {str(item.pk): item.scale for item in Criterion.objects.filter(grid__call=dossier.call_id)}

    @property
    def special(self) -> Mapping[str, Special]:
        """The columns that follow from the marks."""
        return {
            "selection.Score.value": self._mark,
            "selection.Scorecard.total": self._total,
            "selection.Assessment.mean": self._mean,
        }

    def _of(self, copy: Copy) -> Drawn:
        found: Any = copy.values.get("marks")
        if found is None:
            level = self._dice.gauss(12, 3.5)
            found = copy.values["marks"] = {
                card: {criterion: self._drawn(criterion, level) for criterion in criteria}
                for card, criteria in self._cards.items()
            }
        drawn: Drawn = found
        return drawn

    def _drawn(self, criterion: str, level: float) -> Decimal:
        scale = self._scales[criterion]
        mark = Decimal(round(self._dice.gauss(level, 2)))
        return min(scale.maximum, max(scale.minimum, mark))

    def _mark(self, copy: Copy, score: int) -> Decimal:
        card, criterion = self._place[score]
        return self._of(copy)[card][criterion]

    def _total(self, copy: Copy, card: int) -> Decimal:
        marks = self._of(copy)[card]
        return scoring.total(marks, {criterion: self._scales[criterion] for criterion in marks})

    def _mean(self, copy: Copy, _assessment: int) -> Decimal | None:
        return scoring.mean([self._total(copy, card) for card in self._live])
