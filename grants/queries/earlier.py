"""What was answered on an earlier version of a call's form, and is not asked so any more."""

from __future__ import annotations

from grants.models import Dossier
from programmes.rules.moving import earlier


def earlier_answers(dossier: Dossier) -> list[tuple[str, str]]:
    """Such questions and answers of a dossier, in words; without a query while its form has one version."""
    if dossier.form.number == 1:
        return []
    versions = dossier.call.form_versions.published().filter(number__lt=dossier.form.number).order_by("-number")
    return list(earlier(dossier.questions, dossier.answers, [(row.number, row.form) for row in versions]))
