"""Calls for proposals: prepared, published, their deadline changed with a reason (R48)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, Refused
from kit.locks import locked
from people.acting import action
from people.permissions import permit
from programmes import requirements
from programmes.actions import forms, inputs
from programmes.models import Call, CallState, Envelope, Measure
from programmes.rules import deadlines
from records.actions import journal

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_PRESENTATION = 20_000

TEXTS = {"title_fr": 200, "title_en": 200}
PARAGRAPHS = ("presentation_fr", "presentation_en")
NUMBERS = {"scorecards_needed": (1, 20), "appeal_days": (1, 365), "contest_days": (1, 365)}
SWITCHES = ("needs_advice", "allows_partial_awards")
ONLY_WHILE_PREPARED = ("slug", "reference_prefix", "closes_at", "opens_at", *SWITCHES, *NUMBERS)
"""What applicants count on once the call is published; the deadline has an act of its own."""


@action("call.edit")
def create_call(
    *,
    measure: Measure,
    envelope: Envelope,
    slug: str,
    reference_prefix: str,
    title_fr: str,
    presentation_fr: str,
    opens_at: datetime,
    closes_at: datetime,
    by: Actor,
    title_en: str = "",
    presentation_en: str = "",
    needs_advice: bool = True,
    allows_partial_awards: bool = False,
    scorecards_needed: int = 2,
    appeal_days: int = 60,
    contest_days: int = 30,
    reminder_days: Sequence[int] = deadlines.USUAL_REMINDERS,
) -> Call:
    """Prepare a call of the measure, paid from `envelope`, open from `opens_at` until just before `closes_at`.

    Whoever left a draft is reminded so many `reminder_days` before it closes.

    Raises `Refused` for an address or a prefix of references that another call has.
    """
    permit(by, "call.edit", measure)
    if envelope.measure_id != measure.pk:
        raise Refused(_t("This envelope is for another action; choose one of this action."), field="envelope")
    values = {
        "slug": slug,
        "reference_prefix": reference_prefix,
        "title_fr": title_fr,
        "title_en": title_en,
        "presentation_fr": presentation_fr,
        "presentation_en": presentation_en,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "needs_advice": needs_advice,
        "allows_partial_awards": allows_partial_awards,
        "scorecards_needed": scorecards_needed,
        "appeal_days": appeal_days,
        "contest_days": contest_days,
        "reminder_days": reminder_days,
    }
    read = {name: _read(name, value) for name, value in values.items()}
    call = Call(programme=measure.programme, measure=measure, envelope=envelope, **read)
    _keep(call)
    forms.begin(call)
    journal.write(
        by,
        "call.created",
        call,
        call=call.slug,
        measure=measure.code,
        envelope=envelope.code,
        opens_at=call.opens_at,
        closes_at=call.closes_at,
    )
    return call


@action("call.edit")
def edit_call(*, call: Call, changes: dict[str, Any], by: Actor, reason: str = "") -> Call:
    """Change fields of a call, by name. Once published only its texts change, and after it opened with a `reason`.

    Raises `Refused` for a field that may not change now, or for a missing reason.
    """
    with locked(call) as call:
        permit(by, "call.edit", call)
        why = inputs.paragraph(reason, "reason", longest=1000, needed=False)
        published = call.state == CallState.PUBLISHED
        if published and call.opens_at <= clock.now() and not why:
            raise Refused(_t("The call is open: give the reason of the change, which is kept."), field="reason")
        former = {}
        for name, value in changes.items():
            if published and name in ONLY_WHILE_PREPARED:
                raise Refused(
                    _t("This cannot change once the call is published; the deadline has a page of its own."), field=name
                )
            kept = _read(name, value)
            if getattr(call, name) != kept:
                former[name] = getattr(call, name)
                setattr(call, name, kept)
        if former:
            _keep(call)
            now = {name: getattr(call, name) for name in former}
            journal.write(by, "call.edited", call, reason=why, call=call.slug, former=former, now=now)
    return call


@action("call.publish")
def publish_call(*, call: Call, by: Actor) -> Call:
    """Make the call public. Raises `Unmet` with everything that is missing: rule in force, grid approved, dates."""
    with locked(call) as call:
        permit(by, "call.publish", call)
        if call.state != CallState.PREPARED:
            raise Conflict(_t("This call is published already."))
        requirements.require_publication(call)
        call.state, call.published_at = CallState.PUBLISHED, clock.now()
        call.save(update_fields=["state", "published_at"])
        for version in call.form_versions.filter(published_at=None):
            forms.freeze(version, by)
        journal.write(
            by,
            "call.published",
            call,
            from_state=CallState.PREPARED,
            to_state=CallState.PUBLISHED,
            call=call.slug,
            opens_at=call.opens_at,
            closes_at=call.closes_at,
        )
    return call


@action("call.change_deadline")
def change_deadline(*, call: Call, closes_at: datetime, reason: str, by: Actor) -> Call:
    """Move the closing instant of a published call, with a reason that is kept.

    The floor of dossiers composes this with the mails to owners of drafts: pages call that one.
    Raises `Refused` for an instant that is past, or before the opening.
    """
    with locked(call) as call:
        permit(by, "call.change_deadline", call)
        why = inputs.paragraph(reason, "reason", longest=1000)
        if call.state != CallState.PUBLISHED:
            raise Refused(_t("This call is not published yet: change its closing date with the rest."))
        former, call.closes_at = call.closes_at, inputs.instant(closes_at, "closes_at")
        if call.closes_at <= max(clock.now(), call.opens_at):
            raise Refused(_t("Choose a closing date that is still to come, after the opening."), field="closes_at")
        if call.closes_at == former:
            raise Refused(_t("This is the closing date already."), field="closes_at")
        call.save(update_fields=["closes_at"])
        journal.write(
            by,
            "call.deadline_changed",
            call,
            reason=why,
            call=call.slug,
            former=former,
            closes_at=call.closes_at,
        )
    return call


def _read(name: str, value: Any) -> Any:
    """One field of a call, as typed, checked. Raises `Refused`, also for a field that no form may set."""
    if name in TEXTS:
        return inputs.line(value, name, longest=TEXTS[name], needed=name == "title_fr")
    if name in PARAGRAPHS:
        return inputs.paragraph(value, name, longest=LONGEST_PRESENTATION, needed=name == "presentation_fr")
    if name in NUMBERS:
        least, most = NUMBERS[name]
        return inputs.whole(value, name, least=least, most=most)
    if name == "reminder_days":
        return _reminders(value, name)
    if name in SWITCHES:
        return bool(value)
    if name in ("opens_at", "closes_at"):
        return inputs.instant(value, name)
    if name == "reference_prefix":
        return inputs.code(inputs.line(value, name, longest=20), name)
    if name == "slug":
        slug = inputs.line(value, name, longest=60)
        if not SLUG.fullmatch(slug):
            raise Refused(
                _t("Use small letters, digits and hyphens, for example innovative-projects-2027."), field=name
            )
        return slug
    raise Refused(_t("This cannot be changed here."), field=name)


def _reminders(value: Any, name: str) -> list[int]:
    """Days before the deadline, the earliest first. Raises `Refused` for too many, or for one too early."""
    days = {inputs.whole(day, name, least=1, most=deadlines.EARLIEST_REMINDER) for day in value}
    if len(days) > deadlines.MOST_REMINDERS:
        raise Refused(_t("{most} reminders at most.").format(most=deadlines.MOST_REMINDERS), field=name)
    return sorted(days, reverse=True)


def _keep(call: Call) -> None:
    """Save the call. Raises `Refused` for dates in the wrong order, an address or a prefix that is taken."""
    if call.closes_at <= call.opens_at:
        raise Refused(_t("The call must close after it opens."), field="closes_at")
    others = Call.objects.exclude(pk=call.pk)
    for name, sentence in (
        ("slug", _t("Another call has this address; choose another one.")),
        ("reference_prefix", _t("Another call numbers its applications with this prefix; choose another one.")),
    ):
        if others.filter(**{name: getattr(call, name)}).exists():
            raise Refused(sentence, field=name)
    try:
        with transaction.atomic():
            call.save()
    except IntegrityError as error:
        # Taken by someone else since we looked.
        raise Conflict from error
