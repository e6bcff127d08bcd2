"""What was answered on an earlier version of a call's form, and is not asked so any more."""

from __future__ import annotations

from grants.models import Dossier
from programmes.rules.form import Field, Form
from programmes.rules.moving import earlier


def earlier_answers(dossier: Dossier) -> list[tuple[str, str]]:
    """Such questions and answers of a dossier, in words; without a query while its form has one version."""
    return list(earlier(dossier.questions, dossier.answers, _versions(dossier)))


def earlier_questions(dossier: Dossier, section: str) -> list[Field]:
    """The questions that earlier versions asked in a section, and that of the dossier asks no more."""
    found: dict[str, Field] = {}
    for _number, version in _versions(dossier):
        for question in _fields(version, section):
            found.setdefault(question.code, question)
    asked = {question.code for question in _fields(dossier.questions, section)}
    return [question for code, question in found.items() if code not in asked]


def _fields(form: Form, section: str) -> tuple[Field, ...]:
    found = form.section(section)
    return found.fields if found is not None else ()


def _versions(dossier: Dossier) -> list[tuple[int, Form]]:
    """The published versions before that of the dossier, the latest first; the first one has none before it."""
    if dossier.form.number == 1:
        return []
    rows = dossier.call.form_versions.published().filter(number__lt=dossier.form.number).order_by("-number")
    return [(row.number, row.form) for row in rows]
