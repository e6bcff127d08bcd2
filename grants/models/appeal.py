"""An appeal against a rejection or a declaration of ineligibility."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.models.dossier import Dossier, OfDossier, OfDossierQuerySet


class Appeal(OfDossier, models.Model):
    """What the applicant holds against a decision; one open at a time."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="appeals")
    text = models.TextField(_("grounds of the appeal"))
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        ordering = ["-filed_at", "-pk"]
        verbose_name = _("appeal")
        constraints = [
            models.UniqueConstraint(fields=["dossier"], condition=Q(settled_at=None), name="one_open_appeal")
        ]

    def __str__(self) -> str:
        return f"{self.dossier.reference} {self.filed_at:%Y-%m-%d}"
