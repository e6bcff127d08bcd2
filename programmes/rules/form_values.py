"""Reading a form from plain values (of TOML or JSON), every error told at once with its place, and writing it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from kit.text import clean
from kit.words import gettext as _
from programmes.rules.form import (
    CHOICE,
    CODE,
    DATE,
    DOCUMENTS,
    IN_A_CELL,
    KINDS,
    LINE,
    LONG,
    MOST_CHOICES,
    MOST_COLUMNS,
    MOST_FIELDS,
    MOST_ROWS,
    MOST_SECTIONS,
    NOTHING,
    NUMBER,
    PARTS,
    QUESTIONS,
    TABLE,
    YES_NO,
    Check,
    Column,
    Condition,
    Field,
    Form,
    FormErrors,
    Option,
    Piece,
    Section,
    Words,
)

LONGEST_TEXT = 2000
Coded = TypeVar("Coded", Option, Column, Field, Piece, Section, Check)


def parse(content: Mapping[str, Any]) -> Form:
    """Read a form. Raises `FormErrors` with everything that is wrong, each with its place.

    >>> parse({"sections": [{"code": "idea", "title": {"fr": "Idée"}}]}).codes
    ('idea',)
    """
    reader = Reader()
    found = reader.form(content)
    if not reader.errors:
        reader.conditions(found)
    if reader.errors:
        raise FormErrors(reader.errors)
    return found


def plain(value: Any) -> Any:
    """A form, or a part of it, as plain values without what is as it would be anyway: `parse(plain(form)) == form`."""
    if isinstance(value, Words):
        return {"fr": value.fr, **({"en": value.en} if value.en else {})}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if not hasattr(value, "__dataclass_fields__"):
        return value
    given = {item.name: getattr(value, item.name) for item in fields(value)}
    usual = {item.name: item.default for item in fields(value) if item.default is not MISSING}
    return {name: plain(part) for name, part in given.items() if name not in usual or part != usual[name]}


class Reader:
    """Reads what it can and notes what is wrong, so that a person mends a file once."""

    def __init__(self) -> None:
        self.errors: list[tuple[str, str]] = []

    def wrong(self, place: str, sentence: str) -> None:
        self.errors.append((place, sentence))

    # The parts of a form

    def form(self, content: Any) -> Form:
        given = self.table(content, "", ("sections", "eligibility"))
        sections = self.coded(given.get("sections", []), "sections", self.section, MOST_SECTIONS)
        if not sections:
            self.wrong("sections", _("A form has at least one section."))
        for part in PARTS[1:]:
            if sum(item.part == part for item in sections) > 1:
                self.wrong("sections", _("Only one section can be the part “{part}”.").format(part=part))
        return Form(sections, self.coded(given.get("eligibility", []), "eligibility", self.check, MOST_CHOICES))

    def section(self, given: Mapping[str, Any], place: str) -> Section:
        part = self.one_of(given.get("part", QUESTIONS), f"{place}.part", PARTS)
        if part != QUESTIONS and given.get("fields"):
            self.wrong(
                f"{place}.fields", _("The part “{part}” has a page of its own and takes no fields.").format(part=part)
            )
        if part != DOCUMENTS and given.get("pieces"):
            self.wrong(f"{place}.pieces", _("Only the part “documents” takes pieces."))
        return Section(
            code=self.code(given, place),
            title=self.words(given, "title", place, needed=True),
            intro=self.words(given, "intro", place),
            minutes=self.whole(given, "minutes", place, 1, 600) or 5,
            part=part,
            fields=self.coded(given.get("fields", []), f"{place}.fields", self.field, MOST_FIELDS),
            pieces=self.coded(given.get("pieces", []), f"{place}.pieces", self.piece, MOST_FIELDS),
        )

    def field(self, given: Mapping[str, Any], place: str) -> Field:
        kind = self.one_of(given.get("kind", LINE), f"{place}.kind", KINDS)
        only = {"max_words": (LONG,), "least": (NUMBER,), "most": (NUMBER,), "after": (DATE,), "choices": (CHOICE,)}
        only |= {"columns": (TABLE,), "max_rows": (TABLE,)}
        for name, kinds in only.items():
            if name in given and kind not in kinds:
                self.wrong(
                    f"{place}.{name}",
                    _("Only a question of the kind “{kind}” takes “{name}”.").format(kind=kinds[0], name=name),
                )
        for name, wanted in (("choices", CHOICE), ("columns", TABLE)):
            if kind == wanted and not given.get(name):
                self.wrong(
                    f"{place}.{name}",
                    _("A question of the kind “{kind}” lists its “{name}”.").format(kind=kind, name=name),
                )
        return Field(
            code=self.code(given, place),
            label=self.words(given, "label", place, needed=True),
            help=self.words(given, "help", place),
            example=self.words(given, "example", place),
            kind=kind,
            required=self.switch(given, "required", place, usual=True),
            max_words=self.whole(given, "max_words", place, 1, 5000),
            least=self.whole(given, "least", place, -(10**9), 10**9),
            most=self.whole(given, "most", place, -(10**9), 10**9),
            after=self.text(given.get("after", ""), f"{place}.after"),
            choices=self.coded(given.get("choices", []), f"{place}.choices", self.option, MOST_CHOICES),
            columns=self.coded(given.get("columns", []), f"{place}.columns", self.column, MOST_COLUMNS),
            max_rows=self.whole(given, "max_rows", place, 1, MOST_ROWS) or 20,
            shown_when=self.condition(given.get("shown_when"), f"{place}.shown_when"),
        )

    def piece(self, given: Mapping[str, Any], place: str) -> Piece:
        return Piece(
            code=self.code(given, place, longest=20),
            label=self.words(given, "label", place, needed=True),
            help=self.words(given, "help", place),
            required=self.switch(given, "required", place, usual=False),
            shown_when=self.condition(given.get("shown_when"), f"{place}.shown_when"),
        )

    def option(self, given: Mapping[str, Any], place: str) -> Option:
        return Option(self.code(given, place), self.words(given, "label", place, needed=True))

    def column(self, given: Mapping[str, Any], place: str) -> Column:
        kind = self.one_of(given.get("kind", LINE), f"{place}.kind", IN_A_CELL)
        if (kind == CHOICE) != bool(given.get("choices")):
            self.wrong(f"{place}.choices", _("A column of the kind “choice” lists its choices, and no other does."))
        choices = self.coded(given.get("choices", []), f"{place}.choices", self.option, MOST_CHOICES)
        return Column(self.code(given, place), self.words(given, "label", place, needed=True), kind, choices)

    def check(self, given: Mapping[str, Any], place: str) -> Check:
        return Check(
            self.code(given, place),
            self.words(given, "question", place, needed=True),
            self.one_of(given.get("right", "yes"), f"{place}.right", ("yes", "no")),
            self.words(given, "otherwise", place, needed=True),
        )

    def condition(self, given: Any, place: str) -> Condition | None:
        if given is None:
            return None
        table = self.table(given, place, ("section", "field", "values"))
        values = [self.text(value, f"{place}.values") for value in self.rows(table.get("values"), f"{place}.values")]
        if not values:
            self.wrong(f"{place}.values", _("Say for which answers the question is shown."))
        section = self.text(table.get("section", ""), f"{place}.section")
        return Condition(section, self.text(table.get("field", ""), f"{place}.field"), tuple(values))

    # What is only known once the whole form is read

    def conditions(self, form: Form) -> None:
        """Conditions name an earlier question that is chosen from known answers; days come after an earlier day."""
        earlier: dict[tuple[str, str], Field] = {}
        for section in form:
            place = f"sections.{section.code}"
            for item in section.fields:
                self._condition(item.shown_when, f"{place}.fields.{item.code}", earlier)
                former = earlier.get((section.code, item.after))
                if item.after and (former is None or former.kind != DATE):
                    self.wrong(f"{place}.fields.{item.code}.after", _("Name an earlier date of the same section."))
                earlier[section.code, item.code] = item
            for piece in section.pieces:
                self._condition(piece.shown_when, f"{place}.pieces.{piece.code}", earlier)

    def _condition(self, condition: Condition | None, place: str, earlier: Mapping[tuple[str, str], Field]) -> None:
        if condition is None:
            return
        asked = earlier.get((condition.section, condition.field))
        if asked is None or asked.kind not in (CHOICE, YES_NO):
            self.wrong(f"{place}.shown_when", _("Name an earlier question of the kind “choice” or “yes_no”."))
            return
        known = [option.code for option in asked.choices] if asked.kind == CHOICE else ["yes", "no"]
        for value in condition.values:
            if value not in known:
                self.wrong(
                    f"{place}.shown_when.values", _("“{value}” is no answer to that question.").format(value=value)
                )

    # Plain values

    def table(self, given: Any, place: str, names: Sequence[str]) -> Mapping[str, Any]:
        if not isinstance(given, Mapping):
            self.wrong(place or "form", _("This is a table of named values."))
            return {}
        for name in given:
            if name not in names:
                self.wrong(
                    f"{place}.{name}".lstrip("."), _("Unknown; known here: {names}.").format(names=", ".join(names))
                )
        return given

    def rows(self, given: Any, place: str) -> Sequence[Any]:
        if given is None:
            return []
        if not isinstance(given, Sequence) or isinstance(given, str):
            self.wrong(place, _("This is a list."))
            return []
        return given

    def coded(
        self, given: Any, place: str, read: Callable[[Mapping[str, Any], str], Coded], most: int
    ) -> tuple[Coded, ...]:
        """Rows that each have a code, which is theirs alone."""
        rows = self.rows(given, place)
        if len(rows) > most:
            self.wrong(place, _("{most} at most.").format(most=most))
        found: list[Coded] = []
        for number, row in enumerate(rows[:most], start=1):
            code = row.get("code") if isinstance(row, Mapping) else None
            here = f"{place}.{code if isinstance(code, str) and code else number}"
            names = [item.name for item in fields(_MADE[read.__name__])]
            item = read(self.table(row, here, names), here)
            if any(item.code == other.code for other in found):
                self.wrong(f"{here}.code", _("This code stands there already."))
            found.append(item)
        return tuple(found)

    def code(self, given: Mapping[str, Any], place: str, longest: int = 40) -> str:
        code = given.get("code")
        if not isinstance(code, str) or not CODE.fullmatch(code) or len(code) > longest:
            self.wrong(
                f"{place}.code",
                _("Small letters, digits and _, {most} at most, beginning with a letter.").format(most=longest),
            )
            return ""
        return code

    def words(self, given: Mapping[str, Any], name: str, place: str, *, needed: bool = False) -> Words:
        value = given.get(name)
        here = f"{place}.{name}"
        if value is None and not needed:
            return NOTHING
        table = self.table(value, here, ("fr", "en")) if value is not None else {}
        found = Words(self.text(table.get("fr", ""), f"{here}.fr"), self.text(table.get("en", ""), f"{here}.en"))
        if not found.fr:
            self.wrong(f"{here}.fr", _("Write it in French."))
        return found

    def text(self, value: Any, place: str) -> str:
        if not isinstance(value, str):
            self.wrong(place, _("This is a text."))
            return ""
        try:
            kept = clean(value).strip()
        except ValueError as error:
            self.wrong(place, str(error))
            return ""
        if len(kept) > LONGEST_TEXT:
            self.wrong(place, _("{most} characters at most.").format(most=LONGEST_TEXT))
        return kept

    def whole(self, given: Mapping[str, Any], name: str, place: str, least: int, most: int) -> int | None:
        value = given.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(
                f"{place}.{name}", _("Write a whole number from {least} to {most}.").format(least=least, most=most)
            )
            return None
        return value

    def switch(self, given: Mapping[str, Any], name: str, place: str, *, usual: bool) -> bool:
        value = given.get(name, usual)
        if not isinstance(value, bool):
            self.wrong(f"{place}.{name}", _("true or false."))
        return value is True

    def one_of(self, value: Any, place: str, known: Sequence[str]) -> str:
        if value not in known:
            self.wrong(place, _("One of {names}.").format(names=", ".join(known)))
            return known[0]
        return str(value)


_MADE: Mapping[str, type] = {
    "section": Section,
    "field": Field,
    "piece": Piece,
    "option": Option,
    "column": Column,
    "check": Check,
}
