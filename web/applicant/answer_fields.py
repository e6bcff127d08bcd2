"""The fields of a call's questions: each kind as a person fills it in, and as its answer is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kit.money import MoneyFormField
from people.register import bundled
from programmes.rules import form as questions
from programmes.rules.answers import is_number
from web.forms import CleanCharField, CleanTextarea, DayField, MoneyInput

BLANK_ROWS = 3
"""Empty rows under those that are filled in: saving gives as many again."""

SPACES = str.maketrans("", "", " \u00a0\u202f")


class Kept:
    """A question may wait for its answer: submission says what is missing, saving does not."""

    def validate(self, value: Any) -> None:
        """Take an empty answer."""


class Line(Kept, CleanCharField):
    pass


class Long(Kept, CleanTextarea):
    pass


class Day(Kept, DayField):
    pass


class Money(Kept, MoneyFormField):
    pass


class Chosen(Kept, forms.ChoiceField):
    def validate(self, value: Any) -> None:
        if value and not self.valid_value(value):
            raise ValidationError(_t("Choose an answer."), code="invalid_choice")


class Number(Kept, CleanCharField):
    """A number, with a decimal comma or point and any kind of space; kept with a point."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value).translate(SPACES).replace(",", ".")
        if text and not is_number(text):
            raise ValidationError(_t("Write a number such as 1250 or 12,5."), code="number")
        return text


class Commune(Kept, CleanCharField):
    """A commune, by its INSEE code; the register on board says which one it is."""

    def clean(self, value: Any) -> str:
        code: str = super().clean(value).translate(SPACES).upper()[:5]
        if code and bundled.commune(code) is None:
            raise ValidationError(_t("No commune has this INSEE code; type its five characters, such as 31555."))
        return code


class TableInput(forms.Widget):
    """Rows of a table of answers, a few of them empty; columns are named in the head, and each field by itself."""

    template_name = "widgets/answer_table.html"

    def __init__(self, question: questions.Field) -> None:
        super().__init__()
        self.question = question

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = []
        for number in range(self.question.max_rows):
            row = {column.code: data.get(f"{name}-{number}-{column.code}", "") for column in self.question.columns}
            rows.append(row)
        while rows and not any(text.strip() for text in rows[-1].values()):
            rows.pop()
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-{self.question.columns[0].code}"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        filled = value if isinstance(value, list) else []
        shown = min(self.question.max_rows, len(filled) + BLANK_ROWS)
        described = (attrs or {}).get("aria-describedby", "")
        context["columns"] = [str(column.label) for column in self.question.columns]
        context["described"] = described
        context["rows"] = [
            {"number": number + 1, "cells": self._cells(name, number, filled[number] if number < len(filled) else {})}
            for number in range(shown)
        ]
        return context

    def _cells(self, name: str, number: int, row: Mapping[str, str]) -> list[dict[str, Any]]:
        return [
            {
                "name": f"{name}-{number}-{column.code}",
                "id": f"id_{name}-{number}-{column.code}",
                "label": _t("{column}, row {number}").format(column=column.label, number=number + 1),
                "heading": str(column.label),
                "value": row.get(column.code, ""),
                "type": "date" if column.kind == questions.DATE else "text",
                "numeric": column.kind in (questions.AMOUNT, questions.NUMBER),
                "options": [(option.code, str(option.label)) for option in column.choices],
            }
            for column in self.question.columns
        ]


class Table(Kept, forms.Field):
    """A table: its rows, each cell cleaned as a field of its kind."""

    def __init__(self, question: questions.Field, **kwargs: Any) -> None:
        super().__init__(widget=TableInput(question), **kwargs)
        self.cells = {column.code: _cell(column) for column in question.columns}
        self.labels = {column.code: str(column.label) for column in question.columns}

    def clean(self, value: Any) -> list[dict[str, str]]:
        rows, faults = [], []
        for number, row in enumerate(value or [], start=1):
            kept = {}
            for code, cell in self.cells.items():
                try:
                    kept[code] = kept_answer(cell.clean(cell.widget.value_from_datadict({"it": row[code]}, {}, "it")))
                except ValidationError as error:
                    where = _t("{column}, row {number}").format(column=self.labels[code], number=number)
                    faults.append(f"{where}: {' '.join(error.messages)}")
            rows.append(kept)
        if faults:
            raise ValidationError([ValidationError(fault) for fault in faults])
        return [row for row in rows if any(row.values())]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != (data or [])


