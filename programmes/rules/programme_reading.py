"""Reading a programme file: TOML to dataclasses, every error told at once with its key."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from kit.words import gettext as _
from programmes.rules import deadlines
from programmes.rules.form import Form, FormErrors
from programmes.rules.form_values import parse
from programmes.rules.programme_file import (
    BODIES,
    GROUPS,
    OPERATORS,
    STEERING,
    STEPS,
    UNDERSPENDS,
    Aim,
    Board,
    Decided,
    Head,
    Line,
    Mark,
    Marking,
    Opening,
    ProgrammeFile,
    ProgrammeFileErrors,
    Purse,
    Terms,
)
from programmes.rules.programme_values import (
    LONGEST_PRESENTATION,
    LONGEST_TEXT,
    NO_DAY,
    NO_INSTANT,
    Given,
    ValueReader,
    names_of,
)

LONGEST_FILE = 2_000_000
"""Characters: far more than a programme needs."""

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
CRITERION = re.compile(r"[A-Za-z0-9_-]{1,30}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def read(text: str) -> ProgrammeFile:
    """Read a programme file. Raises `ProgrammeFileErrors` with everything that is wrong in it."""
    if len(text) > LONGEST_FILE:
        raise ProgrammeFileErrors([("", _("{most} characters at most.").format(most=LONGEST_FILE))])
    try:
        given = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        # TOMLDecodeError is a ValueError; so is a whole number of more digits than Python reads.
        raise ProgrammeFileErrors([("", _("This is not TOML: {told}").format(told=error))]) from error
    reader = _ProgrammeReader()
    found = reader.file(given)
    reader.names(found)
    if reader.errors:
        raise ProgrammeFileErrors(reader.errors)
    return found


class _ProgrammeReader(ValueReader):
    """Reads what it can of a programme and notes what is wrong."""

    fund = ""
    """That of the programme, which its envelopes have too unless they say otherwise."""

    # The parts of a programme

    def file(self, content: Given) -> ProgrammeFile:
        given = self.table(content, "", names_of(ProgrammeFile))
        head = self.head(self.table(given.get("programme"), "programme", names_of(Head)))
        return ProgrammeFile(
            programme=head,
            decisions=self.each(given, "decisions", "", Decided, self.decision, "reference"),
            committees=self.each(given, "committees", "", Board, self.committee, "name"),
            actions=self.each(given, "actions", "", Line, self.action, "code"),
            calls=self.each(given, "calls", "", Opening, self.call, "slug"),
        )

    def head(self, given: Given) -> Head:
        place = "programme"
        starts, ends = self.day(given, "starts_on", place), self.day(given, "ends_on", place)
        if NO_DAY not in (starts, ends) and ends <= starts:
            self.wrong(f"{place}.ends_on", _("The end must come after the start."))
        contact = self.line(given, "contact_email", place, 254, needed=False).lower()
        if contact and not EMAIL.fullmatch(contact):
            self.wrong(f"{place}.contact_email", _("This is not an e-mail address, such as name@town.fr."))
        self.fund = self.line(given, "fund", place, 60, needed=False) or "FEDER"
        return Head(
            code=self.capitals(given, "code", place, 30),
            title=self.pair(given, "title", place),
            managing_body=self.line(given, "managing_body", place, 200),
            starts_on=starts,
            ends_on=ends,
            contact_email=contact,
            fund=self.fund,
            illustrative=self.switch(given, "illustrative", place, usual=False),
        )

    def decision(self, given: Given, place: str) -> Decided:
        return Decided(
            reference=self.line(given, "reference", place, 60),
            body=self.one_of(given.get("body"), f"{place}.body", BODIES),
            taken_on=self.day(given, "taken_on", place),
            text=self.paragraph(given.get("text", ""), f"{place}.text", LONGEST_TEXT),
        )

    def committee(self, given: Given, place: str) -> Board:
        return Board(
            name=self.line(given, "name", place, 200),
            quorum=self.count(given, "quorum", place, 1, 999, None),
            body=self.one_of(given.get("body", "selection"), f"{place}.body", BODIES),
        )

    def action(self, given: Given, place: str) -> Line:
        return Line(
            code=self.line(given, "code", place, 20),
            step=self.one_of(given.get("step"), f"{place}.step", STEPS),
            title=self.pair(given, "title", place),
            operator=self.line(given, "operator", place, 200, needed=False),
            envelopes=self.each(given, "envelopes", place, Purse, self.envelope, "code"),
            aid_rules=self.each(given, "aid_rules", place, Terms, self.rule, "valid_from"),
            targets=self.each(given, "targets", place, Aim, self.target, "indicator", "valid_from"),
        )

    def envelope(self, given: Given, place: str) -> Purse:
        return Purse(
            code=self.line(given, "code", place, 40),
            amount=self.euros(given, "amount", place) or Decimal(0),
            decision=self.line(given, "decision", place, 60),
            fund=self.line(given, "fund", place, 60, needed=False) or self.fund,
            planned_total_cost=self.euros(given, "planned_total_cost", place, needed=False),
        )

    def rule(self, given: Given, place: str) -> Terms:
        unit = self.number(given, "rounding_unit", place, 0, 1, 2, Decimal(1))
        if unit not in (Decimal(1), Decimal("0.01")):
            self.wrong(f"{place}.rounding_unit", _("Round to one euro or to one cent."))
        return Terms(
            rate=self.number(given, "rate", place, 0, 1, 4, None),
            valid_from=self.day(given, "valid_from", place),
            decision=self.line(given, "decision", place, 60),
            ceiling=self.euros(given, "ceiling", place, needed=False),
            floor=self.euros(given, "floor", place, needed=False),
            rounding_unit=unit,
            underspend=self.one_of(given.get("underspend", "nominal"), f"{place}.underspend", UNDERSPENDS),
            advance_share=self.number(given, "advance_share", place, 0, 1, 4, Decimal("0.3")),
            interim_share=self.number(given, "interim_share", place, 0, 1, 4, Decimal("0.8")),
        )

    def target(self, given: Given, place: str) -> Aim:
        most = 10**12
        return Aim(
            indicator=self.line(given, "indicator", place, 60),
            label=self.pair(given, "label", place),
            valid_from=self.day(given, "valid_from", place),
            decision=self.line(given, "decision", place, 60),
            operator=self.one_of(given.get("operator", ""), f"{place}.operator", OPERATORS),
            value=self.number(given, "value", place, -most, most, 2, Decimal(0)) if "value" in given else None,
            unit=self.line(given, "unit", place, 40, needed=False),
        )

    def call(self, given: Given, place: str) -> Opening:
        opens, closes = self.instant(given, "opens_at", place), self.instant(given, "closes_at", place)
        if NO_INSTANT not in (opens, closes) and closes <= opens:
            self.wrong(f"{place}.closes_at", _("The call must close after it opens."))
        slug = self.line(given, "slug", place, 60)
        if slug and not SLUG.fullmatch(slug):
            self.wrong(
                f"{place}.slug", _("Use small letters, digits and hyphens, for example innovative-projects-2027.")
            )
        return Opening(
            slug=slug,
            reference_prefix=self.capitals(given, "reference_prefix", place, 20),
            action=self.line(given, "action", place, 20),
            envelope=self.line(given, "envelope", place, 40),
            title=self.pair(given, "title", place),
            presentation=self.pair(given, "presentation", place, LONGEST_PRESENTATION),
            opens_at=opens,
            closes_at=closes,
            needs_advice=self.switch(given, "needs_advice", place, usual=True),
            allows_partial_awards=self.switch(given, "allows_partial_awards", place, usual=False),
            scorecards_needed=self.count(given, "scorecards_needed", place, 1, 20, 2),
            appeal_days=self.count(given, "appeal_days", place, 1, 365, 60),
            contest_days=self.count(given, "contest_days", place, 1, 365, 30),
            reminder_days=self.reminders(given, place),
            grid=self.grid(given["grid"], f"{place}.grid") if "grid" in given else None,
            form=self.call_form(given["form"], f"{place}.form") if "form" in given else None,
        )

    def reminders(self, given: Given, place: str) -> tuple[int, ...]:
        """Days before the deadline, the earliest first; none where the list is empty."""
        here, most = f"{place}.reminder_days", deadlines.MOST_REMINDERS
        days = self.rows(given.get("reminder_days", deadlines.USUAL_REMINDERS), here)
        read_days = {
            self.count({str(at): day}, str(at), here, 1, deadlines.EARLIEST_REMINDER, 1)
            for at, day in enumerate(days, 1)
        }
        if len(read_days) > most:
            self.wrong(here, _("{most} at most.").format(most=most))
        return tuple(sorted(read_days, reverse=True))

    def grid(self, content: Any, place: str) -> Marking:
        given = self.table(content, place, names_of(Marking))
        criteria = self.each(given, "criteria", place, Mark, self.criterion, "code")
        if not criteria:
            self.wrong(f"{place}.criteria", _("Give at least one criterion."))
        elif not any(item.weight for item in criteria):
            self.wrong(f"{place}.criteria", _("The weights are too large, or all zero; correct them."))
        return Marking(criteria, self.line(given, "decision", place, 60, needed=False))

    def criterion(self, given: Given, place: str) -> Mark:
        code = given.get("code")
        if not isinstance(code, str) or not CRITERION.fullmatch(code):
            self.wrong(f"{place}.code", _("A code is made of letters, digits and hyphens."))
        found = Mark(
            code=str(code),
            group=self.one_of(given.get("group"), f"{place}.group", GROUPS),
            label=self.pair(given, "label", place, 120),
            weight=self.number(given, "weight", place, 0, 9999, 2, Decimal(1)),
            minimum=self.number(given, "minimum", place, 0, 100, 2, Decimal(0)),
            maximum=self.number(given, "maximum", place, 0, 100, 2, Decimal(20)),
            step=self.number(given, "step", place, 0, 99, 2, Decimal(1)),
        )
        if found.maximum <= found.minimum or found.step <= 0:
            self.wrong(
                f"{place}.maximum",
                _("A scale rises from its lowest to its highest mark by a positive step; correct its numbers."),
            )
        return found

    def call_form(self, content: Any, place: str) -> Form | None:
        try:
            return parse(content)
        except FormErrors as error:
            for inner, sentence in error.errors:
                self.wrong(f"{place}.{inner}", sentence)
            return None

    # What is only known once the whole file is read

    def names(self, file: ProgrammeFile) -> None:
        """Each thing that is named stands in the file, and what may stand once does."""
        bodies = {item.reference: item.body for item in file.decisions}
        for action in file.actions:
            place = f"actions.{action.code}"
            for envelope in action.envelopes:
                self._decided(f"{place}.envelopes.{envelope.code}", envelope.decision, bodies)
            for rule in action.aid_rules:
                self._decided(f"{place}.aid_rules.{rule.valid_from}", rule.decision, bodies)
            for target in action.targets:
                self._decided(f"{place}.targets.{target.indicator}.{target.valid_from}", target.decision, bodies)
        self._once((item.code for action in file.actions for item in action.envelopes), "actions", "envelopes")
        self._once((call.reference_prefix for call in file.calls), "calls", "reference_prefix")
        purses = {action.code: {item.code for item in action.envelopes} for action in file.actions}
        for call in file.calls:
            place = f"calls.{call.slug}"
            if call.action not in purses:
                self.wrong(f"{place}.action", _("The file has no action “{code}”.").format(code=call.action))
            elif call.envelope not in purses[call.action]:
                sentence = _("The action {action} has no envelope “{code}” in the file.")
                self.wrong(f"{place}.envelope", sentence.format(action=call.action, code=call.envelope))
            if call.grid is not None and call.grid.decision and call.grid.decision not in bodies:
                self._unknown_decision(f"{place}.grid", call.grid.decision)

    def _decided(self, place: str, reference: str, bodies: Mapping[str, str]) -> None:
        if reference not in bodies:
            self._unknown_decision(place, reference)
        elif bodies[reference] != STEERING:
            self.wrong(
                f"{place}.decision",
                _("Money, rules and targets change by a decision of the steering committee; choose one."),
            )

    def _unknown_decision(self, place: str, reference: str) -> None:
        if reference:  # one that is missing was told already
            self.wrong(f"{place}.decision", _("The file has no decision “{code}”.").format(code=reference))

    def _once(self, codes: Iterable[str], place: str, name: str) -> None:
        for code, number in Counter(codes).items():
            if number > 1 and code:
                self.wrong(f"{place}.{name}", _("“{code}” stands there more than once.").format(code=code))
