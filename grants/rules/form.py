"""The reference form, as data: what a dossier is asked, section by section, and what is still missing (R14, R17, R25).

Answers are kept by the ids of section and field, `{"project": {"object": "…"}}`; what a person reads about them may
change without touching them.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kit.words import gettext_lazy as _

LINE, LONG, DATE, EMAIL = "text", "long", "date", "email"
LONGEST_ANSWER = {LINE: 200, LONG: 20_000, DATE: 10, EMAIL: 254}
"""Characters; the limit of words is told as something missing, so that no long text is lost."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Field:
    """One question. `kind` is `text` (one line), `long`, `date` or `email`; `max_words` binds long answers."""

    code: str
    label: Any
    help: Any = ""
    kind: str = LINE
    required: bool = True
    max_words: int | None = None


@dataclass(frozen=True)
class Piece:
    """A kind of document that a section asks for."""

    code: str
    label: Any
    help: Any = ""
    required: bool = False


@dataclass(frozen=True)
class FormSection:
    """A part of the form that is prepared, checked and sent back as a whole; `minutes` is how long it takes."""

    code: str
    title: Any
    intro: Any = ""
    minutes: int = 5
    fields: tuple[Field, ...] = ()
    pieces: tuple[Piece, ...] = ()

    def field(self, code: str) -> Field:
        """The field with this id. Raises `KeyError`."""
        for item in self.fields:
            if item.code == code:
                return item
        raise KeyError(code)


@dataclass(frozen=True)
class Fault:
    """Something wrong in one answer: the field's id and its label, and a sentence with its values."""

    field: str
    label: Any
    sentence: Any
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.sentence).format(label=self.label, **self.values)


PROJECT = FormSection(
    "project",
    _("Describe the project"),
    _("What you want to do, for whom, and why now. Write as you would tell it to a neighbour."),
    minutes=10,
    fields=(
        Field(
            "object",
            _("Object of the project"),
            _("In two or three sentences. This text is published if the project is funded."),
            kind=LONG,
            max_words=120,
        ),
        Field(
            "need",
            _("Need of the inhabitants or of the services"),
            _("What is difficult today, for how many people, and how you know it."),
            kind=LONG,
            max_words=400,
        ),
        Field(
            "services",
            _("Services planned"),
            _("Each service that will exist at the end: site, extranet, online procedure, terminal…"),
            kind=LONG,
            max_words=400,
        ),
    ),
)
INNOVATION = FormSection(
    "innovation",
    _("Show what is new"),
    _("The committee marks these four points. If there is nothing new in one of them, say so in a sentence."),
    minutes=10,
    fields=(
        Field("technical", _("Technical innovation"), _("Tools or methods new to your territory."), LONG, True, 250),
        Field("approach", _("Innovation of the approach"), _("How the project is led, with whom."), LONG, True, 250),
        Field("territorial", _("Territorial innovation"), _("What changes for the territory."), LONG, True, 250),
        Field("services", _("Innovation in services"), _("What the users did not have before."), LONG, True, 250),
    ),
)
TEAM = FormSection(
    "team",
    _("Name the elected member and the technician"),
    _("A project is carried by two persons: one decides, the other does. They receive the messages."),
    minutes=3,
    fields=(
        Field("elected_name", _("Elected member: first and last name")),
        Field("elected_function", _("Elected member: function"), _("For example: deputy mayor for digital affairs.")),
        Field("elected_email", _("Elected member: e-mail address"), kind=EMAIL),
        Field("technician_name", _("Technician: first and last name")),
        Field("technician_function", _("Technician: function"), _("For example: secretary of the town hall.")),
        Field("technician_email", _("Technician: e-mail address"), kind=EMAIL),
    ),
)
BUDGET = FormSection(
    "budget",
    _("Build the budget"),
    _("One line for each expense, then who pays. The plan must balance to be filed."),
    minutes=10,
)
SCHEDULE = FormSection(
    "schedule",
    _("Plan"),
    _("No expense may be ordered before the application is filed."),
    minutes=2,
    fields=(
        Field("start", _("Start of the project"), _("The day of the first order."), kind=DATE),
        Field("end", _("End of the project"), _("The day on which the service is open and paid for."), kind=DATE),
    ),
)
SUSTAINABILITY = FormSection(
    "sustainability",
    _("Make it last"),
    _("A service that nobody keeps up is of no use after a year: who will, and with what?"),
    minutes=5,
    fields=(
        Field("staff", _("Who follows the service"), _("Names or posts, and hours a week."), LONG, True, 250),
        Field("maintenance", _("Maintenance and updates"), _("Who updates the contents, how often."), LONG, True, 250),
        Field("hosting", _("Hosting"), _("Where the service runs, and what that costs a year."), LONG, True, 250),
    ),
)
DOCUMENTS = FormSection(
    "documents",
    _("Attach the documents"),
    _("PDF, image or office files, each of 20 MB at most."),
    minutes=5,
    pieces=(
        Piece(
            "deliberation",
            _("Deliberation"),
            _("Approves the project and its financing plan; for an association, the board's minutes."),
            required=True,
        ),
        Piece("quote", _("Quotes"), _("One for each expense, if you have them.")),
        Piece("bank_identity", _("Bank identity document"), _("May be given later, before the agreement.")),
        Piece("other", _("Other document")),
    ),
)
PARTNERS = FormSection(
    "partners",
    _("Name the partners"),
    _("Organisations that carry the project with you. Each confirms its part before you file."),
    minutes=3,
)

