"""Advice to communities: the framework contract and its days, and the missions that use them (R13, F11)."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.lifecycle import State
from grants.models import Dossier
from grants.models.dossier import OfDossier, OfDossierQuerySet
from kit.money import MoneyField
from kit.related import is_read
from people.models import Organisation
from programmes.models import Programme
from programmes.models.money import StaffQuerySet
from programmes.models.programme import OfProgramme
from records.models import Document
from selection.lifecycle import MissionLifecycle, MissionState

if TYPE_CHECKING:
    from people.models import Person


UNDER_ADVICE = (State.SUBMITTED, State.RETURNED)


class FrameworkContract(OfProgramme, models.Model):
    """Days of advice bought from a provider for a programme; price in euros a day."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="framework_contracts")
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="framework_contracts")
    reference = models.CharField(_("reference"), max_length=60)
    days = models.DecimalField(_("days bought"), max_digits=7, decimal_places=1)
    day_price = MoneyField(_("price of a day"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))

    objects = StaffQuerySet.as_manager()

    lock_rank = 25

    class Meta:
        ordering = ["programme", "reference"]
        verbose_name = _("framework contract")
        constraints = [
            models.UniqueConstraint(fields=["programme", "reference"], name="framework_reference_unique"),
            models.CheckConstraint(
                condition=Q(days__gt=0, day_price__gte=0, ends_on__gt=models.F("starts_on")), name="framework_sane"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def days_left(self) -> Decimal:
        """Quota − days ordered by running missions − days used by the others (F11).

        A mission runs while it is open and its dossier is under advice: one that was withdrawn holds no day back.
        """
        running = Q(state=MissionState.OPEN, dossier__state__in=UNDER_ADVICE)
        missions = self.missions.order_by()
        ordered = missions.filter(running).aggregate(days=models.Sum("days_allotted"))["days"]
        used = missions.exclude(running).aggregate(days=models.Sum("days_log__days"))["days"]
        return self.days - (ordered or Decimal(0)) - (used or Decimal(0))


class MissionQuerySet(models.QuerySet["Mission"]):
    def visible_to(self, person: "Person | None") -> Self:
        """The adviser's own missions, those of the applicant's dossiers, those of the staff's dossiers."""
        if person is None or not person.is_authenticated:
            return self.none()
        return self.filter(Q(adviser=person) | Q(dossier__in=Dossier.objects.visible_to(person)))


class Mission(OfDossier, MissionLifecycle):
    """Advice given to one dossier, or waived with a reason."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="missions")
    contract = models.ForeignKey(FrameworkContract, models.PROTECT, null=True, blank=True, related_name="missions")
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="missions"
    )
    days_allotted = models.DecimalField(_("days allotted"), max_digits=5, decimal_places=1, default=Decimal(0))
    purpose = models.TextField(_("purpose"), blank=True)
    report = models.TextField(_("report"), blank=True)
    report_document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = MissionQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("advice mission")
        constraints = [
            models.UniqueConstraint(fields=["dossier"], condition=~Q(state="waived"), name="one_mission_a_dossier"),
            models.CheckConstraint(condition=Q(state__in=MissionState.values), name="mission_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[MissionState.OPEN, MissionState.CLOSED])
                | Q(contract__isnull=False, adviser__isnull=False, days_allotted__gt=0),
                name="mission_has_an_adviser",
            ),
            models.CheckConstraint(
                condition=~Q(state=MissionState.CLOSED) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="mission_closed_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=MissionState.WAIVED) | ~Q(reason=""), name="mission_waived_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.dossier.reference

    @property
    def days_used(self) -> Decimal:
        """Days in the log."""
        if is_read(self, "days_log"):
            return sum((day.days for day in self.days_log.all()), Decimal(0))
        return self.days_log.aggregate(total=models.Sum("days"))["total"] or Decimal(0)


class MissionDayQuerySet(models.QuerySet["MissionDay"]):
    def visible_to(self, person: "Person | None") -> Self:
        """As their missions."""
        return self.filter(mission__in=Mission.objects.visible_to(person))


class MissionDay(models.Model):
    """A day, or half a day, in the adviser's log; countersigned by the community."""

    mission = models.ForeignKey(Mission, models.PROTECT, related_name="days_log")
    worked_on = models.DateField(_("date"))
    days = models.DecimalField(_("days"), max_digits=2, decimal_places=1)
    on_site = models.BooleanField(_("on site"), default=False)
    deliverable = models.CharField(_("what was done"), max_length=300)
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    logged_at = models.DateTimeField()
    countersigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    countersigned_at = models.DateTimeField(null=True, blank=True)

    objects = MissionDayQuerySet.as_manager()

    class Meta:
        ordering = ["mission", "worked_on", "pk"]
        verbose_name = _("day of advice")
        constraints = [
            models.CheckConstraint(
                condition=Q(days__in=[Decimal("0.5"), Decimal("1.0")]), name="mission_day_half_or_whole"
            ),
            models.CheckConstraint(
                condition=Q(countersigned_by=None, countersigned_at=None)
                | Q(countersigned_by__isnull=False, countersigned_at__isnull=False),
                name="mission_day_countersigned_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(countersigned_by=None) | ~Q(countersigned_by=models.F("logged_by")),
                name="mission_day_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worked_on} {self.days}"


class Opinion(OfDossier, models.Model):
    """The instructing officer's reasoned opinion on a dossier."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="opinions")
    favourable = models.BooleanField(_("favourable"))
    text = models.TextField(_("opinion"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "-pk"]
        verbose_name = _("officer's opinion")

    def __str__(self) -> str:
        return f"{self.dossier.reference} {self.favourable}"
