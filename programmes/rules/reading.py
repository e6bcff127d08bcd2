"""Answers as a person reads them: days, amounts and choices in the language of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from kit.money import amount_of, format_amount
from kit.text import format_date
from kit.words import gettext as _
from programmes.rules.answers import Answers, shown
from programmes.rules.form import AMOUNT, CHOICE, DATE, TABLE, YES, YES_NO, Column, Field, Form


def said(question: Field | Column, answer: Any) -> str:
    """One answer in words; a table as one line a row, its columns set apart by points."""
    if question.kind == TABLE:
        rows = answer if isinstance(answer, Sequence) and not isinstance(answer, str) else []
        return "\n".join(" · ".join(filter(None, cells)) for cells in table_of(question, rows))
    text = answer if isinstance(answer, str) else ""
    if not text:
        return ""
    try:
        if question.kind == DATE:
            return format_date(date.fromisoformat(text))
        if question.kind == AMOUNT:
            return format_amount(amount_of(text))
    except (TypeError, ValueError, ArithmeticError):
        return text
    if question.kind == CHOICE:
        return next((str(option.label) for option in question.choices if option.code == text), text)
    if question.kind == YES_NO:
        return _("Yes") if text == YES else _("No")
    return text


def table_of(question: Field | Column, rows: Sequence[Any]) -> list[list[str]]:
    """The cells of a table of answers, in words."""
    columns = question.columns if isinstance(question, Field) else ()
    kept = [row for row in rows if isinstance(row, Mapping)]
    return [[said(column, row.get(column.code, "")) for column in columns] for row in kept]


def answered(form: Form, answers: Answers) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each section that shows questions: its title, and its questions with their answers, in words."""
    for section in form:
        own = answers.get(section.code, {})
        rows = [(str(item.label), said(item, own.get(item.code, ""))) for item in shown(section, answers)]
        if rows:
            yield str(section.title), rows
