"""Payment claims: the beneficiary's expenses and the officer's check of each (R38, R41)."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grants.models import CostLine, Dossier
from grants.models.dossier import OfDossier, OfDossierQuerySet
from kit.money import MoneyField
from monitoring.lifecycle import ClaimLifecycle, ClaimState
from records.models import Document

if TYPE_CHECKING:
    from people.models import Person

ZERO = Decimal("0.00")


class ClaimKind(models.TextChoices):
    ADVANCE = "advance", pgettext_lazy("claim", "Advance")
    INTERIM = "interim", pgettext_lazy("claim", "Interim payment")
    FINAL = "final", pgettext_lazy("claim", "Final balance")


class Claim(OfDossier, ClaimLifecycle):
    """A request for payment; its version rises with each contest."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="claims")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=8, choices=ClaimKind.choices)
    version = models.PositiveSmallIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    certified_at = models.DateTimeField(null=True, blank=True)

    objects = OfDossierQuerySet.as_manager()

    lock_rank = 50

    class Meta:
        ordering = ["dossier", "number"]
        verbose_name = _("payment claim")
        indexes = [models.Index(fields=["state", "submitted_at"], name="claim_work_list")]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="claim_number_unique"),
            models.UniqueConstraint(fields=["dossier"], condition=Q(kind=ClaimKind.ADVANCE), name="one_advance_claim"),
            models.UniqueConstraint(fields=["dossier"], condition=Q(kind=ClaimKind.FINAL), name="one_final_claim"),
            models.CheckConstraint(condition=Q(state__in=ClaimState.values), name="claim_state_known"),
            models.CheckConstraint(
                condition=Q(state=ClaimState.DRAFT) | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="claim_submitted_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[ClaimState.CHECKED, ClaimState.ISSUED, ClaimState.CERTIFIED, ClaimState.SETTLED]
                )
                | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="claim_checked_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier.reference} n° {self.number}"

    @property
    def is_advance(self) -> bool:
        """An advance claims no expense: its sum is a share of the grant."""
        return self.kind == ClaimKind.ADVANCE

    @property
    def claimed(self) -> Decimal:
        """Sum claimed, in euros."""
        return sum((item.claimed for item in self.items.all()), ZERO)

    @property
    def accepted(self) -> Decimal:
        """Sum accepted so far, in euros (F1: claimed − rejected)."""
        return sum((item.accepted or ZERO for item in self.items.all()), ZERO)


class ExpenseItemQuerySet(models.QuerySet):
    def visible_to(self, person: "Person | None") -> Self:
        """As the claim."""
        return self.filter(claim__dossier__in=Dossier.objects.visible_to(person))


class ExpenseItem(models.Model):
    """One invoice of a claim; `accepted` is the result of its last check."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="items")
    cost_line = models.ForeignKey(CostLine, models.PROTECT, null=True, blank=True, related_name="expenses")
    supplier = models.CharField(_("supplier"), max_length=200)
    invoice_number = models.CharField(_("invoice number"), max_length=60)
    invoiced_on = models.DateField(_("date of the invoice"))
    paid_on = models.DateField(_("paid on"))
    claimed = MoneyField(_("amount claimed"))
    accepted = MoneyField(_("amount accepted"), null=True, blank=True)
    reason = models.CharField(_("reason of the rejection"), max_length=300, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ExpenseItemQuerySet.as_manager()

    class Meta:
        ordering = ["claim", "pk"]
        verbose_name = _("expense")
        constraints = [
            models.CheckConstraint(condition=Q(claimed__gt=0), name="expense_claimed_positive"),
            models.CheckConstraint(
                condition=Q(accepted=None) | Q(accepted__gte=0, accepted__lte=F("claimed")),
                name="expense_accepted_within",
            ),
            models.CheckConstraint(
                condition=Q(accepted=None) | Q(accepted=F("claimed")) | ~Q(reason=""), name="rejection_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} {self.invoice_number}"

    @property
    def dossier(self) -> Dossier:
        return self.claim.dossier

    @property
    def rejected(self) -> Decimal:
        """Claimed less accepted, in euros; zero while unchecked."""
        return ZERO if self.accepted is None else self.claimed - self.accepted


class ItemCheck(models.Model):
    """One check of one item, kept for ever: who accepted how much, in which version of the claim."""

    item = models.ForeignKey(ExpenseItem, models.PROTECT, related_name="checks")
    version = models.PositiveSmallIntegerField()
    accepted = MoneyField()
    reason = models.CharField(max_length=300, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["item", "version", "pk"]
        verbose_name = _("check of an expense")
        constraints = [models.CheckConstraint(condition=Q(accepted__gte=0), name="check_not_negative")]

    def __str__(self) -> str:
        return f"{self.item} v{self.version}"


class Contest(OfDossier, models.Model):
    """What the beneficiary holds against a rejection; closed by the approval of the new certificate."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="contests")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="contests")
    text = models.TextField(_("grounds"))
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        ordering = ["-filed_at", "-pk"]
        verbose_name = _("contest")
        constraints = [models.UniqueConstraint(fields=["claim"], condition=Q(settled_at=None), name="one_open_contest")]

    def __str__(self) -> str:
        return f"{self.claim} {self.filed_at:%Y-%m-%d}"
