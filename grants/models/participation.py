"""Who takes part in a dossier: partner organisations, and persons in a capacity."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.models.dossier import Dossier, OfDossier, OfDossierQuerySet
from people.models import Organisation


class PartnerState(models.TextChoices):
    INVITED = "invited", _("Asked to confirm")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")


class Partner(OfDossier, models.Model):
    """An organisation that carries the project with the applicant, once its signatory confirms (R14)."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="partners")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="partnerships")
    part = models.CharField(_("its part in the project"), max_length=300)
    state = models.CharField(max_length=9, choices=PartnerState.choices, default=PartnerState.INVITED)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "pk"]
        verbose_name = _("partner")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "organisation"], name="partner_once"),
            models.CheckConstraint(
                condition=Q(state=PartnerState.INVITED, answered_at=None, answered_by=None)
                | Q(
                    state__in=[PartnerState.CONFIRMED, PartnerState.DECLINED],
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
                name="partner_answer_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name


class Capacity(models.TextChoices):
    ASSESSOR = "assessor", _("Assessor")
    ADVISER = "adviser", _("Adviser")
    CONTROLLER = "controller", _("Sampled controller")


class Participation(OfDossier, models.Model):
    """A person's part in one dossier, written by the floors above; opens it to one who has no general role."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="participations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="participations")
    capacity = models.CharField(max_length=10, choices=Capacity.choices)
    opened = models.BooleanField(_("content opened"), default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "pk"]
        verbose_name = _("participation")
        indexes = [models.Index(fields=["person", "capacity", "until"], name="participation_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "person", "capacity"], condition=Q(until=None), name="participation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier.reference} {self.get_capacity_display()}"
