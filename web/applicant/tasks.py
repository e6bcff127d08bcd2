"""The parts of a dossier as tasks: what each still lacks, and whether it can be worked on now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from grants import requirements
from grants.models import Dossier
from grants.queries import contents
from programmes.rules.answers import missing_answers, missing_pieces
from programmes.rules.form import BUDGET, DOCUMENTS, PARTNERS, Section

OWN_PAGES = {BUDGET: "applicant:budget", DOCUMENTS: "applicant:documents", PARTNERS: "applicant:partners"}
"""Parts that are no list of questions have a page of their own."""


@dataclass(frozen=True)
class Task:
    """One part: `mark` is done, now (begun), todo or locked; `missing` holds a sentence for each thing it lacks."""

    code: str
    title: Any
    hint: str
    mark: str
    tone: str
    words: str
    url: str
    missing: tuple[str, ...]


def tasks(dossier: Dossier, asked: frozenset[str]) -> list[Task]:
    """The parts of `dossier` in the order of the form; those outside of `asked` are locked."""
    return [_task(dossier, section, section.code in asked) for section in dossier.questions]


def address(dossier: Dossier, section: Section) -> str:
    """The page where a part is prepared."""
    if section.part in OWN_PAGES:
        return reverse(OWN_PAGES[section.part], args=[dossier.reference])
    return reverse("applicant:section", args=[dossier.reference, section.code])


def lacking(dossier: Dossier, section: Section) -> tuple[str, ...]:
    """What the part lacks to be filed: the sentences of the requirements of submission."""
    return tuple(_lacking(dossier, section))


def _lacking(dossier: Dossier, section: Section) -> Iterator[str]:
    yield from missing_answers(section, dossier.answers)
    if section.pieces:
        attached = set(contents.attachments(dossier).values_list("kind", flat=True))
        yield from missing_pieces(section, attached, dossier.answers)
    if section.part == BUDGET:
        yield from requirements.plan_balanced(dossier)
    if section.part == PARTNERS:
        yield from requirements.partners_confirmed(dossier)


def _task(dossier: Dossier, section: Section, open_now: bool) -> Task:
    missing = lacking(dossier, section)
    mark, tone, words = _look(missing, _begun(dossier, section))
    if not open_now:
        mark = "locked"
    return Task(section.code, section.title, _hint(section), mark, tone, words, address(dossier, section), missing)


def _look(missing: tuple[str, ...], begun: bool) -> tuple[str, str, str]:
    """The mark, the tone and the words of a part."""
    if begun and not missing:
        return "done", "done", _t("Complete")
    if begun:
        count = ngettext("%(count)s thing missing", "%(count)s things missing", len(missing)) % {"count": len(missing)}
        return "now", "now", count
    if not missing:
        return "todo", "", _t("Only if you have some")
    return "todo", "", _t("Not started")


def _begun(dossier: Dossier, section: Section) -> bool:
    if section.part == BUDGET:
        return dossier.plan.cost_lines.exists() or dossier.plan.resources.exists()
    if section.part == DOCUMENTS:
        return contents.attachments(dossier).exists()
    if section.part == PARTNERS:
        return dossier.partners.exists()
    return any(dossier.answers.get(section.code, {}).values())


def _hint(section: Section) -> str:
    return ngettext("About %(count)s minute", "About %(count)s minutes", section.minutes) % {"count": section.minutes}
