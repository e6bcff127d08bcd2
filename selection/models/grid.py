"""The scoring grid of a call: innovation and feasibility, each with its criteria (R16, R17)."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from programmes.models import Call, Decision
from selection.rules.scoring import Scale

if TYPE_CHECKING:
    from people.models import Person


class Group(models.TextChoices):
    INNOVATION = "innovation", _("Innovation")
    FEASIBILITY = "feasibility", _("Feasibility")


class GridQuerySet(models.QuerySet["Grid"]):
    def visible_to(self, person: "Person | None") -> Self:
        """Criteria are published with their call: anyone who sees the call reads its grid."""
        return self.filter(call__in=Call.objects.visible_to(person))


class Grid(models.Model):
    """The criteria of a call, approved by a committee's decision before the call is published."""

    call = models.OneToOneField(Call, models.PROTECT, related_name="grid")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="grids")
    approved_at = models.DateTimeField(null=True, blank=True)
    locked_at = models.DateTimeField(_("locked by the first score"), null=True, blank=True)

    objects = GridQuerySet.as_manager()

    class Meta:
        ordering = ["call"]
        verbose_name = _("scoring grid")
        constraints = [
            models.CheckConstraint(
                condition=Q(decision=None, approved_at=None) | Q(decision__isnull=False, approved_at__isnull=False),
                name="grid_approved_by_a_decision",
            )
        ]

    def __str__(self) -> str:
        return str(self.call)

    @property
    def programme_code(self) -> str:
        return self.call.programme.code

    @property
    def journal_chain(self) -> str:
        return self.call.journal_chain

    @property
    def journal_label(self) -> str:
        return self.call.slug


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def visible_to(self, person: "Person | None") -> Self:
        """As their grid."""
        return self.filter(grid__in=Grid.objects.visible_to(person))


class Criterion(models.Model):
    """One criterion, marked from `minimum` to `maximum` by `step`."""

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="criteria")
    code = models.SlugField(_("code"), max_length=30)
    group = models.CharField(_("group"), max_length=12, choices=Group.choices)
    label_fr = models.CharField(_("label in French"), max_length=120)
    label_en = models.CharField(_("label in English"), max_length=120, blank=True)
    weight = models.DecimalField(_("weight"), max_digits=6, decimal_places=2, default=Decimal(1))
    minimum = models.DecimalField(_("lowest mark"), max_digits=5, decimal_places=2, default=Decimal(0))
    maximum = models.DecimalField(_("highest mark"), max_digits=5, decimal_places=2, default=Decimal(20))
    step = models.DecimalField(_("step"), max_digits=4, decimal_places=2, default=Decimal(1))
    position = models.PositiveSmallIntegerField(default=0)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        ordering = ["grid", "position", "pk"]
        verbose_name = _("criterion")
        constraints = [
            models.UniqueConstraint(fields=["grid", "code"], name="criterion_code_unique"),
            models.CheckConstraint(
                condition=Q(maximum__gt=models.F("minimum"), step__gt=0, weight__gte=0), name="criterion_scale"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def scale(self) -> Scale:
        """How it is marked, in the terms of the pure rules."""
        return Scale(weight=self.weight, minimum=self.minimum, maximum=self.maximum, step=self.step)

    @property
    def label(self) -> str:
        """The label in the language of the page."""
        return self.label_en if get_language() == "en" and self.label_en else self.label_fr
