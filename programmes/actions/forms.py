"""The form of a call: changed while it is prepared, frozen when it is published, replaced by a new version after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _t

from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, Refused, Unmet
from kit.locks import locked
from people.acting import action
from people.models import Person
from people.permissions import permit
from programmes import requirements
from programmes.actions import inputs
from programmes.models import Call, CallState, FormVersion
from programmes.models.forms import written
from programmes.rules.form import Form, FormErrors
from programmes.rules.form_values import parse
from programmes.rules.reference import reference_form
from records.actions import journal


@action("call.edit")
def edit_form(*, call: Call, form: Form | Mapping[str, Any], by: Actor, seen: str = "") -> FormVersion:
    """Set what the call asks. Once its form is published, this prepares the next version, which binds nobody yet.

    `seen` is the digest of the version from which the new form was made: `Conflict` when another one stands by now.
    Raises `Refused` with everything that is wrong in a form given as plain values.
    """
    with locked(call) as call:
        permit(by, "call.edit", call)
        found = form if isinstance(form, Form) else _parsed(form)
        version = call.form_versions.order_by("-number").first()
        if seen and version is not None and version.digest != seen:
            raise Conflict
        if version is not None and version.content == written(found):
            return version
        if version is None or version.published_at is not None:
            number = 1 if version is None else version.number + 1
            version = FormVersion(call=call, number=number, made_at=clock.now())
        version.hold(found)
        version.save()
        _journal(by, "form.edited", version)
    return version


@action("call.edit")
def drop_form(*, call: Call, by: Actor) -> None:
    """Give up the version that is prepared. Raises `Conflict` when none is, or when it is the only one."""
    with locked(call) as call:
        permit(by, "call.edit", call)
        version = call.form_versions.filter(published_at=None, number__gt=1).first()
        if version is None:
            raise Conflict
        _journal(by, "form.dropped", version)
        version.delete()


@action("call.edit")
def publish_form(*, call: Call, by: Actor, reason: str = "") -> FormVersion:
    """Freeze the version that is prepared: from now on it is what the call asks.

    The floor of dossiers composes this with the drafts, which move to it: pages call that one. Raises `Conflict`
    where no version is prepared, `Refused` without a reason once the call is published, `Unmet` for a form with which
    nothing could be filed.
    """
    with locked(call) as call:
        permit(by, "call.edit", call)
        why = inputs.paragraph(reason, "reason", longest=1000, needed=call.state == CallState.PUBLISHED)
        version = call.form_versions.filter(published_at=None).first()
        if version is None:
            raise Conflict
        missing = list(requirements.budget_asked(call))
        if missing:
            raise Unmet(missing)
        freeze(version, by, why)
    return version


def freeze(version: FormVersion, by: Actor, reason: str = "") -> None:
    """Publish a version; part of the act that publishes it, or its call."""
    version.reason, version.published_at = reason, clock.now()
    version.published_by = by if isinstance(by, Person) else None
    version.save()
    _journal(by, "form.published", version, reason=reason)


def begin(call: Call) -> None:
    """Give a new call the reference form; part of the act that makes it."""
    version = FormVersion(call=call, number=1, made_at=clock.now())
    version.hold(reference_form())
    version.save()


def _parsed(content: Mapping[str, Any]) -> Form:
    try:
        return parse(content)
    except FormErrors as error:
        told = "\n".join(f"{place}: {sentence}" for place, sentence in error.errors)
        raise Refused(_t("The form cannot be read:\n{told}").format(told=told), field="form") from error


def _journal(by: Actor, act: str, version: FormVersion, *, reason: str = "") -> None:
    call = version.call
    journal.write(by, act, call, reason=reason, call=call.slug, version=version.number, digest=version.digest)
