"""The stairs of a dossier: six steps from submitted to paid, and where it stands on them.

The badge of a page names the last step reached; the brick step is the one being climbed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from kit.text import format_short_date

STEPS = {
    "submitted": _("Submitted"),
    "advised": _("Advised"),
    "selected": _("Selected"),
    "contracted": _("Under agreement"),
    "service_fact_verified": _("Service fact verified"),
    "paid": _("Paid"),
}
_ORDER = list(STEPS)
# States beside the stairs: where the dossier is stopped, and what the block says.
_STOPPED = {
    "returned": _("To be completed"),
    "ineligible": _("Ineligible"),
    "rejected": _("Not selected"),
    "withdrawn": _("Withdrawn"),
    "cancelled": _("Cancelled"),
}


@dataclass(frozen=True)
class Step:
    """One step: its name, its date in words, `mark` (done, current, next, stopped) and the words for the mark."""

    label: Any
    date: str
    mark: str
    said: Any

    @property
    def position(self) -> int:
        """From 1 to 6."""
        return list(STEPS.values()).index(self.label) + 1


def reached(state: str, dates: Mapping[str, Any]) -> int:
    """How many of the six steps are behind the dossier: 0 for a draft, 6 when paid or closed.

    States beside the stairs keep the steps whose dates are known; a returned dossier is to be submitted again.
    """
    if state in ("draft", "returned"):
        return 0
    if state == "on_reserve":
        return 2
    if state == "closed":
        return len(_ORDER)
    if state in STEPS:
        return _ORDER.index(state) + 1
    return max((position for position, name in enumerate(_ORDER, 1) if dates.get(name)), default=0)


def climb(state: str, dates: Mapping[str, Any], expected: Mapping[str, Any]) -> list[Step]:
    """The six steps of a dossier in `state`.

    `dates` maps a state to the day it was reached, `expected` a step to the day or the words of what is to come.
    """
    count = reached(state, dates)
    steps = []
    for position, (name, label) in enumerate(STEPS.items()):
        if position < count:
            steps.append(Step(label, _written(dates.get(name)), "done", _("step reached")))
        elif position > count:
            steps.append(Step(label, "" if state in _STOPPED else _written(expected.get(name)), "next", _("to come")))
        elif state in _STOPPED:
            steps.append(Step(label, _written(dates.get(state)), "stopped", _STOPPED[state]))
        else:
            said = _("waiting list") if state == "on_reserve" else _("step in progress")
            steps.append(Step(label, _written(expected.get(name)), "current", said))
    return steps


def _written(value: Any) -> str:
    return format_short_date(value) if isinstance(value, date) else str(value or "")
