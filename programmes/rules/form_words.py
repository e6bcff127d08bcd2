"""A form in words, for whoever writes it: kinds of questions, conditions, and what differs between two versions."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kit.words import gettext as _
from kit.words import gettext_lazy, pgettext_lazy
from programmes.rules.form import (
    AMOUNT,
    BUDGET,
    CHOICE,
    DATE,
    DOCUMENTS,
    EMAIL,
    LINE,
    LOCATION,
    LONG,
    NUMBER,
    PARTNERS,
    QUESTIONS,
    TABLE,
    YES_NO,
    Condition,
    Form,
)
from programmes.rules.form_edit import name_of
from programmes.rules.reading import said

KIND_WORDS: Mapping[str, Any] = {
    LINE: gettext_lazy("Short text"),
    LONG: gettext_lazy("Long text"),
    NUMBER: pgettext_lazy("kind of question", "Number"),
    AMOUNT: gettext_lazy("Amount in euros"),
    DATE: pgettext_lazy("kind of question", "Date"),
    EMAIL: gettext_lazy("E-mail address"),
    CHOICE: gettext_lazy("One answer among several"),
    YES_NO: gettext_lazy("Yes or no"),
    TABLE: gettext_lazy("Table with rows"),
    LOCATION: gettext_lazy("Commune, by its INSEE code"),
}
PART_WORDS: Mapping[str, Any] = {
    QUESTIONS: gettext_lazy("Questions of your own"),
    BUDGET: gettext_lazy("Budget and financing plan"),
    DOCUMENTS: gettext_lazy("Documents to attach"),
    PARTNERS: gettext_lazy("Partners of the project"),
}

_PROPERTIES: Mapping[str, Any] = {
    "title": gettext_lazy("title"),
    "intro": gettext_lazy("introduction"),
    "minutes": gettext_lazy("minutes"),
    "part": gettext_lazy("what it is"),
    "label": gettext_lazy("wording"),
    "question": gettext_lazy("wording"),
    "help": gettext_lazy("help"),
    "example": gettext_lazy("example"),
    "kind": gettext_lazy("kind of answer"),
    "required": gettext_lazy("whether it must be answered"),
    "max_words": gettext_lazy("limit of words"),
    "least": gettext_lazy("lowest number"),
    "most": gettext_lazy("highest number"),
    "after": gettext_lazy("the date that comes before"),
    "choices": gettext_lazy("answers to choose from"),
    "columns": gettext_lazy("columns"),
    "max_rows": gettext_lazy("limit of rows"),
    "shown_when": gettext_lazy("when it is asked"),
    "right": gettext_lazy("the answer that may apply"),
    "otherwise": gettext_lazy("the reason why not"),
}
"""What of an item can differ, apart from its code and from the items that it holds."""


def condition_words(form: Form, condition: Condition | None) -> str:
    """When something is asked, in words; empty for what is always asked."""
    if condition is None:
        return ""
    section = form.section(condition.section)
    question = next((item for item in section.fields if item.code == condition.field), None) if section else None
    if question is None:
        return ""
    answers = [_("“{answer}”").format(answer=said(question, value)) for value in condition.values]
    either = _(" or ").join(answers)
    return _("Asked when the answer to “{question}” is {answers}.").format(question=question.label, answers=either)


def differences(former: Form, later: Form) -> list[str]:
    """What a later version of a form adds, takes out and changes, each a sentence; nothing when nothing differs."""
    return list(_differences(former, later))


def _differences(former: Form, later: Form) -> Iterator[str]:
    yield from _list(former.sections, later.sections, _("Section"))
    for section in later:
        before = former.section(section.code)
        if before is not None:
            inside = _("Section “{title}”").format(title=section.title)
            yield from _list(before.fields, section.fields, _("{inside}, question").format(inside=inside))
            yield from _list(before.pieces, section.pieces, _("{inside}, document").format(inside=inside))
    yield from _list(former.eligibility, later.eligibility, _("Eligibility question"))


def _list(former: Sequence[Any], later: Sequence[Any], what: str) -> Iterator[str]:
    """What became of the items of one list; each is known by its code."""
    before, after = {item.code: item for item in former}, {item.code: item for item in later}
    for code, item in after.items():
        if code not in before:
            yield _("{what} “{name}”: added.").format(what=what, name=name_of(item))
        elif changed := _changed(before[code], item):
            names = ", ".join(changed)
            yield _("{what} “{name}”: changed ({names}).").format(what=what, name=name_of(item), names=names)
    for code, item in before.items():
        if code not in after:
            yield _("{what} “{name}”: taken out.").format(what=what, name=name_of(item))
    if [code for code in before if code in after] != [code for code in after if code in before]:
        yield _("{what}: in another order.").format(what=what)


def _changed(former: Any, later: Any) -> list[str]:
    names = [field.name for field in dataclasses.fields(later) if field.name in _PROPERTIES]
    return [str(_PROPERTIES[name]) for name in names if getattr(former, name) != getattr(later, name)]
