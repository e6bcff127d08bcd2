"""Moving money: the only two writes of the ledger."""

from __future__ import annotations

from decimal import Decimal

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _t

from kit import clock
from kit.errors import Busy, Conflict, Refused
from kit.locks import is_busy
from kit.money import amount_of, format_amount
from records.models import Account, Transfer
from records.queries.contents import chain_key, transfer_content
from records.rules.chain import chained


class Overdraft(Refused):
    """The debited account holds less than the transfer moves."""


def open_account(code: str, kind: str, *, may_overdraw: bool = False) -> Account:
    """The account `code`, opened if it is new. Raises `Conflict` when it stands with another kind or right."""
    account, _created = Account.objects.get_or_create(code=code, defaults={"kind": kind, "may_overdraw": may_overdraw})
    if (account.kind, account.may_overdraw) != (kind, may_overdraw):
        raise Conflict(_t("The account {code} already exists for another use; choose another code.").format(code=code))
    return account


def post(
    kind: str, *, debit: Account, credit: Account, amount: Decimal, key: str, settles: Transfer | None = None
) -> Transfer | None:
    """Move `amount` euros from `debit` to `credit`, once for `key`; `settles` is the transfer this one undoes or ends.

    The same key with the same content returns the transfer that stands. Zero moves nothing and returns `None`.
    The balances of the two accounts given are brought up to date.
    Raises `Overdraft`, `Conflict` (same key, other content; a transfer settled twice), `Busy`, and `ValueError`
    for a negative amount or one account on both sides.
    """
    amount = amount_of(amount)
    if amount < 0 or debit.pk == credit.pk:
        raise ValueError("A transfer moves a positive amount between two accounts.")
    if not amount:
        return None
    with transaction.atomic():
        accounts = _locked_accounts(debit, credit)
        transfer = _standing(kind, debit, credit, amount, key, settles)
        if transfer is None:
            transfer = _move(kind, accounts[debit.pk], accounts[credit.pk], amount, key, settles)
    for given in (debit, credit):
        fresh = accounts[given.pk]
        for name in ("balance", "debit_count", "debit_digest", "credit_count"):
            setattr(given, name, getattr(fresh, name))
    return transfer


def _locked_accounts(*accounts: Account) -> dict[int, Account]:
    keys = [account.pk for account in accounts]
    try:
        rows = Account.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
        return {row.pk: row for row in rows}
    except OperationalError as error:
        if is_busy(error):
            raise Busy from error
        raise


def _standing(
    kind: str, debit: Account, credit: Account, amount: Decimal, key: str, settles: Transfer | None
) -> Transfer | None:
    standing = Transfer.objects.filter(key=key).first()
    if standing is None:
        if settles is not None and Transfer.objects.filter(settles=settles).exists():
            raise Conflict(_t("This movement was already settled; reload the page to see what stands."))
        return None
    settled = settles.pk if settles is not None else None
    asked = (kind, debit.pk, credit.pk, amount, settled)
    if (standing.kind, standing.debit_id, standing.credit_id, standing.amount, standing.settles_id) != asked:
        raise Conflict(_t("This movement was already recorded with other figures; reload the page to see what stands."))
    return standing


def _move(kind: str, debit: Account, credit: Account, amount: Decimal, key: str, settles: Transfer | None) -> Transfer:
    if debit.balance < amount and not debit.may_overdraw:
        sentence = _t(
            "{code} holds {balance}, and {amount} would be needed; lower the amount or wait until there is more."
        )
        raise Overdraft(
            sentence.format(code=debit.code, balance=format_amount(debit.balance), amount=format_amount(amount))
        )
    transfer = Transfer(
        debit=debit,
        credit=credit,
        seq=debit.debit_count + 1,
        kind=kind,
        amount=amount,
        key=key,
        settles=settles,
        occurred_at=clock.now(),
        recorded_at=clock.real_now(),
    )
    transfer.digest = chained(chain_key(), debit.debit_digest, transfer.seq, transfer_content(transfer))
    transfer.save(force_insert=True)
    debit.balance -= amount
    debit.debit_count, debit.debit_digest = transfer.seq, transfer.digest
    debit.save(update_fields=["balance", "debit_count", "debit_digest"])
    credit.balance += amount
    credit.credit_count += 1
    credit.save(update_fields=["balance", "credit_count"])
    return transfer
