"""What each reader may see inside a dossier that they may open: the conditions of the page of permissions, as data."""

from __future__ import annotations

from grants.models import Dossier
from grants.queries import visibility
from people.models import Person
from people.permissions import allowed, relations
from people.permissions.table import (
    ADVISER,
    ASSIGNED,
    AUDITOR,
    CONTROLLER,
    EDITOR,
    FOLLOW_UP,
    MANAGER,
    MEMBER,
    OFFICER,
    OWN,
    OWN_MISSION,
    PARTNER,
    PAYER,
    PROGRAMME,
    SAMPLED,
    SECRETARY,
    SIGNATORY,
)

ANSWERS, PLAN, DOCUMENTS, PARTNERS = "answers", "plan", "documents", "partners"
DECISION, AGREEMENT, PAYMENTS, ADVICE = "decision", "agreement", "payments", "advice"
MESSAGES, NOTES, BANK, SCORES, JOURNAL = "messages", "notes", "bank", "scores", "journal"

CONTENT = frozenset({ANSWERS, PLAN, DOCUMENTS, PARTNERS, DECISION, ADVICE, AGREEMENT, PAYMENTS})
"""What was filed and what became of it, without what is private to one side."""

READS = {
    (EDITOR, OWN): CONTENT | {MESSAGES, BANK},
    (SIGNATORY, OWN): CONTENT | {MESSAGES, BANK},
    (EDITOR, PARTNER): CONTENT,
    (SIGNATORY, PARTNER): CONTENT,
    (OFFICER, PROGRAMME): CONTENT | {MESSAGES, NOTES, BANK},
    (MANAGER, PROGRAMME): CONTENT | {MESSAGES, NOTES, BANK},
    (SECRETARY, PROGRAMME): CONTENT | {MESSAGES},
    (MEMBER, ASSIGNED): CONTENT | {MESSAGES},
    (ADVISER, OWN_MISSION): CONTENT | {MESSAGES},
    (PAYER, PROGRAMME): frozenset({PLAN, DOCUMENTS, AGREEMENT, PAYMENTS, NOTES, BANK}),
    (CONTROLLER, SAMPLED): CONTENT | {MESSAGES, BANK},
    (AUDITOR, PROGRAMME): CONTENT | {MESSAGES, NOTES, BANK},
    (FOLLOW_UP, PROGRAMME): CONTENT | {MESSAGES},
}
"""Bank details are always shown hidden here; the whole number is an act of its own (`bank.view_full`)."""

SCORE_ACTIONS = ("score.view_own", "score.view_others", "score.view_result")


def parts(person: Person | None, dossier: Dossier) -> frozenset[str]:
    """The parts of `dossier` that `person` may read; none when they may not open it at all.

    "scores" says that the person may read some: which ones is the matter of the floor that keeps them.
    """
    state = str(dossier.state)
    found: set[str] = set()
    held = relations(person, dossier)
    readers = {pair for pair in held if allowed("dossier.view", *pair, state)}
    if (MEMBER, ASSIGNED) in readers and person is not None and not visibility.has_opened(person, dossier):
        readers.discard((MEMBER, ASSIGNED))
    for pair in readers:
        found |= READS.get(pair, frozenset())
        if any(allowed(action, *pair, state) for action in SCORE_ACTIONS):
            found.add(SCORES)
    if readers and any(allowed("journal.view", *pair, state) for pair in held):
        found.add(JOURNAL)
    return frozenset(found)
