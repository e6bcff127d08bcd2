"""Bank details of a beneficiary: they count once the code that was mailed comes back, and are shown hidden."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _t
from stdnum import iban as iban_numbers
from stdnum.exceptions import ValidationError as InvalidNumber

from grants import mails
from grants.models import Agreement, BankDetails, BankDetailsState, Dossier
from grants.queries import bank as bank_queries
from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, Refused
from kit.locks import locked
from people.acting import action, as_person
from people.permissions import permit
from programmes.actions import inputs
from records.actions import access, journal

MOST_TRIES = 5
MOST_ENTRIES_A_DAY = 10
"""Each brings a new code: without a limit, five tries each would add up to a guess."""


@action("bank.edit")
def enter_bank_details(*, dossier: Dossier, iban: str, holder: str, by: Actor) -> BankDetails:
    """Give the account to pay to; a code of six digits goes to the signatory's own address.

    What waited for a code before waits no more. Raises `Refused` for an IBAN whose key does not match, and after ten
    entries in a day.
    """
    with locked(dossier) as dossier:
        permit(by, "bank.edit", dossier)
        number = _iban(iban)
        if dossier.bank_details.filter(entered_at__gt=clock.now() - timedelta(days=1)).count() >= MOST_ENTRIES_A_DAY:
            raise Refused(_t("Bank details were entered too often today; try again tomorrow."))
        name = inputs.line(holder, "holder", longest=140)
        dossier.bank_details.filter(state=BankDetailsState.PENDING).update(state=BankDetailsState.REPLACED)
        details = BankDetails.objects.create(
            dossier=dossier, iban=number, holder=name, entered_by=as_person(by), entered_at=clock.now()
        )
        code = f"{secrets.randbelow(1_000_000):06}"
        details.code_digest = _digest(details, code)
        details.save(update_fields=["code_digest"])
        journal.write(
            by,
            "bank.entered",
            dossier,
            on_behalf=dossier.applicant.name,
            personal={"iban": details.masked, "holder": name},
            bank_details=details.pk,
        )
        mails.bank_code(details, code)
    return details


def confirm_bank_details(*, details: BankDetails, code: str, by: Actor) -> BankDetails:
    """Confirm the account with the code that was mailed; it replaces the one in use, in the agreement too.

    A wrong code raises `Refused`, and its try is kept: after five, the account has to be entered again.
    """
    tried = try_code(details=details, code=code, by=by)
    if tried.state == BankDetailsState.CONFIRMED:
        return tried
    left = MOST_TRIES - tried.tries
    if left <= 0:
        raise Refused(_t("This code was wrong too often; enter the bank details again."), field="code")
    raise Refused(_t("This is not the code that was sent; tries left: {left}.").format(left=left), field="code")


@action("bank.edit")
def try_code(*, details: BankDetails, code: str, by: Actor) -> BankDetails:
    """One try of the code, counted whether it is right or not: it answers the details as they stand afterwards.

    Callers want `confirm_bank_details`, which refuses a wrong code once the try is kept.
    Raises `Conflict` when the details wait for no code.
    """
    with locked(details.dossier, details) as (dossier, details):
        permit(by, "bank.edit", dossier)
        if details.state != BankDetailsState.PENDING:
            raise Conflict
        if details.tries >= MOST_TRIES:
            return details
        details.tries += 1
        if constant_time_compare(details.code_digest, _digest(details, code)):
            _confirm(dossier, details, by)
        else:
            details.save(update_fields=["tries"])
            journal.write(by, "bank.code_refused", dossier, bank_details=details.pk, tries=details.tries)
    return details


@action("bank.view_full")
def reveal_bank_details(*, dossier: Dossier, by: Actor) -> str:
    """The whole account number in use, in groups of four; that it was read is journalled.

    Raises `Refused` when none is confirmed.
    """
    permit(by, "bank.view_full", dossier)
    details = bank_queries.confirmed(dossier)
    if details is None:
        raise Refused(_t("No bank details are confirmed yet."))
    access.log(by, "bank.revealed", dossier)
    journal.write(by, "bank.revealed", dossier, bank_details=details.pk)
    return str(iban_numbers.format(details.iban))


def _confirm(dossier: Dossier, details: BankDetails, by: Actor) -> None:
    former = bank_queries.confirmed(dossier)
    if former is not None:
        former.state = BankDetailsState.REPLACED
        former.save(update_fields=["state"])
    details.state, details.confirmed_at = BankDetailsState.CONFIRMED, clock.now()
    details.save(update_fields=["tries", "state", "confirmed_at"])
    agreement = Agreement.objects.filter(dossier=dossier, beneficiary_signed_at__isnull=False).first()
    if agreement is not None:
        agreement.bank_details = details
        agreement.save(update_fields=["bank_details"])
    journal.write(
        by,
        "bank.confirmed",
        dossier,
        on_behalf=dossier.applicant.name,
        bank_details=details.pk,
        replaces=former.pk if former is not None else None,
        agreement=agreement.number if agreement is not None else "",
    )
    mails.bank_confirmed(details, replaces=former is not None)


def _iban(text: str) -> str:
    try:
        return str(iban_numbers.validate(inputs.line(text, "iban", longest=60)))
    except InvalidNumber as error:
        raise Refused(_t("This is not an IBAN; copy it from the bank's own document."), field="iban") from error


def _digest(details: BankDetails, code: str) -> str:
    """What is kept of a code: without the site's secret, a million guesses tell nothing."""
    typed = "".join(str(code).split())
    return salted_hmac("grants.bank", f"{details.pk}:{typed}", algorithm="sha256").hexdigest()
