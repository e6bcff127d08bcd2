"""The mails about dossiers: in each recipient's language, one row for each event and recipient."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from grants.models import (
    Agreement,
    Appeal,
    Award,
    BankDetails,
    CompletionRequest,
    Dossier,
    Message,
    Partner,
    PartnerState,
    Side,
    Snapshot,
)
from grants.queries import deadlines, handling, visibility
from kit.money import format_amount
from kit.text import format_date, format_datetime
from people import queries as people
from people.models import Organisation, Person, Role
from programmes.models import Call, FormVersion
from records.actions import outbox

Written = Callable[[], tuple[str, str]]


def acknowledgement(dossier: Dossier, snapshot: Snapshot) -> None:
    """The receipt of a filing: number, date, time, digest, whom to ask, how to appeal (CRPA art. L112-3, R112-5)."""

    def written() -> tuple[str, str]:
        first = snapshot.number == 1
        subject = _t("{reference}: your application is received") if first else _t("{reference}: completed")
        return subject.format(reference=dossier.reference), _t(
            "{organisation} filed the application {reference}, “{title}”.\n\n"
            "Received: {instant} (Paris time)\n"
            "Filing number: {number}\n"
            "Digest of what was filed (SHA-256): {digest}\n\n"
            "Keep this message: it is your receipt. The receipt as a PDF, and what was filed under seal, stay on this "
            "page:\n{link}\n\n"
            "Service in charge: {service}, {contact}\n"
            "If the application is found ineligible or is not selected, the decision gives its reasons, and you can "
            "appeal within {days} days on the page of the application, or ask the administrative court."
        ).format(
            organisation=dossier.applicant,
            reference=dossier.reference,
            title=dossier.title,
            instant=format_datetime(snapshot.taken_at),
            number=snapshot.number,
            digest=snapshot.digest,
            link=page(dossier),
            service=dossier.programme.managing_body,
            contact=dossier.programme.contact_email or _t("by the page of the application"),
            days=dossier.call.appeal_days,
        )

    _send("acknowledgement", dossier, applicants(dossier, snapshot.taken_by), str(snapshot.number), written)


def completion_asked(request: CompletionRequest) -> None:
    """Whole sections are to be completed before a date."""
    dossier = request.dossier

    def written() -> tuple[str, str]:
        return _t("{reference}: please complete your application").format(reference=dossier.reference), _t(
            "To go on with “{title}”, the service needs you to complete these parts before {instant} (Paris time):\n"
            "{sections}\n\n{message}\n\nThe rest of the application stays as you filed it. Complete and file it "
            "again here:\n{link}"
        ).format(
            title=dossier.title,
            instant=format_datetime(request.due_at),
            sections="\n".join(
                f"- {section.title}" for section in dossier.questions if section.code in request.sections
            ),
            message=request.message,
            link=page(dossier),
        )

    _send("completion_asked", dossier, applicants(dossier), str(request.pk), written)


def completion_extended(request: CompletionRequest) -> None:
    """There is more time to complete."""
    dossier = request.dossier

    def written() -> tuple[str, str]:
        return _t("{reference}: you have more time").format(reference=dossier.reference), _t(
            "You can complete “{title}” until {instant} (Paris time):\n{link}"
        ).format(title=dossier.title, instant=format_datetime(request.due_at), link=page(dossier))

    key = f"{request.pk}:{request.due_at.isoformat()}"
    _send("completion_extended", dossier, applicants(dossier), key, written)


def completion_cancelled(request: CompletionRequest) -> None:
    """Nothing is to be completed any more."""
    dossier = request.dossier

    def written() -> tuple[str, str]:
        return _t("{reference}: nothing left to complete").format(reference=dossier.reference), _t(
            "The service no longer asks you to complete “{title}”: it is examined as you filed it.\n{link}"
        ).format(title=dossier.title, link=page(dossier))

    _send("completion_cancelled", dossier, applicants(dossier), str(request.pk), written)


def ineligible(dossier: Dossier) -> None:
    """The application breaks a rule of the call: which one, why, and what can be done."""

    def written() -> tuple[str, str]:
        over = deadlines.appeal_ends_at(dossier)
        return _t("{reference}: your application is ineligible").format(reference=dossier.reference), _t(
            "“{title}” does not meet the conditions of the call.\n\n{reasons}\n\n"
            "You can appeal until {day}, included, on the page of the application:\n{link}"
        ).format(
            title=dossier.title,
            reasons=dossier.decision_reasons,
            day=format_date(deadlines.last_day(over)),
            link=page(dossier),
        )

    key = dossier.decided_at.isoformat() if dossier.decided_at is not None else ""
    _send("ineligible", dossier, applicants(dossier), key, written)


def withdrawn(dossier: Dossier, reason: str, released: Award | None) -> None:
    """To the staff: the applicant gave up, and what returned to the envelope."""

    def written() -> tuple[str, str]:
        text = _t("{organisation} withdrew “{title}”.\n\nReason: {reason}").format(
            organisation=dossier.applicant, title=dossier.title, reason=reason
        )
        if released is not None:
            text += "\n\n" + _t(
                "{amount} returned to the envelope {envelope}; the next one on the reserve list can be selected."
            ).format(amount=format_amount(released.amount), envelope=dossier.call.envelope.code)
        return _t("{reference}: withdrawn").format(reference=dossier.reference), f"{text}\n{page(dossier)}"

    staff = _staff(dossier, Role.INSTRUCTING_OFFICER, Role.COMMITTEE_SECRETARY)
    _send("withdrawn", dossier, staff, "", written)


def officer_assigned(dossier: Dossier, officer: Person, by: str, at: datetime) -> None:
    """To the officer: a dossier is in their charge, given by `by`."""

    def written() -> tuple[str, str]:
        return _t("{reference}: a dossier is in your charge").format(reference=dossier.reference), _t(
            "{person} put the dossier “{title}” of {organisation} in your charge. From now on its mails to the "
            "instructing service come to you.\n{link}"
        ).format(person=by, title=dossier.title, organisation=dossier.applicant, link=page(dossier))

    _send("officer_assigned", dossier, [officer], at.isoformat(), written)


def appeal_filed(appeal: Appeal) -> None:
    """To the secretaries: a decision is contested."""
    dossier = appeal.dossier

    def written() -> tuple[str, str]:
        return _t("{reference}: appeal filed").format(reference=dossier.reference), _t(
            "{organisation} appeals against the decision on “{title}”:\n\n{text}\n\n{link}"
        ).format(organisation=dossier.applicant, title=dossier.title, text=appeal.text, link=page(dossier))

    _send("appeal_filed", dossier, _staff(dossier, Role.COMMITTEE_SECRETARY), str(appeal.pk), written)


def message_sent(message: Message) -> None:
    """To the other side: there is a message. Its words stay on the page, for people write account numbers in them."""
    dossier, files = message.dossier, message.files.count()
    sender = dossier.applicant if message.side == Side.APPLICANT else dossier.programme.managing_body

    def written() -> tuple[str, str]:
        # Not the title: that of a draft is no business of the staff yet.
        text = _t("{person} ({sender}) wrote a message about the application {reference}.").format(
            person=message.author, sender=sender, reference=dossier.reference
        )
        if files:
            more = ngettext("One document comes with it.", "{number} documents come with it.", files)
            text += "\n" + more.format(number=files)
        link = f"{page(dossier)}?volet=messages"
        return _t("{reference}: a message for you").format(reference=dossier.reference), _t(
            "{text}\n\nRead it and answer here:\n{link}"
        ).format(text=text, link=link)

    if message.side == Side.STAFF:
        readers = applicants(dossier)
    else:
        readers = _staff(dossier, Role.INSTRUCTING_OFFICER) or _staff(dossier, Role.PROGRAMME_MANAGER)
    _send("message_sent", dossier, readers, str(message.pk), written)


def partner_invited(partner: Partner) -> None:
    """To the signatories of a partner: confirm its part, or decline."""
    dossier = partner.dossier

    def written() -> tuple[str, str]:
        return _t("{applicant} names you as a partner").format(applicant=dossier.applicant), _t(
            "{applicant} names {partner} as a partner of “{title}”, for this part:\n{part}\n\n"
            "Confirm or decline before {instant} (Paris time):\n{link}"
        ).format(
            applicant=dossier.applicant,
            partner=partner.organisation,
            title=dossier.title,
            part=partner.part,
            instant=format_datetime(deadlines.filing_ends_at(dossier) or dossier.call.closes_at),
            link=page(dossier),
        )

    key = f"{partner.pk}:{partner.invited_at.isoformat()}"
    _send("partner_invited", dossier, people.signatories(partner.organisation), key, written)


def partner_answered(partner: Partner) -> None:
    """To the applicant: a partner confirmed its part, or declined."""
    dossier, accepted = partner.dossier, partner.state == PartnerState.CONFIRMED

    def written() -> tuple[str, str]:
        if accepted:
            subject = _t("{reference}: {partner} confirms its part")
            text = _t("{partner} confirms its part in “{title}”.\n{link}")
        else:
            subject = _t("{reference}: {partner} declines")
            text = _t("{partner} declines to take part in “{title}”: leave it out of the project to file it.\n{link}")
        return (
            subject.format(reference=dossier.reference, partner=partner.organisation),
            text.format(partner=partner.organisation, title=dossier.title, link=page(dossier)),
        )

    key = f"{partner.pk}:{partner.answered_at.isoformat() if partner.answered_at is not None else ''}"
    _send("partner_answered", dossier, applicants(dossier), key, written)


def agreement_to_sign(agreement: Agreement) -> None:
    """To the signatories: read the agreement, give the bank details, sign."""
    dossier = agreement.dossier

    def written() -> tuple[str, str]:
        return _t("{reference}: your agreement is ready to be signed").format(reference=dossier.reference), _t(
            "The agreement {number} for “{title}” is ready: {amount}, for expenses from {start} to {end}.\n\n"
            "Read it, give your bank details, and sign it here:\n{link}"
        ).format(
            number=agreement.number,
            title=dossier.title,
            amount=format_amount(agreement.grant),
            start=format_date(agreement.starts_on),
            end=format_date(agreement.ends_on),
            link=page(dossier),
        )

    key = f"{agreement.pk}:{agreement.drafted_at.isoformat()}"
    _send("agreement_to_sign", dossier, people.signatories(dossier.applicant), key, written)


def agreement_signed(agreement: Agreement) -> None:
    """To the managers: the beneficiary has signed, the programme signs next."""
    dossier = agreement.dossier

    def written() -> tuple[str, str]:
        return _t("{reference}: the beneficiary has signed").format(reference=dossier.reference), _t(
            "{organisation} signed the agreement {number} for “{title}”; the programme's signature is next.\n{link}"
        ).format(organisation=dossier.applicant, number=agreement.number, title=dossier.title, link=page(dossier))

    _send("agreement_signed", dossier, _staff(dossier, Role.PROGRAMME_MANAGER), str(agreement.pk), written)


def contracted(agreement: Agreement) -> None:
    """To the applicant: both parties have signed; expenses can be claimed."""
    dossier = agreement.dossier

    def written() -> tuple[str, str]:
        return _t("{reference}: your agreement is signed").format(reference=dossier.reference), _t(
            "The agreement {number} for “{title}” is signed by both parties: your grant is {amount}.\n\n"
            "Keep your invoices and the proofs of their payment, and claim your payments here:\n{link}"
        ).format(
            number=agreement.number, title=dossier.title, amount=format_amount(agreement.grant), link=page(dossier)
        )

    _send("contracted", dossier, applicants(dossier), str(agreement.pk), written)


def bank_code(details: BankDetails, code: str) -> None:
    """To whoever entered the account: the code that confirms it."""
    dossier = details.dossier

    def written() -> tuple[str, str]:
        return _t("{reference}: code to confirm your bank details").format(reference=dossier.reference), _t(
            "Code: {code}\n\nGive it on the page of the application to confirm the account {account}:\n{link}\n\n"
            "If you did not enter bank details, write to {contact} at once."
        ).format(code=code, account=details.masked, link=page(dossier), contact=dossier.programme.contact)

    _send("bank_code", dossier, [details.entered_by], str(details.pk), written)


def bank_confirmed(details: BankDetails, *, replaces: bool) -> None:
    """To every signatory: an account is in use from now on, so that nobody changes it unseen."""
    dossier = details.dossier

    def written() -> tuple[str, str]:
        subject = _t("{reference}: bank details changed") if replaces else _t("{reference}: bank details confirmed")
        return subject.format(reference=dossier.reference), _t(
            "The grant for “{title}” will be paid to the account {account}, entered by {person}.\n\n"
            "If this is not right, write to {contact} at once.\n{link}"
        ).format(
            title=dossier.title,
            account=details.masked,
            person=details.entered_by,
            contact=dossier.programme.contact,
            link=page(dossier),
        )

    _send("bank_confirmed", dossier, people.signatories(dossier.applicant), str(details.pk), written)


def deadline_changed(dossier: Dossier, call: Call, former: datetime, reason: str) -> None:
    """To the owner of a draft: the call closes at another instant, and why."""

    def written() -> tuple[str, str]:
        return _t("{reference}: the deadline of the call has changed").format(reference=dossier.reference), _t(
            "The call “{call}” closes on {instant} (Paris time), and no longer on {former}.\n\nReason: {reason}\n\n"
            "Your draft “{title}” is here:\n{link}"
        ).format(
            call=call.title,
            instant=format_datetime(call.closes_at),
            former=format_datetime(former),
            reason=reason,
            title=dossier.title,
            link=page(dossier),
        )

    owners = _distinct([dossier.created_by, *people.signatories(dossier.applicant)])
    _send("deadline_changed", dossier, owners, call.closes_at.isoformat(), written)


def form_changed(dossier: Dossier, version: FormVersion) -> None:
    """To the owner of a draft: the call asks something else now, and what was answered is kept."""

    def written() -> tuple[str, str]:
        why = _t("Reason: {reason}\n\n").format(reason=version.reason) if version.reason else ""
        return _t("{reference}: the form of the call has changed").format(reference=dossier.reference), _t(
            "The call “{call}” has a new version of its form, and your draft “{title}” has moved to it. Every answer "
            "is kept; those to questions that are no longer asked stand under “Earlier answers”.\n\n{why}"
            "See what is asked now:\n{link}"
        ).format(call=version.call.title, title=dossier.title, why=why, link=page(dossier))

    owners = _distinct([dossier.created_by, *people.signatories(dossier.applicant)])
    _send("form_changed", dossier, owners, str(version.number), written)


def applicants(dossier: Dossier, *others: Person) -> list[Person]:
    """Who hears of a dossier at the applicant's: signatories, editors, and `others`, each once."""
    organisation: Organisation = dossier.applicant
    return _distinct([*others, *people.signatories(organisation), *people.editors(organisation)])


def page(dossier: Dossier) -> str:
    """The address of a dossier, the same for everybody: the site leads each reader to their own page."""
    return f"{settings.SITE_URL}/d/{dossier.reference}"


def _staff(dossier: Dossier, *roles: str) -> list[Person]:
    """Those who hold the roles, without whoever is tied to the applicant or a partner: they may not read of it.

    For the instructing officers, the one in charge where there is one.
    """
    found = _distinct([person for role in roles for person in handling.holders(dossier, role)])
    return [person for person in found if not visibility.is_tied(person, dossier)]


def _distinct(persons: Iterable[Person]) -> list[Person]:
    return list({person.pk: person for person in persons if person.is_active}.values())


def _send(kind: str, dossier: Dossier, to: Sequence[Person] | Iterable[Person], key: str, written: Written) -> None:
    """Queue the mail for each recipient, written in their language."""
    for person in to:
        with translation.override(person.language):
            subject, text = written()
        outbox.queue(
            kind,
            recipient=person.email,
            language=person.language,
            subject=subject,
            text=text,
            key=f"{kind}:{dossier.reference}:{key}:{person.pk}",
            chain=dossier.journal_chain,
            person_id=person.actor_id,
        )
