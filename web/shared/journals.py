"""The journal as people read it: who acted, the act in words, and states in those of the machine that it moves."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import TextChoices

from grants.lifecycle import State
from monitoring.lifecycle import ClaimState, OrderState, UsageState
from records.models import JournalEntry
from records.queries import journal
from selection.models import MeetingState, MissionState
from web.shared.journal_words import WORDS

# The machine that an act is about, by the first word of its name.
MACHINES: dict[str, type[TextChoices]] = {
    "dossier": State,
    "mission": MissionState,
    "meeting": MeetingState,
    "claim": ClaimState,
    "certificate": ClaimState,
    "payment": OrderState,
    "usage_report": UsageState,
}


def dressed(entries: Iterable[JournalEntry]) -> None:
    """Give each entry `actor_name`, `act_label` (empty for an act without words), `from_label` and `to_label`."""
    for entry in entries:
        labels = dict(MACHINES[machine].choices) if (machine := entry.act.split(".")[0]) in MACHINES else {}
        entry.actor_name = journal.actor_name(entry)  # type: ignore[attr-defined]
        entry.act_label = WORDS.get(entry.act, "")  # type: ignore[attr-defined]
        entry.from_label = labels.get(entry.from_state, entry.from_state)  # type: ignore[attr-defined]
        entry.to_label = labels.get(entry.to_state, entry.to_state)  # type: ignore[attr-defined]
