"""Answers that move to a later version of the form: none is lost, and what no longer has a place is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from programmes.rules.answers import Answers, answer_fault
from programmes.rules.form import TABLE, Field, Form
from programmes.rules.reading import said

BESIDE = "@"
"""No code holds it: `cost@1` is what was answered to “cost” on version 1 and cannot be an answer to it any more."""


def moved(answers: Answers, number: int, later: Form) -> dict[str, dict[str, Any]]:
    """The answers given on version `number`, on a later version.

    Each stays under its code, also where the question is gone: it may come back. One that the question can no longer
    take (a choice that is not offered any more, a column that went) is put beside, and the question is open again.
    """
    return {
        section: {
            code if _fits(question_of(later, section, code), answer) else f"{code}{BESIDE}{number}": answer
            for code, answer in own.items()
        }
        for section, own in answers.items()
    }


def earlier(form: Form, answers: Answers, versions: Sequence[tuple[int, Form]]) -> Iterator[tuple[str, str]]:
    """What was answered to questions that the form no longer asks so: the question and the answer, in words.

    `versions` are the published ones with their numbers, the latest first: they know what was asked.
    """
    for section, own in answers.items():
        for key, answer in own.items():
            code, _mark, number = key.partition(BESIDE)
            if not answer or (not number and question_of(form, section, code) is not None):
                continue
            asked = (
                question_of(version, section, code) for known, version in versions if not number or known == int(number)
            )
            question = next((item for item in asked if item is not None), None)
            yield (str(question.label), said(question, answer)) if question is not None else (code, str(answer))


def question_of(form: Form, section: str, code: str) -> Field | None:
    """The question with these codes, if the form asks it."""
    found = form.section(section)
    return next((item for item in found.fields if item.code == code), None) if found is not None else None


def _fits(question: Field | None, answer: Any) -> bool:
    if question is None or not answer:
        return True
    if answer_fault(question, answer) is not None:
        return False
    columns = {column.code for column in question.columns}
    return question.kind != TABLE or all(_filled(row) <= columns for row in answer)


def _filled(row: Mapping[str, str]) -> set[str]:
    return {code for code, text in row.items() if text}
