"""Mandates: the power to sign for an organisation, asked for with evidence and confirmed by another person."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, NotAllowed, Refused
from kit.locks import locked
from people import mails
from people.acting import action, as_person
from people.actions import inputs
from people.models import Mandate, MandateStatus, Organisation, standing
from people.permissions import permit
from records.actions import documents, journal
from records.models import Document

EVIDENCE = "mandate_evidence"


@action("mandate.request")
def request_mandate(
    *, organisation: Organisation, function: str, by: Actor, evidence: Document | None = None, upload: Any = None
) -> Mandate:
    """Ask to sign for `organisation` as its `function` (mayor, president, delegate), with the deed that says so.

    The deed is a stored document, `evidence`, or a file to be stored with the request, `upload`.
    Raises `Refused` without evidence (a replay of history has none) or when a mandate is asked for or held.
    """
    permit(by, "mandate.request")
    person = as_person(by)
    if evidence is None and upload is not None:
        evidence = documents.store(upload, by=by, chain=organisation.journal_chain, kind=EVIDENCE)
    if evidence is None and not clock.replaying():
        raise Refused(
            _t("Attach the deed that gives you this mandate: minutes, decree or delegation."), field="evidence"
        )
    mandate = Mandate(
        organisation=organisation,
        person=person,
        function=inputs.line(function, "function", longest=100),
        evidence=evidence,
        requested_by=person,
    )
    try:
        with transaction.atomic():
            mandate.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(_t("You have, or have asked for, the mandate of this organisation already.")) from error
    _journal(by, "mandate.requested", mandate)
    return mandate


@action("mandate.confirm")
def confirm_mandate(*, mandate: Mandate, by: Actor) -> Mandate:
    """Confirm a mandate: its person signs for the organisation from now on. Never the requester's own act.

    Raises `Conflict` when the request was answered already.
    """
    with locked(mandate) as mandate:
        _answering(mandate, by)
        mandate.status = MandateStatus.CONFIRMED
        mandate.confirmed_by, mandate.confirmed_at = as_person(by), clock.now()
        mandate.save(update_fields=["status", "confirmed_by", "confirmed_at"])
        standing.changed()
        _journal(by, "mandate.confirmed", mandate, was=MandateStatus.REQUESTED)
        mails.mandate_confirmed(mandate)
    return mandate


@action("mandate.confirm")
def refuse_mandate(*, mandate: Mandate, reason: str, by: Actor) -> Mandate:
    """Refuse a mandate, with a reason that the requester is told. Raises `Conflict` when it was answered already."""
    with locked(mandate) as mandate:
        _answering(mandate, by)
        _end(mandate, MandateStatus.REFUSED, reason, by)
        _journal(by, "mandate.refused", mandate, was=MandateStatus.REQUESTED)
        mails.mandate_refused(mandate)
    return mandate


@action("mandate.confirm")
def end_mandate(*, mandate: Mandate, reason: str, by: Actor) -> Mandate:
    """End a confirmed mandate (an election, a departure), with a reason. Raises `Conflict` when it is not in force."""
    with locked(mandate) as mandate:
        permit(by, "mandate.confirm", mandate)
        if mandate.status != MandateStatus.CONFIRMED:
            raise Conflict
        _end(mandate, MandateStatus.ENDED, reason, by)
        standing.changed()
        _journal(by, "mandate.ended", mandate, was=MandateStatus.CONFIRMED)
        mails.mandate_ended(mandate)
    return mandate


def _answering(mandate: Mandate, by: Actor) -> None:
    """Who answers is a programme manager, and neither the requester nor the person mandated."""
    permit(by, "mandate.confirm", mandate)
    if by.actor_id in (mandate.requested_by.actor_id, mandate.person.actor_id):
        raise NotAllowed(_t("You asked for this mandate yourself, so another programme manager confirms it."))
    if mandate.status != MandateStatus.REQUESTED:
        raise Conflict


def _end(mandate: Mandate, status: MandateStatus, reason: str, by: Actor) -> None:
    mandate.status = status
    mandate.reason = inputs.line(reason, "reason", longest=500)
    mandate.ended_by, mandate.ended_at = as_person(by), clock.now()
    mandate.save(update_fields=["status", "reason", "ended_by", "ended_at"])


def _journal(by: Actor, act: str, mandate: Mandate, was: str = "") -> None:
    journal.write(
        by,
        act,
        mandate,
        from_state=was,
        to_state=mandate.status,
        reason=mandate.reason,
        on_behalf=mandate.organisation.name,
        personal={"person": mandate.person.full_name},
        person=mandate.person.actor_id,
        function=mandate.function,
        evidence=mandate.evidence.digest if mandate.evidence else "",
    )
