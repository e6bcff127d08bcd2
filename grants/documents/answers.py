"""The questions of a dossier's form with their answers, as they are printed: the one place that knows the form here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grants.models import Dossier
from programmes.rules import reading


def answered(dossier: Dossier, answers: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each section that asks questions: its title, and its questions, each with its answer as it is read."""
    for title, asked in reading.answered(dossier.questions, answers):
        yield {"title": title, "asked": [(label, text.strip()) for label, text in asked]}


def kind_of_document(dossier: Dossier, code: str) -> str:
    """What a document is, in the words of the form."""
    piece = dossier.questions.piece(code)
    return code if piece is None else str(piece.label)


def kinds_of_document(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """The kinds of documents that the form lists, each with its words."""
    for piece in dossier.questions.pieces:
        yield piece.code, str(piece.label)
