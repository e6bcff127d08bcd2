"""The award: the grant that a decision gives, reserved in the envelope, and its way back (F2, CPR art. 73)."""

from __future__ import annotations

from django.utils.translation import gettext as _t

from grants.actions.accounts import account
from grants.models import Award, Dossier
from grants.queries import money
from grants.rules import accounts, funding
from kit import clock
from kit.actors import Actor
from kit.errors import Conflict, Unmet
from kit.locks import locked
from people.acting import action
from people.permissions import permit
from programmes.models import Decision
from records.actions import journal, ledger
from records.models import Account


@action("dossier.select")
def reserve(*, dossier: Dossier, decision: Decision, by: Actor) -> Award:
    """Compute the grant of `dossier` on the day of `decision` and reserve it in the envelope (formula F2).

    Part of the act that selects, to be called before the state moves: `dossier.granted` is set, here and in the
    database. Raises `Unmet` where there is no rule, too little left or a grant below the floor, `Conflict` where a
    live award stands.
    """
    with locked(dossier.call.envelope, dossier) as (envelope, fresh):
        permit(by, "dossier.select", fresh)
        if fresh.awards.filter(released_at=None).exists():
            raise Conflict(_t("A grant is reserved for this application already."))
        store = Account.objects.get(pk=envelope.account_id)
        missing = list(money.shortage(fresh, decision.taken_on, left=store.balance))
        rule = money.rule_on(fresh, decision.taken_on)
        if missing or rule is None:
            raise Unmet(missing)
        terms = funding.AidRule.of(rule)
        grant = funding.grant(terms, eligible=fresh.eligible, requested=fresh.requested, left=store.balance)
        award = Award.objects.create(
            dossier=fresh,
            decision=decision,
            aid_rule=rule,
            eligible=fresh.eligible,
            amount=grant.amount,
            bound_by=grant.bound,
            operands=grant.record(),
            awarded_at=clock.now(),
        )
        dossier.granted = fresh.granted = grant.amount
        fresh.save(update_fields=["granted"])
        ledger.post(
            "reserve",
            debit=store,
            credit=account(accounts.RESERVED, fresh),
            amount=grant.amount,
            key=f"select:{award.pk}",
        )
        journal.write(
            by,
            "grant.reserved",
            fresh,
            amount=grant.amount,
            bound_by=grant.bound,
            operands=grant.record(),
            aid_rule=f"{fresh.call.measure.code} {rule.valid_from.isoformat()}",
            envelope=envelope.code,
            decision=decision.reference,
        )
    return award


@action("dossier.withdraw")
def release(*, dossier: Dossier, by: Actor) -> Award | None:
    """Return what is reserved for `dossier` to its envelope; nothing where nothing is.

    Part of the act that ends the dossier, to be called before the state moves.
    """
    with locked(dossier.call.envelope, dossier) as (envelope, fresh):
        permit(by, "dossier.withdraw", fresh)
        award = fresh.awards.filter(released_at=None).first()
        if award is None:
            return None
        award.released_at = clock.now()
        award.save(update_fields=["released_at"])
        ledger.post(
            "release",
            debit=account(accounts.RESERVED, fresh),
            credit=Account.objects.get(pk=envelope.account_id),
            amount=award.amount,
            key=f"release:{award.pk}",
        )
        journal.write(by, "grant.released", fresh, amount=award.amount, envelope=envelope.code)
    return award
