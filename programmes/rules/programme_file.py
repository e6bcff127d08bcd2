"""A programme as one file: what it is made of, as data. The keys of the file are the names of these fields.

`programme_reading` reads it from TOML and tells everything that is wrong; `programme_writing` writes it back. The file
carries no person and no sum that was granted: roles are given on pages, by two persons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from programmes.rules.deadlines import USUAL_REMINDERS
from programmes.rules.form import Form, Words

BODIES = ("steering", "selection", "monitoring", "management")
STEERING = "steering"
STEPS = (
    "awareness",
    "training",
    "advice",
    "project",
    "follow_up",
    "resource_centre",
    "study",
    "accompaniment",
    "technical_assistance",
)
UNDERSPENDS = ("nominal", "effective")
OPERATORS = ("", ">=", "<=", ">", "<", "=", "≈")
GROUPS = ("innovation", "feasibility")


@dataclass(frozen=True)
class Head:
    """The programme itself."""

    code: str
    title: Words
    managing_body: str
    starts_on: date
    ends_on: date
    contact_email: str = ""
    fund: str = "FEDER"
    illustrative: bool = False


@dataclass(frozen=True)
class Decided:
    """A decision: what changes money, rules or targets names one of the steering committee by its reference."""

    reference: str
    body: str
    taken_on: date
    text: str


@dataclass(frozen=True)
class Board:
    """A committee; its members are persons, and are appointed on pages."""

    name: str
    quorum: int
    body: str = "selection"


@dataclass(frozen=True)
class Purse:
    """An envelope; euros. `fund` is that of the programme unless said otherwise."""

    code: str
    amount: Decimal
    decision: str
    fund: str = ""
    planned_total_cost: Decimal | None = None


@dataclass(frozen=True)
class Terms:
    """An aid rule, from a day until the next one; shares from 0 to 1, amounts in euros."""

    rate: Decimal
    valid_from: date
    decision: str
    ceiling: Decimal | None = None
    floor: Decimal | None = None
    rounding_unit: Decimal = Decimal(1)
    underspend: str = "nominal"
    advance_share: Decimal = Decimal("0.3")
    interim_share: Decimal = Decimal("0.8")


@dataclass(frozen=True)
class Aim:
    """A target, from a day until the next one of its indicator."""

    indicator: str
    label: Words
    valid_from: date
    decision: str
    operator: str = ""
    value: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True)
class Line:
    """One action of the programme, such as 7.4, with its money, its rules and its targets."""

    code: str
    step: str
    title: Words
    operator: str = ""
    envelopes: tuple[Purse, ...] = ()
    aid_rules: tuple[Terms, ...] = ()
    targets: tuple[Aim, ...] = ()


@dataclass(frozen=True)
class Mark:
    """One criterion of a grid, marked from `minimum` to `maximum` by `step`."""

    code: str
    group: str
    label: Words
    weight: Decimal = Decimal(1)
    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(20)
    step: Decimal = Decimal(1)


@dataclass(frozen=True)
class Marking:
    """The grid of a call, approved by `decision` where it names one."""

    criteria: tuple[Mark, ...]
    decision: str = ""


@dataclass(frozen=True)
class Opening:
    """A call for proposals; instants are aware. Without a form, a new call asks what the reference form does."""

    slug: str
    reference_prefix: str
    action: str
    envelope: str
    title: Words
    presentation: Words
    opens_at: datetime
    closes_at: datetime
    needs_advice: bool = True
    allows_partial_awards: bool = False
    scorecards_needed: int = 2
    appeal_days: int = 60
    contest_days: int = 30
    reminder_days: tuple[int, ...] = USUAL_REMINDERS
    grid: Marking | None = None
    form: Form | None = None


@dataclass(frozen=True)
class ProgrammeFile:
    """The whole file, in its order."""

    programme: Head
    decisions: tuple[Decided, ...] = ()
    committees: tuple[Board, ...] = ()
    actions: tuple[Line, ...] = ()
    calls: tuple[Opening, ...] = ()


class ProgrammeFileErrors(ValueError):
    """What is wrong in a programme file: pairs of a key and a sentence."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"{key}: {sentence}" if key else sentence for key, sentence in errors))
        self.errors = tuple(errors)