def field_of(question: questions.Field, when: str = "") -> forms.Field:
    """The form's field of one question; `when` says when it is to be answered, before its help."""
    told = [text for text in (when, str(question.help)) if text]
    if question.max_words:
        told.append(
            ngettext("%(count)s word at most.", "%(count)s words at most.", question.max_words)
            % {"count": question.max_words}
        )
    if question.example:
        told.append(_t("Example: {example}").format(example=question.example))
    given: dict[str, Any] = {
        "label": str(question.label),
        "required": question.required,
        "help_text": escape(" ".join(told)),
    }
    if question.kind == questions.TABLE:
        return Table(question, **given)
    return _made(question, given)


def _cell(column: questions.Column) -> forms.Field:
    return _made(column, {"label": str(column.label), "required": False})


def _made(question: questions.Field | questions.Column, given: dict[str, Any]) -> forms.Field:
    longest = questions.LONGEST_ANSWER.get(question.kind)
    match question.kind:
        case questions.LONG:
            return Long(max_length=longest, widget=forms.Textarea(attrs={"rows": 6}), **given)
        case questions.DATE:
            return Day(**given)
        case questions.EMAIL:
            return Line(max_length=longest, widget=forms.EmailInput(attrs={"autocomplete": "email"}), **given)
        case questions.NUMBER:
            return Number(max_length=40, widget=MoneyInput(), **given)
        case questions.AMOUNT:
            return Money(**given)
        case questions.LOCATION:
            return Commune(max_length=20, widget=forms.TextInput(attrs={"class": "es-w-amount"}), **given)
        case questions.CHOICE:
            return _choice([(option.code, str(option.label)) for option in question.choices], given)
        case questions.YES_NO:
            return _choice([(questions.YES, _t("Yes")), (questions.NO, _t("No"))], given)
    return Line(max_length=longest, **given)


def _choice(options: list[tuple[str, str]], given: dict[str, Any]) -> forms.Field:
    """Few answers are seen at once; many are a list to open."""
    if len(options) <= 5:
        return Chosen(choices=options, widget=forms.RadioSelect, **given)
    return Chosen(choices=[("", _("Choose…")), *options], **given)


def kept_answer(value: Any) -> Any:
    """A cleaned value, as answers are kept."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value if isinstance(value, list) else value or ""


def typed_answer(question: questions.Field, data: Any) -> Any:
    """What was typed in one question, as answers are kept. Raises `ValidationError`, saying how to mend it."""
    field = field_of(question)
    return kept_answer(field.clean(field.widget.value_from_datadict(data, {}, question.code)))


def typed_values(question: questions.Field, answer: Any) -> list[tuple[str, str]]:
    """The names and values of the inputs that hold this answer; a choice that was not made has none."""
    if question.kind != questions.TABLE:
        return [(question.code, answer if isinstance(answer, str) else "")]
    rows = answer if isinstance(answer, list) else []
    return [
        (f"{question.code}-{number}-{column.code}", row.get(column.code, ""))
        for number, row in enumerate(rows)
        for column in question.columns
    ]


def shown_answer(question: questions.Field, answer: Any) -> Any:
    """A kept answer, as the form's field shows it."""
    if question.kind == questions.TABLE:
        return answer if isinstance(answer, list) else []
    if question.kind == questions.DATE:
        try:
            return date.fromisoformat(answer)
        except (TypeError, ValueError):
            return None
    return answer if isinstance(answer, str) else ""
