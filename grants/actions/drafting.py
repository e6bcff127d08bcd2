"""Preparing a dossier: the sections of its form, its plan, its documents, its partners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _t

from grants import mails
from grants.actions import hands
from grants.lifecycle import State
from grants.models import (
    Attachment,
    CostLine,
    Dossier,
    FinancingPlan,
    Partner,
    PartnerState,
    Resource,
    ResourceKind,
)
from grants.queries import completion
from grants.rules import drafts
from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, NotAllowed, Refused
from kit.locks import locked
from people.acting import action, as_person
from people.models import Organisation, OrganisationKind
from people.permissions import permit
from programmes.actions import inputs
from programmes.models import Call
from programmes.queries import current_form
from programmes.rules import form
from programmes.rules.answers import answer_fault
from records.actions import documents, journal
from records.models import Document

MOST_ROWS = 100
MOST_DOCUMENTS = 60


@action("dossier.create")
def create_dossier(*, call: Call, applicant: Organisation, title: str, by: Actor) -> Dossier:
    """A draft of `applicant` for `call`, numbered at once and without a gap: <prefix>-0001, <prefix>-0002…

    Raises `Refused` when the call is not published, or closed.
    """
    with locked(call) as call:
        permit(by, "dossier.create", applicant)
        now = clock.database_now()
        if not call.is_announced_at(now):
            raise Refused(_t("This call is closed: no application can be started. See the calls that are open."))
        if applicant.kind == OrganisationKind.PROVIDER:
            raise Refused(_t("A service provider cannot apply; apply for a community or an association."))
        call.last_number += 1
        call.save(update_fields=["last_number"])
        dossier = Dossier.objects.create(
            programme_id=call.programme_id,
            call=call,
            form=current_form(call),
            applicant=applicant,
            reference=f"{call.reference_prefix}-{call.last_number:04}",
            title=inputs.line(title, "title", longest=200),
            department=applicant.department,
            plan=FinancingPlan.objects.create(created_at=now),
            created_by=as_person(by),
            created_at=now,
        )
        _journal(by, "dossier.created", dossier, to_state=State.DRAFT, call=call.slug, title=dossier.title)
    return dossier


@action("dossier.edit")
def rename(*, dossier: Dossier, title: str, version: int, by: Actor) -> Dossier:
    """Give the project another title; in a completion, when its first section is asked for."""
    with locked(dossier) as dossier:
        _editable(dossier, dossier.questions.codes[0], by, version)
        dossier.title = inputs.line(title, "title", longest=200)
        _changed(dossier, "title")
        _journal(by, "dossier.renamed", dossier, title=dossier.title)
    return dossier


@action("dossier.edit")
def edit_section(
    *,
    dossier: Dossier,
    section: str,
    answers: Mapping[str, Any],
    version: int,
    by: Actor,
    bases: Mapping[str, str] | None = None,
) -> Dossier:
    """Keep the answers to one section; fields that are not given keep theirs.

    `bases` are the digests of the answers that the editor began from, by field: an answer that was not touched leaves
    what stands, and another person's other answers are no obstacle. Raises `Conflict` where one of them stands in the
    way, or without `bases` when the dossier changed since `version`; and `Refused`, naming the field, for an answer
    that cannot be kept. What is incomplete is kept: submission tells.
    """
    with locked(dossier) as dossier:
        _editable(dossier, section, by, None if bases is not None else version)
        asked = _asked(dossier, section)
        kept, own = dict(dossier.answers.get(section, {})), {}
        for code, answer in answers.items():
            given, base = _answer(asked, code, answer), (bases or {}).get(code)
            if base is not None and drafts.digest(given) == base:
                continue
            _not_over(dossier, section, code, given, base)
            own[code] = kept[code] = given
        dossier.answers = {**dossier.answers, section: kept}
        hands.saved(dossier, section, list(own), as_person(by))
        _changed(dossier, "answers", "hands", "unentered")
        _journal(by, "dossier.edited", dossier, section=section, version=dossier.version)
    return dossier


@action("dossier.edit")
def save_answer(*, dossier: Dossier, section: str, field: str, answer: Any, base: str, by: Actor) -> Dossier:
    """Keep one answer while it is typed, over the one whose digest (`drafts.digest`) is `base`.

    The same answer again writes nothing. The dossier's version stays: what is typed in one part disturbs nobody in
    another. The journal tells of it with the next act on the dossier (`hands.enter`). Raises `AnsweredMeanwhile` when
    another answer than `base` stands there, `Refused`, naming the field, for an answer that cannot be kept.
    """
    with locked(dossier) as fresh:
        _known(fresh, dossier)
        _editable(fresh, section, by)
        given = _answer(_asked(fresh, section), field, answer)
        kept = dict(fresh.answers.get(section, {}))
        _not_over(fresh, section, field, given, base)
        if drafts.digest(kept.get(field)) != drafts.digest(given):
            kept[field] = given
            fresh.answers = {**fresh.answers, section: kept}
            hands.wrote(fresh, section, field, as_person(by))
            fresh.save(update_fields=["answers", "hands", "unentered"])
    return fresh


@action("dossier.edit")
def set_plan(
    *,
    dossier: Dossier,
    cost_lines: Sequence[Mapping[str, Any]],
    resources: Sequence[Mapping[str, Any]],
    version: int,
    by: Actor,
) -> Dossier:
    """Replace the financing plan: `{post, supplier, cost, eligible}` and `{kind, label, amount}`, euros.

    Raises `Refused` for an amount that is none or an eligible part above its cost; whether the plan balances is
    told at submission.
    """
    with locked(dossier) as dossier:
        _editable(dossier, _part(dossier, form.BUDGET), by, version)
        if max(len(cost_lines), len(resources)) > MOST_ROWS:
            raise Refused(_t("A plan has {most} lines at most; group the small ones.").format(most=MOST_ROWS))
        costs = [_cost_line(dossier.plan, place, row) for place, row in enumerate(cost_lines)]
        funds = [_resource(dossier.plan, place, row) for place, row in enumerate(resources)]
        dossier.plan.cost_lines.all().delete()
        dossier.plan.resources.all().delete()
        CostLine.objects.bulk_create(costs)
        Resource.objects.bulk_create(funds)
        dossier.eligible = sum((line.eligible for line in costs), Decimal(0))
        dossier.requested = sum((row.amount for row in funds if row.kind == ResourceKind.GRANT), Decimal(0))
        _changed(dossier, "eligible", "requested")
        _journal(
            by,
            "dossier.plan_set",
            dossier,
            version=dossier.version,
            total=sum((line.cost for line in costs), Decimal(0)),
            eligible=dossier.eligible,
            requested=dossier.requested,
        )
    return dossier


@action("dossier.edit")
def attach_document(*, dossier: Dossier, upload: Any, kind: str, by: Actor, label: str = "") -> Document:
    """Join a file to the dossier. Raises `Refused` for a kind of file that is not taken."""
    _editable(dossier, _part(dossier, form.DOCUMENTS), by)
    inputs.choice(kind, [piece.code for piece in dossier.questions.pieces], "kind")
    # Before the lock: bytes travel, and nobody waits for them.
    document = documents.store(upload, by=by, chain=dossier.journal_chain, kind=kind, label=label)
    with locked(dossier) as dossier:
        _editable(dossier, _part(dossier, form.DOCUMENTS), by)
        if dossier.attachments.live().count() >= MOST_DOCUMENTS:
            raise Refused(_t("An application has {most} documents at most.").format(most=MOST_DOCUMENTS))
        Attachment.objects.create(dossier=dossier, document=document, kind=kind, attached_at=clock.now())
        _journal(by, "dossier.document_attached", dossier, kind=kind, sha256=document.digest)
    return document


@action("dossier.edit")
def remove_document(*, dossier: Dossier, document: Document, by: Actor) -> None:
    """Take a document away from the dossier; the records keep it. Raises `Conflict` when it is not there."""
    with locked(dossier) as dossier:
        _editable(dossier, _part(dossier, form.DOCUMENTS), by)
        attachment = dossier.attachments.live().filter(document=document).first()
        if attachment is None:
            raise Conflict
        attachment.removed_at = clock.now()
        attachment.save(update_fields=["removed_at"])
        _journal(by, "dossier.document_removed", dossier, kind=attachment.kind, sha256=document.digest)


@action("dossier.edit")
def invite_partner(*, dossier: Dossier, organisation: Organisation, part: str, by: Actor) -> Partner:
    """Ask an organisation to carry the project with the applicant; its signatories are told.

    One that declined may be asked again. Raises `Refused` for the applicant itself, or one that is asked already.
    """
    with locked(dossier) as dossier:
        _editable(dossier, _part(dossier, form.PARTNERS), by)
        if organisation.pk == dossier.applicant_id:
            raise Refused(_t("The applicant carries the project already; name another one."), field="organisation")
        partner = dossier.partners.filter(organisation=organisation).first()
        if partner is None:
            partner = Partner(dossier=dossier, organisation=organisation)
        elif partner.state != PartnerState.DECLINED:
            raise Refused(_t("This organisation is named already."), field="organisation")
        partner.part = inputs.line(part, "part", longest=300)
        partner.state, partner.invited_at = PartnerState.INVITED, clock.now()
        partner.answered_at = partner.answered_by = None
        partner.save()
        _journal(by, "partner.invited", dossier, partner=organisation.name, part=partner.part)
        mails.partner_invited(partner)
    return partner


@action("dossier.edit")
def remove_partner(*, partner: Partner, by: Actor) -> None:
    """Leave a partner out of the project."""
    with locked(partner.dossier, partner) as (dossier, partner):
        _editable(dossier, _part(dossier, form.PARTNERS), by)
        _journal(by, "partner.removed", dossier, partner=partner.organisation.name, was=partner.state)
        partner.delete()


@action("partner.confirm")
def confirm_partner(*, partner: Partner, accepted: bool, by: Actor) -> Partner:
    """A signatory of the partner confirms, or declines, its part. Raises `Conflict` when it was answered already."""
    with locked(partner.dossier, partner) as (dossier, partner):
        permit(by, "partner.confirm", dossier)
        person = as_person(by)
        # The page speaks of partners of the dossier; one partner does not answer for another.
        if partner.organisation_id not in person.standing.signatory_of:
            raise NotAllowed
        if partner.state != PartnerState.INVITED:
            raise Conflict
        partner.state = PartnerState.CONFIRMED if accepted else PartnerState.DECLINED
        partner.answered_at, partner.answered_by = clock.now(), person
        partner.save()
        act = "partner.confirmed" if accepted else "partner.declined"
        journal.write(
            by, act, dossier, on_behalf=partner.organisation.name, partner=partner.organisation.name, part=partner.part
        )
        mails.partner_answered(partner)
    return partner


def _editable(dossier: Dossier, section: str, by: Actor, version: int | None = None) -> None:
    """Raise unless `by` may edit this section now: in a draft all of them, in a completion those asked for."""
    permit(by, "dossier.edit", dossier)
    inputs.choice(section, dossier.questions.codes, "section")
    if version is not None and version != dossier.version:
        raise Conflict
    if dossier.state == State.RETURNED:
        request = completion.open_request(dossier)
        if request is None or section not in request.sections:
            raise Refused(
                _t("This part was not asked for: only the parts named in the request for completion can change.")
            )


def _asked(dossier: Dossier, section: str) -> form.Section:
    """The section with its questions. Raises `Refused` where it has none."""
    asked = dossier.questions.section(section)
    if asked is None or not asked.fields:
        raise Refused(_t("This part has no questions of its own."))
    return asked


def _not_over(dossier: Dossier, section: str, field: str, answer: Any, base: str | None) -> None:
    """Raise `AnsweredMeanwhile` where `answer` would go over one that its writer has not seen.

    Without a base the dossier's version has spoken, but for what was autosaved since.
    """
    kept = dossier.answers.get(section, {}).get(field)
    if base is None:
        base = "" if hands.autosaved_since(dossier, section, field) else drafts.digest(kept)
    if not drafts.may_replace(kept, base=base, answer=answer):
        raise hands.meanwhile(dossier, section, field)


def _known(fresh: Dossier, seen: Dossier) -> None:
    """Give the locked row what the caller read with its own and what is still the same: no query reads it again."""
    for name in ("form", "applicant", "programme"):
        field: Any = Dossier._meta.get_field(name)
        if field.is_cached(seen) and getattr(fresh, f"{name}_id") == getattr(seen, f"{name}_id"):
            field.set_cached_value(fresh, field.get_cached_value(seen))


def _part(dossier: Dossier, part: str) -> str:
    """The code of the section that is this part of the dossier's form. Raises `Refused` where it has none."""
    found = dossier.questions.part(part)
    if found is None:
        raise Refused(_t("The form of this call has no such part."))
    return found.code


