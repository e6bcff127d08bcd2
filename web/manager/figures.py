"""The figures of the dashboard: costs and grants by action, the stairs of the programme, indicators and their state.

Amounts come from the programme's report, so that the dashboard and the report never disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kit import clock
from programmes.models import DeclaredResult, Measure, MeasureStep, Programme, Target
from programmes.rules.units import MONEY, PERCENT, unit_words
from web.shared.figures import said

ZERO = Decimal("0.00")
AFTER_AGREEMENT = ("committed", "advanced", "verified", "ordered", "paid")
"""Stages of the ledger in which a grant is committed, paid or not."""
AXIS = Decimal("1.25")
"""The bars go to 125 %, so that what exceeds the plan is seen."""
NEAR, FAIR = Decimal("0.95"), Decimal("0.75")
"""From these shares of the target on, a result is nearly reached, or approaches an approximate target."""


@dataclass(frozen=True)
class Bar:
    """What was done, in part of what was planned: widths in per cent of a chart whose axis goes to 125 %."""

    rate: Decimal
    done: str
    over: str
    limit: str

    @property
    def is_over(self) -> bool:
        """Whether more was done than planned."""
        return self.rate > 1


def bar(done: Decimal, planned: Decimal | None) -> Bar | None:
    """The bar of one row; none where nothing was planned."""
    if not planned:
        return None
    rate = done / planned
    limit = 100 / AXIS
    within, beyond = min(rate, Decimal(1)), min(max(rate - 1, Decimal(0)), AXIS - 1)
    return Bar(rate, f"{within * limit:.2f}%", f"{beyond * limit:.2f}%", f"{limit:.2f}%")


def costs(report: dict[str, Any]) -> list[dict[str, Any]]:
    """By action: the planned total cost, and what was spent: verified here, or as its operator declared it."""
    found = []
    for action in report["actions"]:
        envelope = action["envelope"] or {}
        planned = _decimal(envelope.get("planned_total_cost"))
        declared = _decimal(_declared(action, "total_cost"))
        projects = Decimal(action["totals"]["eligible"]) + Decimal(action["totals_under_way"]["eligible"])
        done = projects if action["managed"] else declared
        found.append(
            {
                "action": action,
                "planned": planned,
                "done": done,
                "declared": not action["managed"] and declared is not None,
                "bar": bar(done, planned) if done is not None else None,
            }
        )
    return found


def grants(report: dict[str, Any]) -> list[dict[str, Any]]:
    """By action with an envelope managed here: programmed, committed, paid, left."""
    found = []
    for action in report["actions"]:
        envelope = action["envelope"]
        if envelope is None or not action["managed"]:
            continue
        committed = sum((Decimal(envelope[stage]) for stage in AFTER_AGREEMENT), ZERO)
        programmed = Decimal(envelope["programmed"])
        found.append(
            {
                "action": action,
                "programmed": programmed,
                "committed": committed,
                "verified": Decimal(envelope["verified"]) + Decimal(envelope["ordered"]) + Decimal(envelope["paid"]),
                "paid": Decimal(envelope["paid"]),
                "left": Decimal(envelope["remaining"]),
                "bar": bar(committed, programmed),
            }
        )
    return found


def total(rows: Iterable[dict[str, Any]], name: str) -> Decimal:
    """The sum of a column; what is not known counts for nothing."""
    return sum((row[name] for row in rows if row[name] is not None), ZERO)


def _declared(action: dict[str, Any], indicator: str) -> str | None:
    return next((row["value"] for row in action["declared"] if row["indicator"] == indicator), None)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


STEPS: tuple[tuple[str, Any], ...] = (
    (MeasureStep.AWARENESS, _("Awareness")),
    (MeasureStep.TRAINING, _("Training")),
    (MeasureStep.ADVICE, pgettext_lazy("step", "Advice")),
    (MeasureStep.PROJECT, _("Projects")),
)


def staircase(programme: Programme, report: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of the programme that have a figure, each with its unit and its place in the drawing.

    A step's figure is the first result that its first action declares; for projects managed here, their number.
    A passage from one step to the next is computed between like units alone.
    """
    by_code = {action["action"]: action for action in report["actions"]}
    codes: dict[str, list[str]] = {}
    for row in Measure.objects.filter(programme=programme).order_by("code", "pk"):
        codes.setdefault(row.step, []).append(row.code)
    found: list[dict[str, Any]] = []
    for step, label in STEPS:
        figure = next((item for code in codes.get(step, []) if (item := _figure(by_code[code]))), None)
        if figure is None:
            continue
        value, unit = figure
        before = found[-1] if found else None
        like = before is not None and before["unit_code"] == unit and before["value"]
        found.append(
            {
                "label": label,
                "value": value,
                "unit_code": unit,
                "unit": unit_words(unit),
                "passage": value / before["value"] if before is not None and like else None,
                "first": before is None,
            }
        )
    return _placed(found) if len(found) > 1 else []


