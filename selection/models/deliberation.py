"""What a committee decided about each dossier, in which meeting."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grants.models import Dossier
from grants.models.dossier import OfDossier, OfDossierQuerySet
from programmes.models import Decision
from selection.models.committee import Meeting


class Outcome(models.TextChoices):
    SELECT = "select", pgettext_lazy("decision", "Select")
    RESERVE = "reserve", pgettext_lazy("decision", "Place on the reserve list")
    REJECT = "reject", pgettext_lazy("decision", "Do not select")
    DEFER = "defer", pgettext_lazy("decision", "Defer")


class DossierDecision(OfDossier, models.Model):
    """One decision of a held meeting about one dossier; the dossier's state follows by an act of the secretary."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="decisions")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="dossier_decisions")
    outcome = models.CharField(_("decision"), max_length=8, choices=Outcome.choices)
    reasons = models.TextField(_("reasons"), blank=True)
    rank = models.PositiveIntegerField(_("rank on the reserve list"), null=True, blank=True)
    votes_for = models.PositiveSmallIntegerField(_("votes for"), default=0)
    votes_against = models.PositiveSmallIntegerField(_("votes against"), default=0)
    abstentions = models.PositiveSmallIntegerField(_("abstentions"), default=0)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "pk"]
        verbose_name = _("decision on a dossier")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "dossier"], name="one_decision_a_dossier"),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.RESERVE) | Q(rank__isnull=False), name="reserve_decision_is_ranked"
            ),
            models.CheckConstraint(condition=~Q(outcome=Outcome.REJECT) | ~Q(reasons=""), name="rejection_has_reasons"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier.reference} {self.get_outcome_display()}"

    @property
    def taken_on(self) -> date:
        """The day of the deliberation: the rules in force that day apply."""
        return self.decision.taken_on

    @property
    def reference(self) -> str:
        """The reference of the deliberation."""
        return self.decision.reference
