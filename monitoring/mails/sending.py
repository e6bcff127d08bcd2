"""How a mail of the monitoring is queued: once for its kind, object, event and recipient (I5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils import translation

from grants.models import Dossier
from grants.queries import handling, visibility
from people.models import Person
from records.actions import outbox

Written = Callable[[], tuple[str, str]]
"""Subject and text, in the language that is active when it is called."""


def send(kind: str, dossier: Dossier, to: Iterable[Person], key: str, written: Written) -> None:
    """Queue the mail about `dossier` for each recipient, in their language; `key` names the event."""
    for person in to:
        queue(kind, person, f"{kind}:{dossier.reference}:{key}:{person.pk}", written, dossier.journal_chain)


def queue(kind: str, person: Person, key: str, written: Written, chain: str) -> None:
    """Queue one mail under its whole key."""
    with translation.override(person.language):
        subject, text = written()
    outbox.queue(
        kind,
        recipient=person.email,
        language=person.language,
        subject=subject,
        text=text,
        key=key,
        chain=chain,
        person_id=person.actor_id,
    )


def staff(dossier: Dossier, role: str) -> list[Person]:
    """The active persons who hold `role` in the dossier's programme and are tied to nobody in the dossier.

    For the instructing officers, the one in charge where there is one.
    """
    found = handling.holders(dossier, role)
    return [person for person in found if not visibility.is_tied(person, dossier)]
