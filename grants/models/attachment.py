"""Documents that an applicant joins to a dossier."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from grants.models.dossier import Dossier, OfDossier, OfDossierQuerySet
from records.models import Document


class AttachmentQuerySet(OfDossierQuerySet):
    def live(self) -> "AttachmentQuerySet":
        """Those that were not taken away again."""
        return self.filter(removed_at=None)


class Attachment(OfDossier, models.Model):
    """A document joined to a dossier; taken away, it stays in the records and in the snapshots that name it."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="attachments")
    document = models.OneToOneField(Document, models.PROTECT, related_name="attachment")
    kind = models.CharField(_("kind"), max_length=20)
    attached_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "pk"]
        verbose_name = _("attached document")

    def __str__(self) -> str:
        return str(self.document)