def _figure(action: dict[str, Any]) -> tuple[Decimal, str] | None:
    for row in action["declared"]:
        if row["value"] is not None and row["unit"] not in (MONEY, PERCENT):
            return Decimal(row["value"]), row["unit"]
    count = action["totals"]["projects"] + action["totals_under_way"]["projects"]
    return (Decimal(count), "projects") if count else None


def _placed(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    width = Decimal(100) / len(steps)
    for position, step in enumerate(steps):
        top = 244 - 46 * position
        step |= {
            "x": f"{position * width:.2f}%",
            "text_x": f"{position * width + Decimal('1.2'):.2f}%",
            "width": f"{width:.2f}%",
            "y": top,
            "height": 300 - top,
            "count_y": top - 27,
            "unit_y": top - 10,
            "css": "c-b" if position == len(steps) - 1 else "c-a",
        }
    return steps


@dataclass(frozen=True)
class State:
    """How a result stands to its target: a tone of the badge, its words."""

    tone: str
    words: Any
    code: str


REACHED = State("done", _("Reached"), "reached")
NOT_REACHED = State("bad", _("Not reached"), "not_reached")
NEARLY = State("wait", _("Nearly reached"), "nearly")
APPROACHED = State("wait", _("Approached"), "approached")
NO_RESULT = State("", _("Without result"), "none")
NO_TARGET = State("", _("Without target"), "no_target")
CONTRADICTED = State("wait", _("Declared as reached, computed not"), "contradicted")


def state_of(operator: str, target: Decimal | None, result: Decimal | None, declared: bool | None) -> State:
    """How `result` stands to `target`; `declared` is what the source says of it."""
    if result is None:
        return NO_RESULT
    if target is None or not operator:
        return NO_TARGET
    tests = {
        ">=": result >= target,
        ">": result > target,
        "<=": result <= target,
        "<": result < target,
        "=": result == target,
        "≈": abs(result - target) <= (1 - NEAR) * target,
    }
    if tests[operator]:
        return REACHED
    if declared:
        return CONTRADICTED
    if operator == "≈":
        return APPROACHED if abs(result - target) <= (1 - FAIR) * target else NOT_REACHED
    if operator in (">=", ">") and target > 0 and result >= NEAR * target:
        return NEARLY
    return NOT_REACHED


def indicators(programme: Programme) -> list[dict[str, Any]]:
    """Every indicator of the programme: targets in order, the one in force, the last result, and its state."""
    targets: dict[tuple[int, str], list[Target]] = {}
    for row in Target.objects.filter(measure__programme=programme).order_by("valid_from").select_related("decision"):
        targets.setdefault((row.measure_id, row.indicator), []).append(row)
    results: dict[tuple[int, str], DeclaredResult] = {}
    for result in DeclaredResult.objects.filter(measure__programme=programme).order_by("declared_on", "pk"):
        results[(result.measure_id, result.indicator)] = result
    measures = {row.pk: row for row in Measure.objects.filter(programme=programme)}
    keys = sorted({**targets, **results}, key=lambda key: (measures[key[0]].code, key[0]))
    return [_indicator(measures[key[0]], targets.get(key, []), results.get(key)) for key in keys]


def _indicator(measure: Measure, targets: list[Target], result: DeclaredResult | None) -> dict[str, Any]:
    today = clock.today()
    standing = [row for row in targets if row.valid_from <= today and (not row.valid_until or row.valid_until > today)]
    target = standing[-1] if standing else (targets[-1] if targets else None)
    named: Any = target or result
    value = result.value if result else None
    return {
        "measure": measure,
        "code": named.indicator,
        "label": label_of(named),
        "unit": named.unit,
        "target": target,
        "result": result,
        "value": value,
        "value_words": said(value, named.unit),
        "target_words": said(target.value, target.unit, target.operator) if target else "",
        "former_words": [
            (said(row.value, row.unit, row.operator), row.valid_from, row.valid_until, row.decision.reference)
            for row in targets
            if row is not target
        ],
        "note": result.note if result else "",
        "state": state_of(target.operator, target.value, value, result.reached if result else None)
        if target
        else (NO_TARGET if value is not None else NO_RESULT),
    }


def label_of(row: Target | DeclaredResult) -> str:
    """The label of an indicator in the language of the page; French when English is empty."""
    return row.label_en if get_language() == "en" and row.label_en else row.label_fr
