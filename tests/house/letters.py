"""What is written about one dossier of the house: messages of both sides, and notes of the service."""

from __future__ import annotations

from grants.actions import messages
from tests.house.case import Case
from tests.world import pdf


def ask(case: Case, word: str = "letter") -> None:
    """The applicant asks something, with a document; in a draft it is a `question`, which the service reads too."""
    paper = pdf(case.word(f"{word}text"))
    messages.send(dossier=case.dossier, text=case.word(word), uploads=[paper], by=case.town.editor)


def reply(case: Case) -> None:
    """An officer answers."""
    messages.send(dossier=case.dossier, text=case.word("letter"), by=case.house.officer)


def note(case: Case) -> None:
    """What the service keeps to itself: a note that holds, and one that was struck out."""
    for struck in (False, True):
        written = messages.write_note(dossier=case.dossier, text=case.word("note"), by=case.house.officer)
        if struck:
            messages.strike_note(note=written, by=case.house.officer)
