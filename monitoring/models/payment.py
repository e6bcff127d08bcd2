"""Certificates of service fait, payment orders and recoveries: four persons for one payment."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grants.models import BankDetails, Dossier
from grants.models.dossier import OfDossier, OfDossierQuerySet
from kit.money import MoneyField
from monitoring.lifecycle import OrderLifecycle, OrderState
from monitoring.models.claim import Claim

PERSON = settings.AUTH_USER_MODEL


class CertificateQuerySet(OfDossierQuerySet):
    def in_force(self) -> Self:
        """Approved and not replaced: those whose figures count."""
        return self.filter(approved_at__isnull=False, superseded_at=None)


class Certificate(OfDossier, models.Model):
    """The certificate of service fait of one version of a claim; euros.

    `verified` is the sum accepted on this claim, `verified_total` on all certified claims of the dossier;
    `due` is what follows from it by the aid rule (F5, F6), `to_recover` when too much was paid.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="certificates")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="certificates")
    version = models.PositiveSmallIntegerField()
    verified = MoneyField(_("verified"))
    verified_total = MoneyField(_("verified so far"))
    due = MoneyField(_("due"))
    to_recover = MoneyField(_("to recover"))
    deliverables_seen = models.TextField(_("what was seen"), blank=True)
    checked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    issued_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    approved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["claim", "version"]
        verbose_name = _("certificate of service fait")
        constraints = [
            models.UniqueConstraint(fields=["claim", "version"], name="certificate_version_unique"),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="certificate_approved_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("issued_by")), name="certificate_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(approved_at__isnull=False),
                name="certificate_superseded_was_approved",
            ),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(approved_at__isnull=False, superseded_at=None),
                name="one_certificate_in_force",
            ),
            models.CheckConstraint(
                condition=Q(verified__gte=0, verified_total__gte=0, due__gte=0, to_recover__gte=0),
                name="certificate_not_negative",
            ),
            models.CheckConstraint(condition=Q(due=0) | Q(to_recover=0), name="certificate_one_way"),
        ]

    def __str__(self) -> str:
        return f"{self.claim} v{self.version}"

    @property
    def is_in_force(self) -> bool:
        """Approved and not replaced."""
        return self.approved_at is not None and self.superseded_at is None


class PaymentOrder(OfDossier, OrderLifecycle):
    """An order to pay a certified sum; carries the four persons, and its payer is none of the others (I2).

    A trigger on both databases holds three of them equal to the certificate's, and the payer apart from all checkers.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="payment_orders")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="orders")
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="orders")
    bank_details = models.ForeignKey(BankDetails, models.PROTECT, related_name="orders")
    number = models.CharField(_("number"), max_length=60, unique=True)
    amount = MoneyField(_("amount"))
    checker = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    issuer = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    approver = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    payer = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    executed_on = models.DateField(_("paid on"), null=True, blank=True)
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)
    refusal_reason = models.CharField(_("reason given by the bank"), max_length=300, blank=True)

    objects = OfDossierQuerySet.as_manager()

    lock_rank = 60

    class Meta:
        ordering = ["-ordered_at", "-pk"]
        verbose_name = _("payment order")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="order_amount_positive"),
            models.CheckConstraint(
                condition=~Q(payer=F("checker")) & ~Q(payer=F("issuer")) & ~Q(payer=F("approver")),
                name="order_payer_is_nobody_else",
            ),
            models.CheckConstraint(condition=~Q(issuer=F("approver")), name="order_issuer_is_not_approver"),
            models.UniqueConstraint(
                fields=["certificate"], condition=~Q(state=OrderState.REFUSED), name="one_live_order"
            ),
            models.CheckConstraint(condition=Q(state__in=OrderState.values), name="order_state_known"),
            models.CheckConstraint(
                condition=~Q(state=OrderState.EXECUTED) | Q(executed_on__isnull=False, recorded_by__isnull=False),
                name="order_executed_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=OrderState.REFUSED) | (~Q(refusal_reason="") & Q(recorded_by__isnull=False)),
                name="order_refused_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class RecoveryQuerySet(OfDossierQuerySet):
    def live(self) -> Self:
        """Those that were not cancelled."""
        return self.filter(cancelled_at=None)

    def open(self) -> Self:
        """Those whose money has not come back."""
        return self.live().filter(received_on=None)


class Recovery(OfDossier, models.Model):
    """A sum paid that must come back: issued, then recorded as received; euros.

    It is cancelled when a new certificate replaces the one that it followed from, before it was received.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="recoveries")
    number = models.CharField(_("number"), max_length=60, unique=True)
    amount = MoneyField(_("amount"))
    reason = models.TextField(_("reason"))
    certificate = models.ForeignKey(Certificate, models.PROTECT, null=True, blank=True, related_name="recoveries")
    issued_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    received_on = models.DateField(_("received on"), null=True, blank=True)
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        verbose_name = _("recovery order")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="recovery_positive"),
            models.CheckConstraint(
                condition=Q(received_on=None, recorded_by=None)
                | Q(received_on__isnull=False, recorded_by__isnull=False),
                name="recovery_received_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(received_on=None), name="recovery_received_or_cancelled"
            ),
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(cancelled_at=None), name="one_live_recovery_a_certificate"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Not cancelled, and its money has not come back."""
        return self.cancelled_at is None and self.received_on is None
