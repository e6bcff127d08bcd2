"""Whose hand wrote which answer, and how autosaved work comes into the journal (docs/decisions/0011).

A field is saved each time somebody stops typing. One row of the journal each time would bury the acts that count; so
the dossier's own row keeps, in the same update as the answer, who wrote each one last (`hands`) and what the journal
does not tell yet (`unentered`). The next act on the dossier enters it before its own: one row for each person and part.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _t

from grants.models import Dossier
from kit import clock
from kit.errors import Conflict
from people.models import Person
from records.actions import journal


class AnsweredMeanwhile(Conflict):
    """Another answer stands there than the one that was begun from: `kept`, written by `who` at `when`, if known."""

    def __init__(self, field: str, kept: Any, who: Person | None = None, when: datetime | None = None) -> None:
        self.field, self.kept, self.who, self.when = field, kept, who, when
        super().__init__()

    @staticmethod
    def default_message() -> str:
        return _t("Someone else changed this answer meanwhile; compare the two and choose one.")


def wrote(dossier: Dossier, section: str, field: str, by: Person) -> None:
    """Note that `by` autosaved this answer now; the caller saves `hands` and `unentered` with it."""
    now = clock.now().isoformat(timespec="seconds")
    mark = {"by": by.pk, "at": now, "version": dossier.version}
    dossier.hands = {**dossier.hands, section: {**dossier.hands.get(section, {}), field: mark}}
    works = dossier.unentered.get(section, {})
    work = works.get(str(by.pk), {"from": now, "fields": []})
    fields = sorted({*work["fields"], field})
    work = {"from": work["from"], "to": now, "fields": fields}
    dossier.unentered = {**dossier.unentered, section: {**works, str(by.pk): work}}


def saved(dossier: Dossier, section: str, fields: list[str], by: Person) -> None:
    """Note that `by` saved these answers with the whole part, whose own row of the journal tells of them."""
    mark = {"by": by.pk, "at": clock.now().isoformat(timespec="seconds"), "version": dossier.version}
    dossier.hands = {**dossier.hands, section: {**dossier.hands.get(section, {}), **dict.fromkeys(fields, mark)}}
    works = {person: work for person, work in dossier.unentered.get(section, {}).items() if person != str(by.pk)}
    rest = {code: work for code, work in dossier.unentered.items() if code != section}
    dossier.unentered = {**rest, section: works} if works else rest


def autosaved_since(dossier: Dossier, section: str, field: str) -> bool:
    """Whether the answer was autosaved after the dossier's version was last counted up."""
    mark = dossier.hands.get(section, {}).get(field)
    return bool(mark) and mark["version"] == dossier.version


def meanwhile(dossier: Dossier, section: str, field: str) -> AnsweredMeanwhile:
    """The refusal for an answer that another one has overtaken: who wrote it and when, where that is known."""
    mark = dossier.hands.get(section, {}).get(field)
    kept = dossier.answers.get(section, {}).get(field, "")
    if not mark:
        return AnsweredMeanwhile(field, kept)
    who = Person.objects.filter(pk=mark["by"]).first()
    return AnsweredMeanwhile(field, kept, who, datetime.fromisoformat(mark["at"]))


def enter(dossier: Dossier) -> None:
    """Enter in the journal what was autosaved since the last act; the dossier is locked, its own act comes after."""
    if not dossier.unentered:
        return
    works = [
        (section, int(person), work)
        for section, persons in sorted(dossier.unentered.items())
        for person, work in sorted(persons.items())
    ]
    people = Person.objects.in_bulk({person for _section, person, _work in works})
    for section, person, work in sorted(works, key=lambda item: item[2]["from"]):
        journal.write(
            people[person],
            "dossier.edited",
            dossier,
            on_behalf=dossier.applicant.name,
            section=section,
            questions=work["fields"],
            first_at=work["from"],
            last_at=work["to"],
        )
    dossier.unentered = {}
    dossier.save(update_fields=["unentered"])
