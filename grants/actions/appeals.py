"""Appeals against a rejection or a declaration of ineligibility, and their end."""

from __future__ import annotations

from django.utils.translation import gettext as _t

from grants import mails
from grants.models import Appeal, Dossier
from grants.queries import deadlines
from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, Unmet
from kit.locks import locked
from kit.text import format_date
from people.acting import action, as_person
from people.permissions import permit
from programmes.actions import inputs
from records.actions import journal


@action("dossier.appeal")
def appeal(*, dossier: Dossier, text: str, by: Actor) -> Appeal:
    """Hold something against the decision, within the call's period. Raises `Unmet` after it, `Conflict` for a second.

    The period begins with the decision's day; its last day counts whole, in Paris.
    """
    with locked(dossier) as dossier:
        permit(by, "dossier.appeal", dossier)
        over = deadlines.appeal_ends_at(dossier)
        if clock.database_now() >= over:
            raise Unmet(
                [
                    _t("The period to appeal ended on {day}; only an administrative court can be asked now.").format(
                        day=format_date(deadlines.last_day(over))
                    )
                ]
            )
        if dossier.appeals.filter(settled_at=None).exists():
            raise Conflict(_t("An appeal is open already; wait for its answer."))
        filed = Appeal.objects.create(
            dossier=dossier, text=inputs.paragraph(text, "text"), filed_by=as_person(by), filed_at=clock.now()
        )
        journal.write(by, "dossier.appealed", dossier, on_behalf=dossier.applicant.name, reason=filed.text)
        mails.appeal_filed(filed)
    return filed


@action("dossier.reconsider")
def settle(*, dossier: Dossier, by: Actor) -> list[Appeal]:
    """Mark the open appeal as answered: part of the act that opens the dossier again.

    To be called while the dossier is still rejected or ineligible.
    """
    with locked(dossier) as dossier:
        permit(by, "dossier.reconsider", dossier)
        now = clock.now()
        settled = list(dossier.appeals.filter(settled_at=None).order_by("pk"))
        for item in settled:
            item.settled_at = now
            item.save(update_fields=["settled_at"])
    return settled