def _changed(dossier: Dossier, *fields: str) -> None:
    dossier.version += 1
    dossier.save(update_fields=[*fields, "version"])


def _answer(section: form.Section, code: str, answer: Any) -> Any:
    """One answer, cleaned. Raises `Refused` for a field the section does not have, or a value it cannot take."""
    try:
        question = section.field(code)
    except KeyError as error:
        raise Refused(_t("This part has no such question; reload the page.")) from error
    kept = _rows(question, answer) if question.kind == form.TABLE else _text(question.kind, code, answer)
    fault = answer_fault(question, kept)
    if fault is not None:
        raise Refused(str(fault), field=code)
    return kept


def _text(kind: str, code: str, answer: Any) -> str:
    text = inputs.paragraph(answer, code, longest=form.LONGEST_ANSWER.get(kind, 200), needed=False)
    return text if kind == form.LONG else " ".join(text.split())


def _rows(question: form.Field, answer: Any) -> list[dict[str, str]]:
    """The rows of a table that hold anything, each with its known columns."""
    if not isinstance(answer, list) or not all(isinstance(row, Mapping) for row in answer):
        raise Refused(_t("Fill in the table."), field=question.code)
    rows = [
        {column.code: _text(column.kind, question.code, row.get(column.code, "")) for column in question.columns}
        for row in answer[: form.MOST_ROWS + 1]
    ]
    return [row for row in rows if any(row.values())]


def _cost_line(plan: FinancingPlan, place: int, row: Mapping[str, Any]) -> CostLine:
    line = CostLine(
        plan=plan,
        post=inputs.line(row.get("post", ""), "post", longest=200),
        supplier=inputs.line(row.get("supplier", ""), "supplier", longest=200, needed=False),
        cost=inputs.amount(row.get("cost", ""), "cost"),
        eligible=inputs.amount(row.get("eligible", ""), "eligible"),
        position=place,
    )
    if line.eligible > line.cost:
        raise Refused(_t("“{post}”: the eligible part is above the cost.").format(post=line.post), field="eligible")
    return line


def _resource(plan: FinancingPlan, place: int, row: Mapping[str, Any]) -> Resource:
    return Resource(
        plan=plan,
        kind=inputs.choice(row.get("kind", ""), ResourceKind.values, "kind"),
        label=inputs.line(row.get("label", ""), "label", longest=200, needed=False),
        amount=inputs.amount(row.get("amount", ""), "amount"),
        position=place,
    )


def _journal(by: Actor, act: str, dossier: Dossier, *, to_state: str = "", **data: Any) -> None:
    hands.enter(dossier)
    journal.write(by, act, dossier, to_state=to_state, on_behalf=dossier.applicant.name, **data)
