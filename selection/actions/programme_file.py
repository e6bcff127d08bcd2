"""Loading a programme file: what is missing is made, what may change is changed, all by the acts of the pages.

Everything happens in one transaction; where anything is refused, all of it is told and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _t

from kit.actors import Actor
from kit.errors import EscalierError, Refused, Unmet
from kit.text import format_datetime
from people.permissions import may
from programmes.actions import calls, forms, names, programmes
from programmes.models import Call, CallState, Decision, Envelope, Measure, Programme
from programmes.rules.form import Words
from programmes.rules.programme_file import (
    Head,
    Line,
    Marking,
    Opening,
    ProgrammeFile,
    ProgrammeFileErrors,
    Purse,
)
from selection.actions import committees
from selection.models import Grid
from selection.queries.programme_file import as_file

CALL_VALUES = (
    "reference_prefix",
    "opens_at",
    "closes_at",
    "needs_advice",
    "allows_partial_awards",
    "scorecards_needed",
    "appeal_days",
    "contest_days",
    "reminder_days",
)


@dataclass
class Loaded:
    """What a load did: the keys of what it made or changed, and whether a manager has to load the rest."""

    programme: Programme
    done: list[str] = field(default_factory=list)
    waits_for_manager: bool = False


def load(file: ProgrammeFile, *, by: Actor, publish: bool = False, reason: str = "") -> Loaded:
    """Make the programme what `file` says, by acts of `by`; with `publish`, publish its prepared calls too.

    A new programme is created by an administrator; the rest is its manager's, who loads the file again unless `by` is
    both, or installs the product. `reason` is kept where a call that is open changes. Raises `ProgrammeFileErrors`
    with every refusal and its key, and then changes nothing.
    """
    loader = _Loader(file, by, publish, reason)
    with transaction.atomic():
        programme = loader.programme()
        if programme is not None and not loader.result.waits_for_manager:
            loader.all_of(programme)
        if loader.errors or programme is None:
            raise ProgrammeFileErrors(loader.errors)
    return loader.result


class _Loader:
    """One load: does one act after another, and notes what is refused."""

    result: Loaded

    def __init__(self, file: ProgrammeFile, by: Actor, publish: bool, reason: str) -> None:
        self.file, self.by, self.publish, self.reason = file, by, publish, reason
        self.errors: list[tuple[str, str]] = []

    def act(self, key: str, function: Callable[..., Any], **given: Any) -> Any:
        """Do one act; `None` and its sentences noted when it is refused."""
        try:
            done = function(by=self.by, **given)
        except Unmet as error:
            self.errors += [(key, sentence) for sentence in error.missing]
            return None
        except Refused as error:
            self.errors.append((f"{key}.{error.field}" if error.field else key, str(error)))
            return None
        except EscalierError as error:
            self.errors.append((key, str(error)))
            return None
        self.result.done.append(key)
        return done

    def fixed(self, key: str, stands: Any, wanted: Any, *only: str) -> None:
        """Note each part that differs and may not change any more: those of `only`, or any."""
        for name in only or [item.name for item in fields(stands)]:
            now = getattr(stands, name)
            if now != getattr(wanted, name):
                sentence = _t("This stands as “{value}” and cannot be changed by a file.").format(value=_said(now))
                self.errors.append((f"{key}.{name}", sentence))

    # The parts of a programme

    def programme(self) -> Programme | None:
        head = self.file.programme
        found = Programme.objects.filter(code=head.code).first()
        if found is not None:
            self.result = Loaded(found)
            self._known(found)
            return found
        if not may(self.by, "programme.create"):
            told = _t("The programme does not exist yet: an administrator loads its file first, then its manager.")
            self.errors.append(("programme.code", told))
            return None
        self.result = Loaded(Programme())
        titles = {"title_fr": head.title.fr, "title_en": head.title.en}
        values = {item.name: getattr(head, item.name) for item in fields(head) if item.name != "title"}
        made: Programme | None = self.act("programme", programmes.create_programme, **titles, **values)
        if made is not None:
            self.result.programme = made
            self.result.waits_for_manager = not may(self.by, "programme.edit", made)
        return made

    def _known(self, programme: Programme) -> None:
        """Whether `by` may load into a programme that stands, and what of it the file cannot change."""
        stands = as_file(programme)
        if not may(self.by, "programme.edit", programme) and stands != self.file:
            told = _t("Only a manager of the programme changes it: name one with --by.")
            raise ProgrammeFileErrors([("", told)])
        self.fixed("programme", stands.programme, self.file.programme, "starts_on", "ends_on", "fund", "illustrative")

    def all_of(self, programme: Programme) -> None:
        """Everything but the programme itself, in an order in which each thing finds what it names."""
        stands = as_file(programme)
        head = _changes(stands.programme, self.file.programme, "managing_body", "contact_email")
        if head:
            self.act("programme", names.edit_programme, programme=programme, changes=head)
        decided = {item.reference: item for item in stands.decisions}
        for decision in self.file.decisions:
            key, values = f"decisions.{decision.reference}", _values(decision)
            if decision.reference not in decided:
                self.act(key, programmes.record_programme_decision, programme=programme, **values)
            else:
                self.fixed(key, decided[decision.reference], decision)
        boards = {item.name: item for item in stands.committees}
        for board in self.file.committees:
            if board.name not in boards:
                key = f"committees.{board.name}"
                self.act(key, committees.create_committee, programme=programme, **_values(board))
            else:
                self.fixed(f"committees.{board.name}", boards[board.name], board)
        self.decisions = {row.reference: row for row in Decision.objects.filter(programme=programme).order_by("pk")}
        lines = {item.code: item for item in stands.actions}
        for action in self.file.actions:
            self.action(programme, action, lines.get(action.code))
        openings = {item.slug: item for item in stands.calls}
        for call in self.file.calls:
            self.call(programme, call, openings.get(call.slug))

    def action(self, programme: Programme, wanted: Line, stands: Line | None) -> None:
        key = f"actions.{wanted.code}"
        if stands is None:
            stands = Line(wanted.code, wanted.step, wanted.title, wanted.operator)
            given = {"code": wanted.code, "step": wanted.step, "operator": wanted.operator}
            title = {"title_fr": wanted.title.fr, "title_en": wanted.title.en}
            measure: Measure | None = self.act(key, programmes.add_measure, programme=programme, **given, **title)
        else:
            self.fixed(key, stands, wanted, "step")
            measure = Measure.objects.get(programme=programme, code=wanted.code)
            changes = _changes(stands, wanted, "operator")
            if changes:
                self.act(key, names.edit_measure, measure=measure, changes=changes)
        if measure is None:
            return
        purses = {item.code: item for item in stands.envelopes}
        for envelope in wanted.envelopes:
            self.envelope(measure, f"{key}.envelopes.{envelope.code}", envelope, purses.get(envelope.code))
        self.rules_and_targets(measure, key, wanted, stands)

    def rules_and_targets(self, measure: Measure, key: str, wanted: Line, stands: Line) -> None:
        terms = {item.valid_from: item for item in stands.aid_rules}
        for rule in sorted(wanted.aid_rules, key=lambda item: item.valid_from):
            here = f"{key}.aid_rules.{rule.valid_from}"
            if rule.valid_from in terms:
                self.fixed(here, terms[rule.valid_from], rule)
            elif decision := self.decisions.get(rule.decision):
                given = _values(rule) | {"decision": decision}
                self.act(here, programmes.set_aid_rule, measure=measure, **given)
        aims = {(item.indicator, item.valid_from): item for item in stands.targets}
        for target in sorted(wanted.targets, key=lambda item: item.valid_from):
            here = f"{key}.targets.{target.indicator}.{target.valid_from}"
            if (target.indicator, target.valid_from) in aims:
                self.fixed(here, aims[target.indicator, target.valid_from], target)
            elif decision := self.decisions.get(target.decision):
                given = _values(target) | {"decision": decision}
                self.act(here, programmes.set_target, measure=measure, **given)

    def envelope(self, measure: Measure, key: str, wanted: Purse, stands: Purse | None) -> None:
        decision = self.decisions.get(wanted.decision)
        if decision is None:
            return
        if stands is None:
            self.act(key, programmes.open_envelope, measure=measure, **_values(wanted) | {"decision": decision})
        elif wanted.amount != stands.amount and wanted.decision != stands.decision:
            envelope = Envelope.objects.get(programme=measure.programme_id, code=wanted.code)
            self.act(
                f"{key}.amount",
                programmes.change_envelope,
                envelope=envelope,
                amount=wanted.amount,
                decision=decision,
            )
            self.fixed(key, stands, wanted, "fund", "planned_total_cost")
        else:
            self.fixed(key, stands, wanted)

    # Calls

    def call(self, programme: Programme, wanted: Opening, stands: Opening | None) -> None:
        key = f"calls.{wanted.slug}"
        call = self.new_call(programme, key, wanted) if stands is None else self.known_call(key, wanted, stands)
        if call is None:
            return
        if wanted.form is not None and (stands is None or stands.form != wanted.form):
            self.act(f"{key}.form", forms.edit_form, call=call, form=wanted.form)
        if wanted.grid is not None:
            self.grid(call, f"{key}.grid", wanted.grid, stands.grid if stands is not None else None)
        if self.publish and call.state == CallState.PREPARED and not self.errors:
            self.act(f"{key}.published", calls.publish_call, call=call)

    def new_call(self, programme: Programme, key: str, wanted: Opening) -> Call | None:
        measure = Measure.objects.filter(programme=programme, code=wanted.action).first()
        envelope = Envelope.objects.filter(programme=programme, code=wanted.envelope).first()
        if measure is None or envelope is None:
            return None
        given = {"slug": wanted.slug, "measure": measure, "envelope": envelope, **_call_values(wanted)}
        made: Call | None = self.act(key, calls.create_call, **given)
        return made

    def known_call(self, key: str, wanted: Opening, stands: Opening) -> Call:
        call = Call.objects.get(slug=wanted.slug)
        self.fixed(key, stands, wanted, "action", "envelope")
        former = _call_values(stands)
        changes = {name: value for name, value in _call_values(wanted).items() if value != former[name]}
        if call.state == CallState.PUBLISHED:
            for name in calls.ONLY_WHILE_PREPARED:
                if changes.pop(name, None) is not None:
                    told = _t("This cannot change once the call is published; the deadline has a page of its own.")
                    self.errors.append((f"{key}.{name}", told))
        if changes:
            self.act(key, calls.edit_call, call=call, changes=changes, reason=self.reason)
        return call

    def grid(self, call: Call, key: str, wanted: Marking, stands: Marking | None) -> None:
        decision = self.decisions.get(wanted.decision)
        if stands is None or stands.criteria != wanted.criteria:
            criteria = [_values(item) for item in wanted.criteria]
            grid: Grid | None = self.act(key, committees.edit_grid, call=call, criteria=criteria)
        elif stands.decision != wanted.decision and decision is None:
            self.fixed(key, stands, wanted)
            return
        else:
            grid = Grid.objects.get(call=call) if stands.decision != wanted.decision else None
        if grid is not None and decision is not None:
            self.act(f"{key}.decision", committees.approve_grid, grid=grid, decision=decision)


def _values(item: Any) -> dict[str, Any]:
    """The fields of a row as an act takes them: a label in two languages as two."""
    values = {one.name: getattr(item, one.name) for one in fields(item)}
    if "label" in values:
        label: Words = values.pop("label")
        values |= {"label_fr": label.fr, "label_en": label.en}
    return values


def _changes(stands: Head | Line, wanted: Head | Line, *also: str) -> dict[str, str]:
    """The titles, and what else is named, that differ."""
    found = {name: getattr(wanted, name) for name in also if getattr(wanted, name) != getattr(stands, name)}
    if stands.title != wanted.title:
        found |= {"title_fr": wanted.title.fr, "title_en": wanted.title.en}
    return found


def _call_values(item: Opening) -> dict[str, Any]:
    values = {name: getattr(item, name) for name in CALL_VALUES}
    for name in ("title", "presentation"):
        words: Words = getattr(item, name)
        values |= {f"{name}_fr": words.fr, f"{name}_en": words.en}
    return values


def _said(value: Any) -> str:
    """A value as a person reads it in a sentence about the file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return format_datetime(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)
