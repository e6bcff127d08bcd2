"""The questions of a dossier's form with their answers, as they are printed: the one place that knows the form here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from grants.models import Dossier
from grants.rules import form as questions
from kit.text import format_date


def answered(dossier: Dossier, content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each section of a filed content that asks questions: its title, and its questions, each with its `text`."""
    for section in questions.REFERENCE_FORM:
        given = content["answers"].get(section.code, {})
        asked = [
            {"label": str(item.label), "text": _said(item, given.get(item.code, "").strip())} for item in section.fields
        ]
        if asked:
            yield {"title": str(section.title), "asked": asked}


def kinds_of_document(dossier: Dossier, content: Mapping[str, Any]) -> dict[str, str]:
    """What each kind of document is, in the words of the form."""
    return {piece.code: str(piece.label) for section in questions.REFERENCE_FORM for piece in section.pieces}


def kinds_asked(dossier: Dossier, content: Mapping[str, Any]) -> dict[str, str]:
    """The kinds of documents that the form asks for, after these answers."""
    return kinds_of_document(dossier, content)


def _said(question: questions.Field, answer: str) -> str:
    """An answer as it is read: days in the reader's language."""
    if question.kind != questions.DATE:
        return answer
    try:
        return format_date(date.fromisoformat(answer))
    except ValueError:
        return answer
