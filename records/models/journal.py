"""The journal: one row an act, hash-chained per subject, the day's heads sealed."""

from __future__ import annotations

from django.db import models

from records.models.querysets import RecordQuerySet

DIGEST_LENGTH = 64  # hexadecimal characters of a SHA-256


class JournalHead(models.Model):
    """The last row of a chain: locked last in an act, so that the chain has no gap and no fork."""

    chain = models.CharField(max_length=100, unique=True)
    seq = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=DIGEST_LENGTH, blank=True, default="")
    sealed_seq = models.PositiveBigIntegerField(default=0)

    objects = RecordQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq}"


class JournalEntry(models.Model):
    """An act: who, for whom, what, from where to where, why, when. Never changed, never deleted (trigger)."""

    chain = models.CharField(max_length=100)
    seq = models.PositiveBigIntegerField()
    act = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    actor_id = models.CharField(max_length=80)
    on_behalf = models.CharField(max_length=200, blank=True, default="")
    from_state = models.CharField(max_length=50, blank=True, default="")
    to_state = models.CharField(max_length=50, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    data = models.JSONField(default=dict)
    # The digest of the row in JournalPersonal, salted: erasing that row leaves the chain whole.
    personal_digest = models.CharField(max_length=DIGEST_LENGTH)
    # When it happened by the house's clock (a replay's instant), and when the row was really written.
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    digest = models.CharField(max_length=DIGEST_LENGTH)

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["chain", "seq"], name="journal_entry_chain_seq"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="journal_entry_seq_from_one"),
        )
        indexes = (
            models.Index(fields=["occurred_at"], name="journal_entry_occurred"),
            models.Index(fields=["actor_id", "occurred_at"], name="journal_entry_actor"),
            models.Index(fields=["act", "occurred_at"], name="journal_entry_act"),
        )

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq} {self.act}"


class JournalPersonal(models.Model):
    """The personal data of an act: names, addresses. Erasable, with its salt, on the person's request."""

    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="personal")
    salt = models.CharField(max_length=64, blank=True)
    data = models.JSONField(default=dict)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(salt=""),
                name="journal_personal_erased_with_its_salt",
            ),
        )

    def __str__(self) -> str:
        return f"personal data of row {self.entry_id}"


class JournalSeal(models.Model):
    """A day's heads, of the journal's chains and of the ledger's accounts, that moved since the seal before.

    The seals are a chain themselves. A chain cut behind its head, with the head set back, contradicts its seal.
    """

    seq = models.PositiveBigIntegerField(unique=True)
    day = models.DateField(unique=True)
    # {"journal": {chain: [seq, digest]}, "accounts": {code: [debits, digest of the last debit, credits]}}
    heads = models.JSONField()
    recorded_at = models.DateTimeField()
    digest = models.CharField(max_length=DIGEST_LENGTH)

    objects = RecordQuerySet.as_manager()

    def __str__(self) -> str:
        return f"seal #{self.seq} of {self.day}"
