"""Who in the instructing service has a dossier in charge: given, taken from the pool, transferred, returned."""

from __future__ import annotations

from django.utils.translation import gettext as _t

from grants import mails
from grants.models import Dossier
from grants.queries import handling
from kit import clock
from kit.actors import Actor
from kit.errors import Refused
from kit.locks import locked
from people.acting import action
from people.models import Person
from people.permissions import permit
from records.actions import journal


@action("dossier.assign")
def assign_officer(*, dossier: Dossier, officer: Person, by: Actor) -> Dossier:
    """Put the dossier in the charge of `officer`: a colleague, or `by`, who takes it from the pool or from another.

    Raises `Refused` for one who is no instructing officer of the programme, is tied to the applicant or a partner,
    or has it in charge already. Whoever takes it is sent no mail.
    """
    with locked(dossier) as dossier:
        permit(by, "dossier.assign", dossier)
        refusal = refusal_of(officer, dossier)
        if refusal:
            raise Refused(refusal, field="officer")
        now, former = clock.now(), dossier.officer
        dossier.officer = officer
        dossier.save(update_fields=["officer"])
        journal.write(
            by,
            "dossier.officer_assigned",
            dossier,
            personal={"officer": officer.full_name},
            officer=officer.actor_id,
            former=former.actor_id if former is not None else "",
        )
        if by != officer:
            mails.officer_assigned(dossier, officer, by.actor_label, now)
    return dossier


@action("dossier.assign")
def release_dossier(*, dossier: Dossier, by: Actor) -> Dossier:
    """Return the dossier to the pool. Raises `Refused` when it is there already."""
    with locked(dossier) as dossier:
        permit(by, "dossier.assign", dossier)
        former = dossier.officer
        if former is None:
            raise Refused(_t("Nobody is in charge of this dossier."))
        dossier.officer = None
        dossier.save(update_fields=["officer"])
        journal.write(by, "dossier.officer_released", dossier, former=former.actor_id)
    return dossier


def refusal_of(officer: Person, dossier: Dossier) -> str:
    """Why the dossier cannot be put in the charge of `officer` now, in a sentence; empty when it can."""
    sentences = {
        "role": _t("{person} is no instructing officer of this programme; choose another person."),
        "tie": _t("{person} is tied to the applicant or to a partner of this dossier; choose another officer."),
        "already": _t("{person} is in charge of this dossier already."),
    }
    found = handling.why_not(officer, dossier) or ("already" if dossier.officer_id == officer.pk else "")
    return sentences[found].format(person=officer.full_name) if found else ""
