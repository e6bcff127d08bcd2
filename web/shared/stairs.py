"""The stairs of a dossier: six steps from submitted to paid, and where it stands on them.

The badge of a page names the last step reached; the brick step is the one being climbed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from grants.lifecycle import State
from kit.text import format_short_date

_ORDER = ["submitted", "advised", "selected", "contracted", "service_fact_verified", "paid"]
STEPS = {name: State(name).label for name in _ORDER}
# States beside the stairs: the step where the dossier is stopped says them.
_STOPPED = {name: State(name).label for name in ("returned", "ineligible", "rejected", "withdrawn", "cancelled")}


@dataclass(frozen=True)
class Step:
    """One step, from 1 to 6: its name, its date in words, `mark` (done, current, next, stopped) and what it says."""

    position: int
    label: Any
    date: str
    mark: str
    said: Any


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
        place = position + 1
        if position < count:
            steps.append(Step(place, label, _written(dates.get(name)), "done", _("step reached")))
        elif position > count:
            steps.append(
                Step(place, label, "" if state in _STOPPED else _written(expected.get(name)), "next", _("to come"))
            )
        elif state in _STOPPED:
            steps.append(Step(place, label, _stop(state, dates), "stopped", ""))
        else:
            said = _("waiting list") if state == "on_reserve" else _("step in progress")
            steps.append(Step(place, label, _written(expected.get(name)), "current", said))
    return steps


def _stop(state: str, dates: Mapping[str, Any]) -> str:
    """Why the dossier stands still, and since when: seen by all, so nothing more is said to those who listen."""
    return ", ".join(str(part) for part in (_STOPPED[state], _written(dates.get(state))) if part)


def _written(value: Any) -> str:
    return format_short_date(value) if isinstance(value, date) else str(value or "")
