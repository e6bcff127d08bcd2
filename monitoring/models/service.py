"""Services deployed by a project, and the report on their first year of use (R28, R29)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.models import Dossier
from grants.models.dossier import OfDossier, OfDossierQuerySet
from monitoring.lifecycle import UsageReportLifecycle, UsageState


class ServiceKind(models.TextChoices):
    SITE = "site_or_extranet", _("Website or extranet")
    PLATFORM = "paperless_platform", _("Paperless platform")
    GENERATOR = "site_generator", _("Site generator")
    CIRCUIT = "tourist_circuit_pda", _("Tourist circuit on a handheld device")
    TERMINAL = "remote_service_terminal", _("Terminal to public services")
    TELESERVICE = "teleservice", _("Online service")
    OTHER = "other", _("Other")


class Service(OfDossier, models.Model):
    """A digital service put into operation by a project."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="services")
    kind = models.CharField(_("kind"), max_length=24, choices=ServiceKind.choices)
    name = models.CharField(_("name"), max_length=200)
    url = models.URLField(_("address"), blank=True)
    went_live_on = models.DateField(_("in operation since"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "pk"]
        verbose_name = _("service")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="service_confirmed_is_dated",
            )
        ]

    def __str__(self) -> str:
        return self.name


class UsageReport(OfDossier, UsageReportLifecycle):
    """The report on a service's first year, due one year after it went live."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="usage_reports")
    service = models.OneToOneField(Service, models.PROTECT, related_name="usage_report")
    due_on = models.DateField(_("due"))
    visits = models.PositiveIntegerField(_("visits in the year"), null=True, blank=True)
    users = models.PositiveIntegerField(_("users in the year"), null=True, blank=True)
    comment = models.TextField(_("what the service changed"), blank=True)
    sent_back_reason = models.TextField(_("what is missing"), blank=True)
    filled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    filled_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("usage report")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=UsageState.values), name="usage_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[UsageState.FILLED, UsageState.ACCEPTED])
                | Q(filled_at__isnull=False, filled_by__isnull=False),
                name="usage_filled_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=UsageState.ACCEPTED) | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="usage_accepted_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service.name} {self.due_on}"
