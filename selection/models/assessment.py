"""Assignment, the conflict question, scorecards, and the kept mean of each dossier."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.models import Dossier
from grants.models.dossier import OfDossier
from programmes.models import Call
from selection.models.grid import Criterion

if TYPE_CHECKING:
    from people.models import Person


class OwnQuerySet(models.QuerySet):
    """Rows of a dossier given to one person."""

    def visible_to(self, person: "Person | None") -> Self:
        """One's own; and all of them for the secretary and the auditor of the programme."""
        if person is None or not person.is_authenticated:
            return self.none()
        readers = person.standing.scopes_of("committee_secretary", "auditor")
        return self.filter(Q(person=person) | Q(dossier__programme__code__in=readers))


class Assignment(OfDossier, models.Model):
    """A dossier given to a committee member to score."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="assignments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "pk"]
        verbose_name = _("assignment")
        indexes = [models.Index(fields=["person", "ended_at"], name="assignment_of_person")]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "person"], condition=Q(ended_at=None), name="assigned_once")
        ]

    def __str__(self) -> str:
        return f"{self.dossier.reference} {self.person}"


class ConflictAnswer(OfDossier, models.Model):
    """What a member answered before anything beyond public facts was shown; the last answer counts."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="conflict_answers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="conflict_answers")
    has_conflict = models.BooleanField(_("conflict of interest"))
    explanation = models.CharField(_("in a few words"), max_length=300, blank=True)
    answered_at = models.DateTimeField()

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "-pk"]
        verbose_name = _("answer to the conflict question")
        indexes = [models.Index(fields=["person", "dossier"], name="conflict_of_person")]

    def __str__(self) -> str:
        return f"{self.dossier.reference} {self.person}"


class ScorecardQuerySet(OwnQuerySet):
    def visible_to(self, person: "Person | None") -> Self:
        """One's own; revealed ones of dossiers one has scored; all for the secretary; after decision, the auditor."""
        from selection.queries.scores import visible_scorecards  # reads this model

        return visible_scorecards(self, person)


class Scorecard(OfDossier, models.Model):
    """The marks of one assessor for one dossier; voided, never deleted, by a conflict."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="scorecards")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="scorecards")
    total = models.DecimalField(max_digits=9, decimal_places=4)
    comment = models.TextField(_("comment"), blank=True)
    filed_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "pk"]
        verbose_name = _("scorecard")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "person"], condition=Q(voided_at=None), name="one_scorecard")
        ]

    def __str__(self) -> str:
        return f"{self.dossier.reference} {self.person}"


class Score(models.Model):
    """One mark on one criterion."""

    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    value = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["scorecard", "criterion"]
        verbose_name = _("score")
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "criterion"], name="one_score_a_criterion"),
            models.CheckConstraint(condition=Q(value__gte=0, value__lte=100), name="score_in_range"),
        ]

    def __str__(self) -> str:
        return str(self.value)


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, person: "Person | None") -> Self:
        """The kept means are for the secretary; for the auditor once decided."""
        if person is None or not person.is_authenticated:
            return self.none()
        standing = person.standing
        return self.filter(
            Q(dossier__programme__code__in=standing.scopes_of("committee_secretary"))
            | Q(dossier__programme__code__in=standing.scopes_of("auditor"), dossier__decided_at__isnull=False)
        )


class Assessment(OfDossier, models.Model):
    """What the ranking sorts by, kept when a scorecard is filed or voided; `verify_scores` proves it."""

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="assessment")
    call = models.ForeignKey(Call, models.PROTECT, related_name="assessments")
    scorecards = models.PositiveSmallIntegerField(default=0)
    mean = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    revealed_at = models.DateTimeField(null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["call", "-mean", "dossier_id"]
        verbose_name = _("assessment")
        indexes = [models.Index(fields=["call", "-mean", "dossier"], name="assessment_ranking")]

    def __str__(self) -> str:
        return f"{self.dossier.reference} {self.mean}"
