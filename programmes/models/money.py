"""The money of a programme: envelopes, aid rules and targets, each with its dates and the decision that made it."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from kit.money import MoneyField
from programmes.models.programme import Decision, Measure, OfProgramme, Programme
from records.models import Account

if TYPE_CHECKING:
    from people.models import Person


class StaffQuerySet(models.QuerySet):
    """Rows of a programme that its staff may read."""

    def visible_to(self, person: "Person | None") -> Self:
        """Those who hold a role in the programme."""
        if person is None or not person.is_authenticated:
            return self.none()
        return self.filter(programme__code__in=person.standing.scopes())


class OfMeasureQuerySet(models.QuerySet):
    """Rows of a measure: dated rules and targets are public (they are published with the call)."""

    def visible_to(self, person: "Person | None") -> Self:
        return self

    def in_force(self, day: date) -> Self:
        """Those valid on `day` (half-open: the last day is excluded)."""
        return self.filter(valid_from__lte=day).filter(models.Q(valid_until=None) | models.Q(valid_until__gt=day))


class Envelope(OfProgramme, models.Model):
    """Money set aside for a measure by a decision; what is left stands on its ledger account."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="envelopes")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="envelopes")
    code = models.CharField(_("code"), max_length=40)
    fund = models.CharField(_("fund"), max_length=60)
    planned_total_cost = MoneyField(_("planned total cost"), null=True, blank=True)
    amount = MoneyField(_("amount"))
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="envelopes")
    account = models.OneToOneField(Account, models.PROTECT, related_name="envelope")

    objects = StaffQuerySet.as_manager()

    lock_rank = 20

    class Meta:
        ordering = ["programme", "code"]
        verbose_name = _("envelope")
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="envelope_code_unique"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="envelope_amount_not_negative"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def left(self) -> Decimal:
        """What may still be reserved, in euros (the ledger's kept balance; F2 remaining(envelope))."""
        return Account.objects.get(pk=self.account_id).balance


class Underspend(models.TextChoices):
    """How the final grant follows what was spent (formula F5)."""

    NOMINAL = "nominal", _("Rate on verified expenses, up to the grant")
    EFFECTIVE = "effective", _("Grant in proportion to verified expenses")


class AidRule(models.Model):
    """How a grant is computed for a measure during a period (R20); the dossier keeps the version it used."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="aid_rules")
    rate = models.DecimalField(_("rate"), max_digits=5, decimal_places=4)
    ceiling = MoneyField(_("ceiling"), null=True, blank=True)
    floor = MoneyField(_("floor"), null=True, blank=True)
    rounding_unit = MoneyField(_("rounding unit"), default=Decimal(1))
    underspend = models.CharField(
        _("when less is spent"), max_length=10, choices=Underspend.choices, default=Underspend.NOMINAL
    )
    advance_share = models.DecimalField(_("advance, at most"), max_digits=5, decimal_places=4, default=Decimal("0.30"))
    interim_share = models.DecimalField(
        _("advance and interim payments, at most"), max_digits=5, decimal_places=4, default=Decimal("0.80")
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="aid_rules")

    objects = OfMeasureQuerySet.as_manager()

    class Meta:
        ordering = ["measure", "valid_from"]
        verbose_name = _("aid rule")
        constraints = [
            models.CheckConstraint(condition=models.Q(rate__gte=0, rate__lte=1), name="aid_rule_rate_is_a_share"),
            models.CheckConstraint(
                condition=models.Q(advance_share__gte=0, advance_share__lte=1), name="aid_rule_advance_is_a_share"
            ),
            models.CheckConstraint(
                condition=models.Q(interim_share__gte=0, interim_share__lte=1), name="aid_rule_interim_is_a_share"
            ),
            models.CheckConstraint(
                condition=models.Q(rounding_unit__in=[Decimal("0.01"), Decimal(1)]), name="aid_rule_unit_known"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gt=models.F("valid_from")),
                name="aid_rule_period",
            ),
            models.UniqueConstraint(fields=["measure", "valid_from"], name="aid_rule_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.measure.code} {self.valid_from}"

    @property
    def programme(self) -> Programme:
        return self.measure.programme

    @property
    def programme_code(self) -> str:
        return self.measure.programme.code


class Target(models.Model):
    """A target of a measure from a date, by a decision; the first and the revised values both stay (R19)."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="targets")
    indicator = models.CharField(_("indicator"), max_length=60)
    label_fr = models.CharField(_("label in French"), max_length=200)
    label_en = models.CharField(_("label in English"), max_length=200, blank=True)
    operator = models.CharField(_("comparison"), max_length=2, blank=True)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="targets")

    objects = OfMeasureQuerySet.as_manager()

    class Meta:
        ordering = ["measure", "indicator", "valid_from"]
        verbose_name = _("target")
        constraints = [
            models.UniqueConstraint(fields=["measure", "indicator", "valid_from"], name="target_one_a_day"),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gt=models.F("valid_from")),
                name="target_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure.code} {self.indicator}"


class DeclaredResult(models.Model):
    """A figure declared by a source on a date: kept as published, never corrected; the report compares it (R31)."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="declared_results")
    indicator = models.CharField(_("indicator"), max_length=60)
    label_fr = models.CharField(_("label in French"), max_length=200)
    label_en = models.CharField(_("label in English"), max_length=200, blank=True)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40)
    reached = models.BooleanField(_("declared as reached"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=200)
    declared_on = models.DateField(_("date of the declaration"))

    objects = OfMeasureQuerySet.as_manager()

    class Meta:
        ordering = ["measure", "pk"]
        verbose_name = _("declared result")
        constraints = [
            models.UniqueConstraint(fields=["measure", "indicator", "declared_on"], name="declared_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.measure.code} {self.indicator}"
