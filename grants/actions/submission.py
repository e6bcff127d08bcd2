"""Filing a dossier, under seal, and taking it back (I4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from grants import mails
from grants.actions import awards, hands
from grants.lifecycle import State
from grants.models import Dossier, Snapshot
from grants.queries import completion, contents
from kit import clock
from kit.actors import Actor
from kit.lifecycle import require
from kit.locks import locked
from people.acting import action, as_person
from people.permissions import permit, relations
from programmes.actions import inputs
from records.actions import journal

AfterRelease = Callable[[Dossier], object]
_after_release: list[AfterRelease] = []


def after_release(tell: AfterRelease) -> None:
    """Let a floor above hear, in the act's own transaction, that a dossier gave money back to the envelope."""
    if tell not in _after_release:
        _after_release.append(tell)


def tell_release(dossier: Dossier) -> None:
    """Tell those who asked that `dossier` gave money back to its envelope; part of the act that did."""
    for tell in _after_release:
        tell(dossier)


@action("dossier.submit")
def submit(*, dossier: Dossier, by: Actor) -> Snapshot:
    """File the dossier, or file it again once completed: what it holds is sealed, and the sender gets a receipt.

    The same form sent twice answers the same snapshot. Raises `Unmet` with everything that is missing at once.
    """
    seen = dossier.state
    with locked(dossier) as dossier:
        earlier = _sent_twice(dossier, seen, by)
        if earlier is not None:
            return earlier
        permit(by, "dossier.submit", dossier)
        require(dossier, "submit")
        now, former = clock.database_now(), dossier.state
        request = completion.open_request(dossier)
        dossier.submit()
        if dossier.submitted_at is None:
            dossier.submitted_at, dossier.submitted_by = now, as_person(by)
        dossier.version += 1
        dossier.save(update_fields=["state", "submitted_at", "submitted_by", "version"])
        if request is not None:
            request.answered_at = now
            request.save(update_fields=["answered_at"])
        snapshot = _seal(dossier, now, by)
        hands.enter(dossier)
        journal.write(
            by,
            "dossier.submitted",
            dossier,
            from_state=former,
            to_state=dossier.state,
            on_behalf=dossier.applicant.name,
            snapshot=snapshot.number,
            digest=snapshot.digest,
            received_at=now,
        )
        mails.acknowledgement(dossier, snapshot)
    return snapshot


@action("dossier.withdraw")
def withdraw(*, dossier: Dossier, reason: str, by: Actor) -> Dossier:
    """The applicant gives up before the agreement is signed; what was reserved returns to the envelope."""
    with locked(dossier.call.envelope, dossier) as (_envelope, dossier):
        permit(by, "dossier.withdraw", dossier)
        require(dossier, "withdraw")
        why, former = inputs.paragraph(reason, "reason", longest=2000), dossier.state
        now = clock.now()
        released = awards.release(dossier=dossier, by=by)
        dossier.withdraw()
        # The award keeps what was granted; a sum over dossiers counts nothing for this one.
        dossier.ended_at, dossier.granted = now, None
        dossier.save(update_fields=["state", "ended_at", "granted"])
        dossier.completion_requests.filter(answered_at=None, cancelled_at=None).update(cancelled_at=now)
        hands.enter(dossier)
        journal.write(
            by,
            "dossier.withdrawn",
            dossier,
            from_state=former,
            to_state=dossier.state,
            reason=why,
            on_behalf=dossier.applicant.name,
            released=released.amount if released is not None else None,
        )
        mails.withdrawn(dossier, why, released)
        if released is not None:
            tell_release(dossier)
    return dossier


def _sent_twice(dossier: Dossier, seen: str, by: Actor) -> Snapshot | None:
    """What the first sending gave, when this one shows the dossier as it was before it."""
    if dossier.state != State.SUBMITTED or seen not in (State.DRAFT, State.RETURNED):
        return None
    if ("applicant_signatory", "own organisation") not in relations(by, dossier):
        return None
    return dossier.snapshots.order_by("-number").first()


def _seal(dossier: Dossier, taken_at: datetime, by: Actor) -> Snapshot:
    number = dossier.snapshots.count() + 1
    content = contents.canonical_content(dossier, number=number, taken_at=taken_at)
    return Snapshot.objects.create(
        dossier=dossier,
        number=number,
        content=content,
        digest=contents.digest_of(content),
        taken_at=taken_at,
        taken_by=as_person(by),
    )