REFERENCE_FORM = (PROJECT, INNOVATION, TEAM, BUDGET, SCHEDULE, SUSTAINABILITY, DOCUMENTS, PARTNERS)
SECTIONS = {section.code: section for section in REFERENCE_FORM}
PIECES = {piece.code: piece for piece in DOCUMENTS.pieces}


def answer_fault(question: Field, answer: str) -> Fault | None:
    """What makes an answer impossible to keep: too many characters, no date, no address. Empty answers are kept."""
    if len(answer) > LONGEST_ANSWER[question.kind]:
        sentence = _("“{label}” is too long: {most} characters at most.")
        return Fault(question.code, question.label, sentence, {"most": LONGEST_ANSWER[question.kind]})
    if answer and question.kind == DATE and _date(answer) is None:
        return Fault(question.code, question.label, _("“{label}”: give a date, such as 2027-09-01."))
    if answer and question.kind == EMAIL and not _EMAIL.fullmatch(answer):
        return Fault(question.code, question.label, _("“{label}”: give an e-mail address, such as name@town.fr."))
    return None


def faults(section: FormSection, answers: Mapping[str, str]) -> Iterator[Fault]:
    """What is missing or wrong in the answers to one section, in its order."""
    for question in section.fields:
        answer = answers.get(question.code, "").strip()
        wrong = answer_fault(question, answer)
        words = len(answer.split())
        if wrong is not None:
            yield wrong
        elif question.required and not answer:
            yield Fault(question.code, question.label, _("Answer “{label}”."))
        elif question.max_words is not None and words > question.max_words:
            yield Fault(
                question.code,
                question.label,
                _("Shorten “{label}”: {words} words, and {most} at most."),
                {"words": words, "most": question.max_words},
            )
    yield from _schedule_faults(section, answers)


def missing_answers(section: FormSection, answers: Mapping[str, str]) -> list[str]:
    """What is missing or wrong in one section, each a sentence in the active language.

    >>> missing_answers(SCHEDULE, {"start": "2027-09-01", "end": "2028-06-30"})
    []
    """
    return [str(fault) for fault in faults(section, answers)]


def missing_pieces(section: FormSection, attached: Collection[str]) -> list[str]:
    """The documents that the section requires and that are not among the kinds `attached`, each a sentence."""
    sentence = _("Attach the document “{label}”.")
    absent = (piece for piece in section.pieces if piece.required and piece.code not in attached)
    return [str(sentence).format(label=piece.label) for piece in absent]


def _schedule_faults(section: FormSection, answers: Mapping[str, str]) -> Iterator[Fault]:
    if section.code != SCHEDULE.code:
        return
    start, end = _date(answers.get("start", "")), _date(answers.get("end", ""))
    if start is not None and end is not None and end <= start:
        yield Fault("end", section.field("end").label, _("“{label}” must come after the start of the project."))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if len(text.strip()) == 10 else None
    except ValueError:
        return None
