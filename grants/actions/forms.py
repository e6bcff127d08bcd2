"""The form of a call, published anew: the drafts move to it with all their answers, and their owners are told."""

from __future__ import annotations

from grants import mails
from grants.actions import hands
from grants.lifecycle import State
from grants.models import Dossier
from kit.actors import Actor
from kit.locks import locked
from people.acting import action
from programmes.actions import forms
from programmes.models import Call, FormVersion
from programmes.rules.moving import moved
from records.actions import journal


@action("call.edit")
def publish_form(*, call: Call, by: Actor, reason: str = "") -> FormVersion:
    """Publish the version that is prepared, and move every draft of the call to it.

    What was filed, or sent back to be completed, keeps the version on which it was filed. Raises `Conflict` where no
    version is prepared, `Refused` without a reason once the call is published, `Busy` while a draft is being saved.
    """
    # The call first: no draft begins meanwhile on the version that is replaced.
    with locked(call) as call:
        version = forms.publish_form(call=call, by=by, reason=reason)
        drafts = Dossier.objects.filter(call=call, state=State.DRAFT).exclude(form=version)
        for draft in drafts.order_by("pk"):
            _move(draft, version, by)
    return version


def _move(draft: Dossier, version: FormVersion, by: Actor) -> None:
    """One draft, if it is one still: it may have been filed while its lock was waited for."""
    with locked(draft) as dossier:
        if dossier.state != State.DRAFT:
            return
        hands.enter(dossier)
        former = dossier.form.number
        dossier.answers = moved(dossier.answers, former, version.form)
        dossier.form = version
        # Whoever has a page of it open is told, rather than saving answers to questions that have changed.
        dossier.version += 1
        dossier.save(update_fields=["answers", "form", "version"])
        journal.write(
            by,
            "dossier.form_changed",
            dossier,
            on_behalf=dossier.applicant.name,
            reason=version.reason,
            form_version=version.number,
            former=former,
            version=dossier.version,
        )
        mails.form_changed(dossier, version)
