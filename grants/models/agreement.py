"""Award and agreement: the amount decided, then what both parties sign (R24)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.models.dossier import Dossier, OfDossier, OfDossierQuerySet
from grants.models.plan import FinancingPlan
from kit.money import MoneyField
from programmes.models import AidRule, Decision
from records.models import Document

if TYPE_CHECKING:
    from decimal import Decimal

    from people.models import Person


class Bound(models.TextChoices):
    """Which operand of formula F2 decided the grant."""

    RATE = "rate", _("rate on the eligible base")
    REQUESTED = "requested", _("amount asked for")
    CEILING = "ceiling", _("ceiling")
    ENVELOPE = "envelope", _("money left in the envelope")


class Award(OfDossier, models.Model):
    """The grant decided for a dossier, with its operands, the rule's version and what bound it (F2)."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="awards")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="awards")
    aid_rule = models.ForeignKey(AidRule, models.PROTECT, related_name="awards")
    eligible = MoneyField(_("eligible base"))
    amount = MoneyField(_("amount"))
    bound_by = models.CharField(_("decided by"), max_length=10, choices=Bound.choices)
    operands = models.JSONField()
    awarded_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "pk"]
        verbose_name = _("award")
        constraints = [
            models.UniqueConstraint(fields=["dossier"], condition=Q(released_at=None), name="one_live_award"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="award_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier.reference} {self.amount}"


class BankDetailsState(models.TextChoices):
    PENDING = "pending", _("Waiting for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    REPLACED = "replaced", _("Replaced")


class BankDetails(OfDossier, models.Model):
    """Where the grant of a dossier is paid; a change counts once its code, sent by mail, is returned."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="bank_details")
    iban = models.CharField(_("IBAN"), max_length=34)
    holder = models.CharField(_("account holder"), max_length=140)
    state = models.CharField(max_length=9, choices=BankDetailsState.choices, default=BankDetailsState.PENDING)
    code_digest = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "-pk"]
        verbose_name = _("bank details")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(state="confirmed"), name="one_confirmed_bank_account"
            ),
            models.CheckConstraint(
                condition=~Q(state=BankDetailsState.CONFIRMED) | Q(confirmed_at__isnull=False),
                name="bank_confirmed_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """The account number with all but its last four characters hidden."""
        return f"•••• {self.iban[-4:]}"


class Agreement(OfDossier, models.Model):
    """The grant agreement: number, own plan, amounts (euros), dates, conditions, signatures."""

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="agreement")
    award = models.OneToOneField(Award, models.PROTECT, related_name="agreement")
    plan = models.OneToOneField(FinancingPlan, models.PROTECT, related_name="agreement")
    number = models.CharField(_("number"), max_length=60, unique=True)
    grant = MoneyField(_("grant"))
    eligible = MoneyField(_("eligible base"))
    starts_on = models.DateField(_("expenses eligible from"))
    ends_on = models.DateField(_("project ends on"))
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    bank_details = models.ForeignKey(BankDetails, models.PROTECT, null=True, blank=True, related_name="agreements")
    beneficiary_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    beneficiary_signed_at = models.DateTimeField(null=True, blank=True)
    programme_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    programme_signed_at = models.DateTimeField(null=True, blank=True)

    objects = OfDossierQuerySet.as_manager()

    lock_rank = 40

    class Meta:
        ordering = ["number"]
        verbose_name = _("grant agreement")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=models.F("starts_on")), name="agreement_ends_after_start"),
            models.CheckConstraint(
                condition=Q(beneficiary_signed_by=None, beneficiary_signed_at=None)
                | Q(
                    beneficiary_signed_by__isnull=False, beneficiary_signed_at__isnull=False, bank_details__isnull=False
                ),
                name="agreement_signed_by_beneficiary_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(programme_signed_by=None, programme_signed_at=None)
                | Q(
                    programme_signed_by__isnull=False,
                    programme_signed_at__isnull=False,
                    beneficiary_signed_at__isnull=False,
                ),
                name="agreement_signed_by_programme_last",
            ),
            models.CheckConstraint(
                condition=Q(programme_signed_by=None) | ~Q(programme_signed_by=models.F("beneficiary_signed_by")),
                name="agreement_two_signatories",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def effective_rate(self) -> "tuple[Decimal, Decimal]":
        """Grant and eligible base, whose quotient is the rate of aid (F4, kept as a fraction)."""
        return self.grant, self.eligible


class ConditionQuerySet(models.QuerySet["Condition"]):
    def visible_to(self, person: "Person | None") -> "ConditionQuerySet":
        """As their agreements."""
        return self.filter(agreement__dossier__in=Dossier.objects.visible_to(person))


class Condition(OfDossier, models.Model):
    """An obligation of the agreement, with its due date and the proof that it was met."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="conditions")
    text = models.CharField(_("condition"), max_length=300)
    due_on = models.DateField(_("due"), null=True, blank=True)
    satisfied_at = models.DateTimeField(null=True, blank=True)
    satisfied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    evidence_note = models.CharField(_("proof"), max_length=300, blank=True)

    objects = ConditionQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "pk"]
        verbose_name = _("condition")
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfied_at=None, satisfied_by=None)
                | Q(satisfied_at__isnull=False, satisfied_by__isnull=False),
                name="condition_satisfied_is_dated",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def dossier(self) -> Dossier:  # type: ignore[override]  # read through the agreement
        return self.agreement.dossier
