"""A form changed by one step: something added, replaced, moved or taken out of one of its lists; the rest stays.

Every step answers a whole form that can be read, or raises `FormErrors`: pairs of a place and a sentence, the place
being empty where the step as a whole cannot be done.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from kit.words import gettext as _
from programmes.rules.form import CODE, Check, Condition, Field, Form, FormErrors, Piece, Section
from programmes.rules.form_values import parse, plain

SECTIONS, FIELDS, PIECES, ELIGIBILITY = "sections", "fields", "pieces", "eligibility"
LONGEST_CODE, LONGEST_PIECE_CODE = 40, 20

Item = Section | Field | Piece | Check

_HANGS = re.compile(r"sections\.(\w+)\.(fields|pieces)\.(\w+)\.(?:shown_when|after)(?:\.\w+)?")


@dataclass(frozen=True)
class Place:
    """One of a form's lists: its sections, its eligibility questions, or the questions or documents of a section."""

    name: str
    section: str = ""

    def address(self, code: str) -> str:
        """Where an item of the list stands in the plain values of the form."""
        return f"sections.{self.section}.{self.name}.{code}" if self.section else f"{self.name}.{code}"


def items(form: Form, place: Place) -> tuple[Any, ...]:
    """The list. Raises `KeyError` for a section that the form does not have."""
    if not place.section:
        return tuple(getattr(form, place.name))
    section = form.section(place.section)
    if section is None:
        raise KeyError(place.section)
    return tuple(getattr(section, place.name))


def item(form: Form, place: Place, code: str) -> Any:
    """The item of the list with this code. Raises `KeyError`."""
    found = next((row for row in items(form, place) if row.code == code), None)
    if found is None:
        raise KeyError(code)
    return found


def add(form: Form, place: Place, new: Item) -> Form:
    """The form with one thing more, at the end of its list."""
    return _checked(_with(form, place, (*items(form, place), new)), place.address(new.code))


def replace(form: Form, place: Place, code: str, new: Item) -> Form:
    """The form with this item as it is now; its code stays, for answers are kept under it."""
    item(form, place, code)
    kept = dataclasses.replace(new, code=code)
    changed = tuple(kept if row.code == code else row for row in items(form, place))
    return _checked(_with(form, place, changed), place.address(code))


def move(form: Form, place: Place, code: str, step: int) -> Form:
    """The form with the item `step` places further down (up, where negative); at the end of the list it stays."""
    rows = list(items(form, place))
    here = rows.index(item(form, place, code))
    rows.insert(max(0, here + step), rows.pop(here))
    return _unless_hanging(
        _with(form, place, tuple(rows)), _("“{label}” would stand before the question on which it hangs.")
    )


def remove(form: Form, place: Place, code: str) -> Form:
    """The form without the item. Raises `FormErrors` while something hangs on it."""
    item(form, place, code)
    rows = tuple(row for row in items(form, place) if row.code != code)
    return _unless_hanging(
        _with(form, place, rows), _("“{label}” hangs on what you take out: change when it is asked first.")
    )


def with_condition(former: Any, condition: Condition | None) -> Any:
    """The question or the document, asked on this condition; with none, of everybody."""
    return dataclasses.replace(former, shown_when=condition)


def name_of(item: Item) -> str:
    """What an item is called, in the language of the page."""
    if isinstance(item, Section):
        return str(item.title)
    return str(item.question if isinstance(item, Check) else item.label)


def new_code(words: str, taken: Collection[str], longest: int = LONGEST_CODE) -> str:
    """A code for something called so, which no other has.

    >>> new_code("Besoin des élus ?", ["besoin_des_elus"])
    'besoin_des_elus_2'
    """
    letters = "".join(
        letter for letter in unicodedata.normalize("NFKD", words.lower()) if not unicodedata.combining(letter)
    )
    found = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")
    found = found if CODE.match(found) else f"q_{found}".rstrip("_")
    found = found[:longest].rstrip("_")
    number, code = 1, found
    while code in taken:
        number += 1
        code = f"{found[: longest - len(str(number)) - 1]}_{number}"
    return code


def _with(form: Form, place: Place, rows: tuple[Any, ...]) -> Form:
    listed: dict[str, Any] = {place.name: rows}
    if not place.section:
        return dataclasses.replace(form, **listed)
    changed = (dataclasses.replace(section, **listed) if section.code == place.section else section for section in form)
    return dataclasses.replace(form, sections=tuple(changed))


def _checked(form: Form, address: str) -> Form:
    """The form, read again; what is wrong has its place under `address`, or none where it is elsewhere."""
    try:
        return parse(plain(form))
    except FormErrors as error:
        told: list[tuple[str, str]] = []
        for place, sentence in error.errors:
            if place.startswith(f"{address}."):
                told.append((place.removeprefix(f"{address}."), sentence))
            elif (label := _hanging(form, place)) is not None:
                told.append(
                    ("", _("“{label}” is asked for an answer that would go: change that first.").format(label=label))
                )
            else:
                told.append(("", sentence))
        raise FormErrors(list(dict.fromkeys(told))) from error


def _unless_hanging(form: Form, sentence: str) -> Form:
    try:
        return parse(plain(form))
    except FormErrors as error:
        labels = [(_hanging(form, place), told) for place, told in error.errors]
        told = [sentence.format(label=label) if label is not None else other for label, other in labels]
        raise FormErrors([("", words) for words in dict.fromkeys(told)]) from error


def _hanging(form: Form, address: str) -> str | None:
    """What stands at an address of something that hangs on a question, in words; None for other addresses."""
    found = _HANGS.fullmatch(address)
    if found is None:
        return None
    return str(item(form, Place(found[2], found[1]), found[3]).label)
