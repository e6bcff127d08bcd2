"""A call's deadline, moved: whoever prepares a draft for it is told."""

from __future__ import annotations

from datetime import datetime

from grants import mails
from grants.lifecycle import State
from grants.models import Dossier
from kit.actors import Actor
from people.acting import action
from programmes.actions import calls
from programmes.models import Call


@action("call.change_deadline")
def change_deadline(*, call: Call, closes_at: datetime, reason: str, by: Actor) -> Call:
    """Move the closing instant of a published call, with its reason, and write to the owners of drafts."""
    former = call.closes_at
    call = calls.change_deadline(call=call, closes_at=closes_at, reason=reason, by=by)
    drafts = Dossier.objects.filter(call=call, state=State.DRAFT).select_related("applicant", "created_by")
    for dossier in drafts.order_by("pk"):
        mails.deadline_changed(dossier, call, former, reason)
    return call
