"""A page that was open while the form of the call changed: what was typed where nothing is asked any more is told."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t

from grants.models import Dossier
from grants.queries.earlier import earlier_questions
from programmes.rules.form import Field
from programmes.rules.reading import said
from web.applicant.access import applicant_dossier
from web.applicant.answer_fields import typed_answer
from web.shared.acts import PersonRequest


def section_is_gone(request: PersonRequest, reference: str, code: str) -> bool:
    """Show what was sent to questions that are gone; say whether the whole section is."""
    dossier = applicant_dossier(request, reference)
    questions = earlier_questions(dossier, code)
    for question in questions:
        text = _typed(request, question)
        if text and text != _kept(dossier, code, question):
            sentence = _t("The form of the call has changed: “{question}” is no longer asked. You had typed: {text}")
            messages.warning(request, sentence.format(question=question.label, text=text))
    return bool(questions) and dossier.questions.section(code) is None


def _typed(request: PersonRequest, question: Field) -> str:
    try:
        return said(question, typed_answer(question, request.POST))
    except ValidationError:
        return request.POST.get(question.code, "")


def _kept(dossier: Dossier, section: str, question: Field) -> str:
    return said(question, dossier.answers.get(section, {}).get(question.code, ""))
