"""The ranking of a call, a page at a time, read from the kept means: the same queries whatever the number of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from grants.lifecycle import State
from grants.models import Dossier
from programmes.models import Call
from selection.models import Assessment
from selection.queries.deliberation import WAITING

OUT = (State.DRAFT, State.WITHDRAWN, State.INELIGIBLE)
"""What does not compete, whatever its marks."""

COMPETING = tuple(sorted(set(State) - set(OUT)))

ZERO = Decimal("0.00")
Key = tuple[Decimal, int]


@dataclass(frozen=True)
class Row:
    """One dossier in the ranking; euros. `rank` is shared by equal means.

    `cumulated` is what all dossiers down to this one ask for that are still to be decided or on the reserve list,
    and `fits` whether what is left in the envelope covers it; both `None` on a row that is decided.
    """

    rank: int
    dossier: Dossier
    mean: Decimal
    scorecards: int
    requested: Decimal
    cumulated: Decimal | None
    fits: bool | None


@dataclass(frozen=True)
class Ranking:
    """One page; `after` is the key of the next one, `None` on the last; amounts in euros."""

    rows: tuple[Row, ...]
    after: Key | None
    ranked: int
    unscored: int
    left: Decimal
    amount: Decimal


def ranking(call: Call, after: Key | None = None, limit: int = 50) -> Ranking:
    """The page of `limit` rows that follows the key `after` (mean, dossier), best mean first.

    Equal means stand in the order of their dossiers' creation. At most six queries, whatever the page.
    """
    competing = _competing(call)
    page = competing.order_by("-mean", "dossier_id").select_related("dossier__applicant")
    if after is not None:
        mean, dossier = after
        page = page.filter(Q(mean__lt=mean) | Q(mean=mean, dossier__gt=dossier))
    found = list(page[: limit + 1])
    shown = found[:limit]
    left = call.envelope.left
    more = len(found) > limit
    start = _Start() if after is None else _before(competing, shown)
    rows = _rows(shown, start, left)
    ranked = _ranked(call)
    return Ranking(
        rows=rows,
        after=(rows[-1].mean, rows[-1].dossier.pk) if more else None,
        ranked=ranked,
        unscored=Dossier.objects.filter(call=call, state__in=COMPETING).order_by().count() - ranked,
        left=left,
        amount=call.envelope.amount,
    )


def _competing(call: Call) -> QuerySet[Assessment]:
    return Assessment.objects.filter(call=call, mean__isnull=False, dossier__state__in=COMPETING)


def _ranked(call: Call) -> int:
    """How many dossiers have a mean and compete: all with a mean, which an index counts, but the few that are out."""
    scored = Assessment.objects.filter(call=call, mean__isnull=False).order_by()
    out = Dossier.objects.filter(call=call, state__in=OUT).order_by()
    return scored.count() - scored.filter(dossier__in=out.values("pk")).count()


@dataclass(frozen=True)
class _Start:
    """What stands before a page: rows in all, rows with a better mean than its first one, euros asked for."""

    rows: int = 0
    better: int = 0
    asked: Decimal = ZERO


def _before(competing: QuerySet[Assessment], shown: Sequence[Assessment]) -> _Start:
    if not shown:
        return _Start()
    first = shown[0]
    better = Q(mean__gt=first.mean)
    earlier = better | Q(mean=first.mean, dossier__lt=first.dossier_id)
    sums = (
        competing.filter(earlier)
        .order_by()
        .aggregate(
            rows=Count("pk"),
            better=Count("pk", filter=better),
            asked=Sum("dossier__requested", filter=Q(dossier__state__in=WAITING)),
        )
    )
    return _Start(sums["rows"], sums["better"], sums["asked"] or ZERO)


def _rows(shown: Sequence[Assessment], start: _Start, left: Decimal) -> tuple[Row, ...]:
    rows: list[Row] = []
    rank, cumulated = start.better + 1, start.asked
    for place, item in enumerate(shown, start.rows + 1):
        assert item.mean is not None, "only scored dossiers are ranked"
        if rows and item.mean != rows[-1].mean:
            rank = place
        waiting = item.dossier.state in WAITING
        if waiting:
            cumulated += item.dossier.requested
        rows.append(
            Row(
                rank=rank,
                dossier=item.dossier,
                mean=item.mean,
                scorecards=item.scorecards,
                requested=item.dossier.requested,
                cumulated=cumulated if waiting else None,
                fits=cumulated <= left if waiting else None,
            )
        )
    return tuple(rows)
