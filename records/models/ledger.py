"""The ledger: accounts and the immutable transfers between them. Account codes are opaque references here."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from kit.money import MoneyField
from records.models.journal import DIGEST_LENGTH
from records.models.querysets import RecordQuerySet


class Account(models.Model):
    """Where money stands. The kept balance serves speed; `verify_ledger` recomputes it from the transfers."""

    code = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    # A source outside the house (a funder's vote) may go below zero; nothing else may.
    may_overdraw = models.BooleanField(default=False)
    balance = MoneyField(default=Decimal(0))
    # The heads of this account's chain of debits, and the count of its credits.
    debit_count = models.PositiveBigIntegerField(default=0)
    debit_digest = models.CharField(max_length=DIGEST_LENGTH, blank=True, default="")
    credit_count = models.PositiveBigIntegerField(default=0)
    sealed_count = models.PositiveBigIntegerField(default=0)

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(balance__gte=0) | Q(may_overdraw=True), name="account_never_overdrawn"),
        )
        indexes = (models.Index(fields=["kind"], name="account_kind"),)

    def __str__(self) -> str:
        return self.code


class Transfer(models.Model):
    """A movement of money from `debit` to `credit`. Never changed, never deleted (trigger): an error is reversed."""

    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    # The place in the chain of the debited account, from 1 and without a gap.
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    amount = MoneyField()
    key = models.CharField(max_length=200, unique=True)
    settles = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="settled_by")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    digest = models.CharField(max_length=DIGEST_LENGTH)

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_moves_something"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="transfer_between_two_accounts"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="transfer_seq_from_one"),
            models.UniqueConstraint(fields=["debit", "seq"], name="transfer_debit_seq"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} ({self.key})"
