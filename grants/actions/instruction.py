"""Examining a dossier: sent back to be completed, or found ineligible against a named rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _t

from grants import mails
from grants.actions import hands
from grants.models import CompletionRequest, Dossier
from grants.queries import completion
from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, Refused
from kit.lifecycle import require
from kit.locks import locked
from people.acting import action, as_person
from people.permissions import permit
from programmes.actions import inputs
from records.actions import journal


@action("dossier.return_for_completion")
def return_for_completion(
    *, dossier: Dossier, sections: Sequence[str], message: str, due_at: datetime, by: Actor
) -> CompletionRequest:
    """Send whole sections back to the applicant, who files again before `due_at`, even after the call's deadline.

    Raises `Unmet` when nothing is named, `Refused` for a due date that is past.
    """
    with locked(dossier) as dossier:
        permit(by, "dossier.return_for_completion", dossier)
        require(dossier, "return_for_completion", sections=sections, message=message)
        now, former = clock.now(), dossier.state
        known = dossier.questions.codes
        asked = [code for code in known if code in set(sections)]
        for code in sections:
            inputs.choice(code, known, "sections")
        due = _future(due_at, now)
        dossier.return_for_completion()
        dossier.save(update_fields=["state"])
        request = CompletionRequest.objects.create(
            dossier=dossier,
            sections=asked,
            message=inputs.paragraph(message, "message"),
            due_at=due,
            asked_by=as_person(by),
            asked_at=now,
        )
        journal.write(
            by,
            "dossier.returned",
            dossier,
            from_state=former,
            to_state=dossier.state,
            reason=request.message,
            sections=asked,
            due_at=due,
        )
        mails.completion_asked(request)
    return request


@action("dossier.extend_completion")
def extend_completion(*, dossier: Dossier, due_at: datetime, by: Actor) -> CompletionRequest:
    """Give the applicant more time. Raises `Refused` unless the new date is later than the one that stands."""
    with locked(dossier) as dossier:
        permit(by, "dossier.extend_completion", dossier)
        request = _open_request(dossier)
        former, due = request.due_at, _future(due_at, clock.now())
        if due <= former:
            raise Refused(_t("Choose a date later than the one that stands."), field="due_at")
        request.due_at = due
        request.save(update_fields=["due_at"])
        journal.write(by, "dossier.completion_extended", dossier, former=former, due_at=due)
        mails.completion_extended(request)
    return request


@action("dossier.cancel_completion")
def cancel_completion(*, dossier: Dossier, by: Actor) -> Dossier:
    """Drop the request for completion: the dossier is examined as it stands; the message is kept."""
    with locked(dossier) as dossier:
        permit(by, "dossier.cancel_completion", dossier)
        require(dossier, "cancel_completion")
        request, former = _open_request(dossier), dossier.state
        request.cancelled_at = clock.now()
        request.save(update_fields=["cancelled_at"])
        dossier.cancel_completion()
        dossier.save(update_fields=["state"])
        hands.enter(dossier)
        journal.write(by, "dossier.completion_cancelled", dossier, from_state=former, to_state=dossier.state)
        mails.completion_cancelled(request)
    return dossier


@action("dossier.declare_ineligible")
def declare_ineligible(*, dossier: Dossier, reasons: str, rule: str, by: Actor) -> Dossier:
    """Find that the dossier breaks `rule` of the call, for `reasons` that the applicant is told.

    Raises `Unmet` when either is missing.
    """
    with locked(dossier) as dossier:
        permit(by, "dossier.declare_ineligible", dossier)
        require(dossier, "declare_ineligible", reasons=reasons, rule=rule)
        now, former = clock.now(), dossier.state
        named, why = inputs.line(rule, "rule", longest=300), inputs.paragraph(reasons, "reasons")
        dossier.completion_requests.filter(answered_at=None, cancelled_at=None).update(cancelled_at=now)
        dossier.declare_ineligible()
        dossier.decided_at, dossier.decision_reasons = now, f"{named}\n\n{why}"
        dossier.save(update_fields=["state", "decided_at", "decision_reasons"])
        hands.enter(dossier)
        journal.write(
            by,
            "dossier.declared_ineligible",
            dossier,
            from_state=former,
            to_state=dossier.state,
            reason=why,
            rule=named,
        )
        mails.ineligible(dossier)
    return dossier


def _open_request(dossier: Dossier) -> CompletionRequest:
    request = completion.open_request(dossier)
    if request is None:
        raise Conflict
    return request


def _future(due_at: datetime, now: datetime) -> datetime:
    if inputs.instant(due_at, "due_at") <= now:
        raise Refused(_t("Choose a date that is still to come."), field="due_at")
    return due_at
