"""Logging who read what is sensitive."""

from __future__ import annotations

from typing import Any

from kit import clock
from kit.actors import Actor
from records.models import AccessLog


def log(by: Actor, what: str, subject: Any) -> AccessLog:
    """Note that `by` read `what` (say, `document.downloaded`) of `subject`: a journal subject, a document, a text."""
    return AccessLog.objects.create(
        actor_id=by.actor_id,
        what=what,
        chain=getattr(subject, "journal_chain", "") or getattr(subject, "chain", ""),
        subject=str(getattr(subject, "journal_label", subject))[:200],
        at=clock.now(),
    )
