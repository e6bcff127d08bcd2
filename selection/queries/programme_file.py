"""A programme as it stands, in the terms of its file."""

from __future__ import annotations

from django.db.models import Q

from programmes.models import Call, Decision, Measure, Programme
from programmes.rules.form import Words
from programmes.rules.programme_file import (
    Aim,
    Board,
    Decided,
    Head,
    Line,
    Mark,
    Marking,
    Opening,
    ProgrammeFile,
    Purse,
    Terms,
)
from selection.models import Committee, Grid


def as_file(programme: Programme) -> ProgrammeFile:
    """All that the programme file holds of `programme`, in an order that follows from codes and dates alone.

    What a committee decided about applications is no part of the set-up: such deliberations are left out.
    """
    kept = Q(dossier_decisions=None) | Q(grids__isnull=False)
    decisions = Decision.objects.filter(kept, programme=programme).distinct().order_by("taken_on", "reference")
    measures = Measure.objects.filter(programme=programme).order_by("code")
    calls = Call.objects.filter(programme=programme).select_related("measure", "envelope")
    return ProgrammeFile(
        programme=_head(programme),
        decisions=tuple(Decided(row.reference, row.body, row.taken_on, row.text) for row in decisions),
        committees=tuple(
            Board(row.name, row.quorum, row.body)
            for row in Committee.objects.filter(programme=programme).order_by("name")
        ),
        actions=tuple(
            _action(row) for row in measures.prefetch_related(*(f"{name}__decision" for name in _OF_A_MEASURE))
        ),
        calls=tuple(
            _call(row)
            for row in calls.prefetch_related("form_versions", "grid__criteria", "grid__decision").order_by(
                "opens_at", "slug"
            )
        ),
    )


_OF_A_MEASURE = ("envelopes", "aid_rules", "targets")


def _head(programme: Programme) -> Head:
    return Head(
        code=programme.code,
        title=Words(programme.title_fr, programme.title_en),
        managing_body=programme.managing_body,
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        contact_email=programme.contact_email,
        fund=programme.fund,
        illustrative=programme.illustrative,
    )


def _action(measure: Measure) -> Line:
    return Line(
        code=measure.code,
        step=measure.step,
        title=Words(measure.title_fr, measure.title_en),
        operator=measure.operator,
        envelopes=tuple(
            Purse(row.code, row.amount, row.decision.reference, row.fund, row.planned_total_cost)
            for row in sorted(measure.envelopes.all(), key=lambda row: row.code)
        ),
        aid_rules=tuple(
            Terms(
                rate=row.rate,
                valid_from=row.valid_from,
                decision=row.decision.reference,
                ceiling=row.ceiling,
                floor=row.floor,
                rounding_unit=row.rounding_unit,
                underspend=row.underspend,
                advance_share=row.advance_share,
                interim_share=row.interim_share,
            )
            for row in sorted(measure.aid_rules.all(), key=lambda row: row.valid_from)
        ),
        targets=tuple(
            Aim(
                indicator=row.indicator,
                label=Words(row.label_fr, row.label_en),
                valid_from=row.valid_from,
                decision=row.decision.reference,
                operator=row.operator,
                value=row.value,
                unit=row.unit,
            )
            for row in sorted(measure.targets.all(), key=lambda row: (row.indicator, row.valid_from))
        ),
    )


def _call(call: Call) -> Opening:
    versions = sorted(call.form_versions.all(), key=lambda version: version.number)
    return Opening(
        slug=call.slug,
        reference_prefix=call.reference_prefix,
        action=call.measure.code,
        envelope=call.envelope.code,
        title=Words(call.title_fr, call.title_en),
        presentation=Words(call.presentation_fr, call.presentation_en),
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        needs_advice=call.needs_advice,
        allows_partial_awards=call.allows_partial_awards,
        scorecards_needed=call.scorecards_needed,
        appeal_days=call.appeal_days,
        contest_days=call.contest_days,
        reminder_days=tuple(call.reminder_days),
        grid=_grid(getattr(call, "grid", None)),
        form=versions[-1].form if versions else None,
    )


def _grid(grid: Grid | None) -> Marking | None:
    if grid is None:
        return None
    criteria = sorted(grid.criteria.all(), key=lambda row: (row.position, row.pk))
    return Marking(
        tuple(
            Mark(
                row.code,
                row.group,
                Words(row.label_fr, row.label_en),
                row.weight,
                row.minimum,
                row.maximum,
                row.step,
            )
            for row in criteria
        ),
        grid.decision.reference if grid.decision is not None else "",
    )
