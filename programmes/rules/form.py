"""A call's form, as data: sections and fields, in both languages (R14, R17, R25).

Answers are kept by the codes of section and field, so that what a person reads about a question may change without
touching them. `form_values` reads a form from what people write in the programme file or on pages; `answers` says
what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kit.words import language

LINE, LONG, DATE, EMAIL = "text", "long", "date", "email"
NUMBER, AMOUNT, CHOICE, YES_NO, TABLE, LOCATION = "number", "amount", "choice", "yes_no", "table", "location"
KINDS = (LINE, LONG, NUMBER, AMOUNT, DATE, EMAIL, CHOICE, YES_NO, TABLE, LOCATION)
IN_A_CELL = (LINE, NUMBER, AMOUNT, DATE, CHOICE)
YES, NO = "yes", "no"

QUESTIONS, BUDGET, DOCUMENTS, PARTNERS = "questions", "budget", "documents", "partners"
PARTS = (QUESTIONS, BUDGET, DOCUMENTS, PARTNERS)
"""What a section is: questions, or one of the parts that have a page of their own, once a form at most."""

LONGEST_ANSWER = {LINE: 200, LONG: 20_000, DATE: 10, EMAIL: 254, NUMBER: 20, AMOUNT: 40, LOCATION: 5}
"""Characters; the limit of words is told as something missing, so that no long text is lost."""
MOST_SECTIONS, MOST_FIELDS, MOST_CHOICES, MOST_COLUMNS, MOST_ROWS = 30, 200, 60, 10, 100
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class Words:
    """A text in French, and in English where there is one; as a string, in the language of the page."""

    fr: str = ""
    en: str = ""

    def __str__(self) -> str:
        return self.en if language() == "en" and self.en else self.fr

    def __bool__(self) -> bool:
        return bool(self.fr)


NOTHING = Words()


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen."""

    code: str
    label: Words


@dataclass(frozen=True)
class Column:
    """One column of a table of answers."""

    code: str
    label: Words
    kind: str = LINE
    choices: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Condition:
    """Shown when the answer to an earlier question is one of `values`."""

    section: str
    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """One question. `max_words` binds long answers, `least` and `most` numbers; `after` names an earlier day."""

    code: str
    label: Words
    help: Words = NOTHING
    example: Words = NOTHING
    kind: str = LINE
    required: bool = True
    max_words: int | None = None
    least: int | None = None
    most: int | None = None
    after: str = ""
    choices: tuple[Option, ...] = ()
    columns: tuple[Column, ...] = ()
    max_rows: int = 20
    shown_when: Condition | None = None


@dataclass(frozen=True)
class Piece:
    """A kind of document that the form asks for."""

    code: str
    label: Words
    help: Words = NOTHING
    required: bool = False
    shown_when: Condition | None = None


@dataclass(frozen=True)
class Section:
    """A part of the form that is prepared, checked and sent back as a whole; `minutes` is how long it takes."""

    code: str
    title: Words
    intro: Words = NOTHING
    minutes: int = 5
    part: str = QUESTIONS
    fields: tuple[Field, ...] = ()
    pieces: tuple[Piece, ...] = ()

    def field(self, code: str) -> Field:
        """The field with this code. Raises `KeyError`."""
        for item in self.fields:
            if item.code == code:
                return item
        raise KeyError(code)


@dataclass(frozen=True)
class Check:
    """A question that an applicant answers before an account is asked for; `right` is the answer that may apply."""

    code: str
    question: Words
    right: str
    otherwise: Words


@dataclass(frozen=True)
class Form:
    """The whole form of a call, in its order."""

    sections: tuple[Section, ...]
    eligibility: tuple[Check, ...] = ()

    def __iter__(self) -> Iterator[Section]:
        return iter(self.sections)

    def section(self, code: str) -> Section | None:
        """The section with this code, if the form has it."""
        return next((item for item in self.sections if item.code == code), None)

    def part(self, part: str) -> Section | None:
        """The section that is this part (budget, documents, partners), if the form has one."""
        return next((item for item in self.sections if item.part == part), None)

    def piece(self, code: str) -> Piece | None:
        """The kind of document with this code, if the form asks for it."""
        return next((item for section in self.sections for item in section.pieces if item.code == code), None)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the sections, in order."""
        return tuple(item.code for item in self.sections)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Every kind of document, in order."""
        return tuple(item for section in self.sections for item in section.pieces)

    @property
    def minutes(self) -> int:
        """About how long it takes to fill."""
        return sum(section.minutes for section in self.sections)


class FormErrors(ValueError):
    """What is wrong in the plain values of a form: pairs of a place and a sentence."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{place}: {sentence}" for place, sentence in errors))
        self.errors = tuple(errors)
