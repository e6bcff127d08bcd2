"""Financing plans: what a project costs and who pays for it (R14, F1)."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from kit.money import MoneyField

if TYPE_CHECKING:
    from people.models import Person

ZERO = Decimal("0.00")


class FinancingPlan(models.Model):
    """Cost lines and resources; a dossier has one, and its agreement keeps a plan of its own."""

    created_at = models.DateTimeField()

    objects = models.Manager()

    class Meta:
        verbose_name = _("financing plan")

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def eligible(self) -> Decimal:
        """Eligible base in euros (F1)."""
        return sum((line.eligible for line in self.cost_lines.all()), ZERO)

    @property
    def total_cost(self) -> Decimal:
        """Whole cost in euros, tax included where it is borne."""
        return sum((line.cost for line in self.cost_lines.all()), ZERO)

    @property
    def requested(self) -> Decimal:
        """The grant asked for from the programme, in euros."""
        return sum((row.amount for row in self.resources.all() if row.kind == ResourceKind.GRANT), ZERO)

    @property
    def resources_total(self) -> Decimal:
        return sum((row.amount for row in self.resources.all()), ZERO)

    @property
    def gap(self) -> Decimal:
        """Costs less resources, in euros: zero when the plan balances."""
        return self.total_cost - self.resources_total


class PlanRowQuerySet(models.QuerySet):
    """Rows of plans, read through the dossier that owns the plan."""

    def visible_to(self, person: "Person | None") -> Self:
        from grants.models import Dossier  # the plan is defined before the dossier that owns it

        visible = Dossier.objects.visible_to(person)
        return self.filter(models.Q(plan__dossier__in=visible) | models.Q(plan__agreement__dossier__in=visible))


class CostLine(models.Model):
    """One post of the budget; amounts in euros."""

    plan = models.ForeignKey(FinancingPlan, models.CASCADE, related_name="cost_lines")
    post = models.CharField(_("item"), max_length=200)
    supplier = models.CharField(_("supplier"), max_length=200, blank=True)
    cost = MoneyField(_("cost"))
    eligible = MoneyField(_("eligible"))
    position = models.PositiveSmallIntegerField(default=0)

    objects = PlanRowQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "position", "pk"]
        verbose_name = _("cost line")
        constraints = [
            models.CheckConstraint(condition=models.Q(cost__gte=0, eligible__gte=0), name="cost_line_not_negative"),
            models.CheckConstraint(
                condition=models.Q(eligible__lte=models.F("cost")), name="cost_line_eligible_within_cost"
            ),
        ]

    def __str__(self) -> str:
        return self.post


class ResourceKind(models.TextChoices):
    GRANT = "grant", _("Grant asked from the programme")
    OWN = "own", _("Own contribution")
    PUBLIC = "public", _("Other public aid")
    PRIVATE = "private", _("Private funds")


class Resource(models.Model):
    """Who pays how much, in euros."""

    plan = models.ForeignKey(FinancingPlan, models.CASCADE, related_name="resources")
    kind = models.CharField(_("kind"), max_length=8, choices=ResourceKind.choices)
    label = models.CharField(_("from"), max_length=200, blank=True)
    amount = MoneyField(_("amount"))
    position = models.PositiveSmallIntegerField(default=0)

    objects = PlanRowQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "position", "pk"]
        verbose_name = _("resource")
        constraints = [models.CheckConstraint(condition=models.Q(amount__gte=0), name="resource_not_negative")]

    def __str__(self) -> str:
        return self.label or self.get_kind_display()
