"""Answers to a form: which questions are shown, what can be kept, and what is still missing (R14, R17, R25).

Answers are plain values: `{"project": {"object": "…"}}`. A date is `2027-09-01`, a number or an amount its digits with
a point, a choice the code of its option, yes/no `yes` or `no`, a location the INSEE code of a commune, and a table a
list of rows by column.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from kit.money import amount_of
from kit.words import gettext_lazy as _
from programmes.rules.form import (
    AMOUNT,
    CHOICE,
    DATE,
    EMAIL,
    LOCATION,
    LONGEST_ANSWER,
    NO,
    NUMBER,
    TABLE,
    YES,
    YES_NO,
    Column,
    Condition,
    Field,
    Form,
    Piece,
    Section,
)

Answers = Mapping[str, Mapping[str, Any]]

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_INSEE = re.compile(r"[0-9][0-9AB][0-9]{3}")


@dataclass(frozen=True)
class Fault:
    """Something wrong in one answer: the field's code and its label, and a sentence with its values."""

    field: str
    label: Any
    sentence: Any
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.sentence).format(label=self.label, **self.values)


def holds(condition: Condition | None, answers: Answers) -> bool:
    """Whether what depends on the condition is shown."""
    return condition is None or answers.get(condition.section, {}).get(condition.field) in condition.values


def shown(section: Section, answers: Answers) -> tuple[Field, ...]:
    """The questions of a section that the answers given so far show, in order.

    One that hangs on a question which is hidden itself is hidden too.
    """
    hidden: set[str] = set()
    for item in section.fields:
        condition = item.shown_when
        inner = condition is not None and condition.section == section.code and condition.field in hidden
        if inner or not holds(condition, answers):
            hidden.add(item.code)
    return tuple(item for item in section.fields if item.code not in hidden)


def asked_pieces(section: Section, answers: Answers) -> tuple[Piece, ...]:
    """The documents that the answers given so far ask for."""
    return tuple(piece for piece in section.pieces if holds(piece.shown_when, answers))


def answer_fault(question: Field | Column, answer: Any) -> Fault | None:
    """What makes an answer impossible to keep, such as a date that is none. Empty answers are kept."""
    if isinstance(question, Field) and question.kind == TABLE:
        return _table_fault(question, answer)
    if not isinstance(answer, str):
        return Fault(question.code, question.label, _("“{label}”: write a text."))
    most = LONGEST_ANSWER.get(question.kind)
    if most is not None and len(answer) > most:
        sentence = _("“{label}” is too long: {most} characters at most.")
        return Fault(question.code, question.label, sentence, {"most": most})
    unlike = _unlike(question, answer) if answer else None
    return Fault(question.code, question.label, unlike) if unlike is not None else None


def faults(section: Section, answers: Answers) -> Iterator[Fault]:
    """What is missing or wrong in the answers to one section, in its order; hidden questions ask nothing."""
    own = answers.get(section.code, {})
    for question in shown(section, answers):
        answer = own.get(question.code, [] if question.kind == TABLE else "")
        yield from _faults_of(section, question, answer.strip() if isinstance(answer, str) else answer, own)


def missing_answers(section: Section, answers: Answers) -> list[str]:
    """What is missing or wrong in one section, each a sentence in the active language."""
    return [str(fault) for fault in faults(section, answers)]


def missing_pieces(section: Section, attached: Collection[str], answers: Answers) -> list[str]:
    """The documents that the section requires and that are not among the kinds `attached`, each a sentence."""
    sentence = _("Attach the document “{label}”.")
    wanted = asked_pieces(section, answers)
    return [
        str(sentence).format(label=piece.label) for piece in wanted if piece.required and piece.code not in attached
    ]


def filed(form: Form, answers: Answers) -> dict[str, dict[str, Any]]:
    """The answers that are filed: those to the questions shown, by section, in the order of the form."""
    return {
        section.code: {
            item.code: answers.get(section.code, {})[item.code]
            for item in shown(section, answers)
            if item.code in answers.get(section.code, {})
        }
        for section in form
        if section.fields
    }


def _faults_of(section: Section, question: Field, answer: Any, own: Mapping[str, Any]) -> Iterator[Fault]:
    wrong = answer_fault(question, answer)
    if wrong is not None:
        yield wrong
    elif question.required and not answer:
        yield Fault(question.code, question.label, _("Answer “{label}”."))
    elif question.max_words is not None and len(answer.split()) > question.max_words:
        told: dict[str, Any] = {"words": len(answer.split()), "most": question.max_words}
        yield Fault(question.code, question.label, _("Shorten “{label}”: {words} words, and {most} at most."), told)
    elif question.kind == NUMBER and answer:
        yield from _out_of_range(question, Decimal(answer))
    elif question.after and answer and not _comes_after(answer, own.get(question.after, "")):
        told = {"former": section.field(question.after).label}
        yield Fault(question.code, question.label, _("“{label}” must come after “{former}”."), told)


def _out_of_range(question: Field, number: Decimal) -> Iterator[Fault]:
    if question.least is not None and number < question.least:
        yield Fault(question.code, question.label, _("“{label}”: {least} at least."), {"least": question.least})
    if question.most is not None and number > question.most:
        yield Fault(question.code, question.label, _("“{label}”: {most} at most."), {"most": question.most})


def _unlike(question: Field | Column, answer: str) -> Any:
    """The sentence for an answer that is not of its kind."""
    kind = question.kind
    if kind == DATE and _date(answer) is None:
        return _("“{label}”: give a date, such as 2027-09-01.")
    if kind == EMAIL and not _EMAIL.fullmatch(answer):
        return _("“{label}”: give an e-mail address, such as name@town.fr.")
    if kind == NUMBER and not is_number(answer):
        return _("“{label}”: give a number, such as 1250 or 12.5.")
    if kind == AMOUNT and not _is_amount(answer):
        return _("“{label}”: give an amount in euros, such as 1234.50.")
    if kind == CHOICE and answer not in {option.code for option in question.choices}:
        return _("“{label}”: choose one of the answers.")
    if kind == YES_NO and answer not in (YES, NO):
        return _("“{label}”: answer yes or no.")
    if kind == LOCATION and not _INSEE.fullmatch(answer):
        return _("“{label}”: give a commune by its INSEE code, such as 31555.")
    return None


def _table_fault(question: Field, rows: Any) -> Fault | None:
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        return Fault(question.code, question.label, _("“{label}”: fill in the table."))
    if len(rows) > question.max_rows:
        sentence = _("“{label}”: {most} rows at most.")
        return Fault(question.code, question.label, sentence, {"most": question.max_rows})
    for number, row in enumerate(rows, start=1):
        for column in question.columns:
            wrong = answer_fault(column, row.get(column.code, "") if isinstance(row, Mapping) else None)
            if wrong is not None:
                sentence = _("“{label}”, row {number}: {told}")
                return Fault(question.code, question.label, sentence, {"number": number, "told": wrong})
    return None


def _comes_after(day: str, former: Any) -> bool:
    first, second = _date(former) if isinstance(former, str) else None, _date(day)
    return first is None or second is None or second > first


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if len(text.strip()) == 10 else None
    except ValueError:
        return None


def is_number(text: str) -> bool:
    """Whether a text is a number of a size that is meant, with a point."""
    return _NUMBER.fullmatch(text) is not None


def _is_amount(text: str) -> bool:
    try:
        return amount_of(text) >= 0
    except (TypeError, ValueError, InvalidOperation):
        return False
