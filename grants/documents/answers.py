"""The questions of a dossier's form with their answers, as they are printed: the one place that knows the form here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grants.models import Dossier
from programmes.models import FormVersion
from programmes.rules.answers import asked_pieces, shown
from programmes.rules.form import AMOUNT, NUMBER, TABLE, Field, Form
from programmes.rules.reading import said, table_of


def answered(dossier: Dossier, content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each section of a filed content that shows questions: its title, and its questions.

    A question has its answer as `text`; one that is answered by a table has `columns`, `rows`, and in `numbers` the
    places of the columns that hold figures.
    """
    answers = content["answers"]
    for section in _form(dossier, content):
        given = answers.get(section.code, {})
        asked = [_asked(item, given.get(item.code, "")) for item in shown(section, answers)]
        if asked:
            yield {"title": str(section.title), "asked": asked}


def kinds_of_document(dossier: Dossier, content: Mapping[str, Any]) -> dict[str, str]:
    """What each kind of document is, in the words of the form."""
    return {piece.code: str(piece.label) for piece in _form(dossier, content).pieces}


def kinds_asked(dossier: Dossier, content: Mapping[str, Any]) -> dict[str, str]:
    """The kinds of documents that the form asks for, after these answers."""
    answers = content["answers"]
    return {
        piece.code: str(piece.label) for section in _form(dossier, content) for piece in asked_pieces(section, answers)
    }


def _form(dossier: Dossier, content: Mapping[str, Any]) -> Form:
    """The version of the form on which the content was filed; the dossier may have moved to a later one since."""
    number = content["form"]["version"] if "form" in content else dossier.form.number
    if number == dossier.form.number:
        return dossier.questions
    return FormVersion.objects.get(call=dossier.call_id, number=number).form


def _asked(question: Field, answer: Any) -> dict[str, Any]:
    if question.kind != TABLE:
        return {"label": str(question.label), "text": said(question, answer).strip()}
    rows = table_of(question, answer if isinstance(answer, list) else [])
    return {
        "label": str(question.label),
        "columns": [str(column.label) for column in question.columns],
        "rows": rows,
        "numbers": [place for place, column in enumerate(question.columns) if column.kind in (AMOUNT, NUMBER)],
    }
