"""Assignment, the conflict question, scorecards, and the kept mean of each dossier."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.lifecycle import State
from grants.models import Capacity, Dossier, PartnerState
from grants.models.dossier import OfDossier
from programmes.models import Call
from selection.models.grid import Criterion

if TYPE_CHECKING:
    from people.models import Person


TYING_PARTNERS = (PartnerState.INVITED, PartnerState.CONFIRMED)
SCORES_OPEN_TO_MEMBERS = (State.SUBMITTED, State.ADVISED, State.SELECTED, State.ON_RESERVE, State.REJECTED)
"""Until the committee's work is over, its members compare their marks (score.view_others)."""
SCORES_OPEN_TO_AUDITORS = (
    State.SELECTED,
    State.ON_RESERVE,
    State.REJECTED,
    State.CONTRACTED,
    State.SERVICE_FACT_VERIFIED,
    State.PAID,
    State.CLOSED,
    State.CANCELLED,
)


def tied_dossiers(person: "Person") -> "models.QuerySet[Dossier]":
    """The dossiers that an organisation of `person` carries or shares: a tie beats every role of the staff."""
    organisations = person.standing.organisations
    sharing = Q(partners__organisation__in=organisations, partners__state__in=TYING_PARTNERS)
    return Dossier.objects.filter(Q(applicant__in=organisations) | sharing).order_by()


class OwnQuerySet(models.QuerySet):
    """Rows of a dossier given to one person."""

    def free_of_ties(self, person: "Person") -> Self:
        """Without the rows of dossiers that `person` is tied to."""
        if not person.standing.organisations:
            return self
        return self.exclude(dossier__in=tied_dossiers(person).values("pk"))

    def visible_to(self, person: "Person | None") -> Self:
        """One's own; and all of them for the secretary and the auditor of the programme."""
        if person is None or not person.is_authenticated:
            return self.none()
        readers = person.standing.scopes_of("committee_secretary", "auditor")
        return self.filter(Q(person=person) | Q(dossier__programme__code__in=readers)).free_of_ties(person)


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
    def live(self) -> Self:
        """Those that count: filed, and not voided by a conflict of interest or a new version."""
        return self.filter(voided_at=None)

    def visible_to(self, person: "Person | None") -> Self:
        """Rows of the permission page `score.view_own` and `score.view_others`, with their conditions.

        One's own; those of others once one has filed one's own and the secretary has revealed them; all of them
        for the secretary; after the decision, for the auditor.
        """
        if person is None or not person.is_authenticated:
            return self.none()
        standing = person.standing
        member = Q(dossier__programme__code__in=standing.scopes_of("committee_member"))
        assigned = Q(
            dossier__participations__person=person,
            dossier__participations__capacity=Capacity.ASSESSOR,
            dossier__participations__until=None,
        )
        filed = Q(dossier__in=Scorecard.objects.filter(person=person, voided_at=None).order_by().values("dossier"))
        revealed = Q(
            voided_at=None,
            dossier__assessment__revealed_at__isnull=False,
            dossier__state__in=SCORES_OPEN_TO_MEMBERS,
        )
        secretary = Q(dossier__programme__code__in=standing.scopes_of("committee_secretary"))
        auditor = Q(
            dossier__programme__code__in=standing.scopes_of("auditor"), dossier__state__in=SCORES_OPEN_TO_AUDITORS
        )
        seen = secretary | auditor | (member & assigned & (Q(person=person) | (filed & revealed)))
        # The join on participations may repeat a row that several of them open.
        return self.filter(pk__in=self.model._base_manager.filter(seen).order_by().values("pk")).free_of_ties(person)


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


class ScoreQuerySet(models.QuerySet["Score"]):
    def visible_to(self, person: "Person | None") -> Self:
        """As their scorecards."""
        return self.filter(scorecard__in=Scorecard.objects.visible_to(person))


class Score(models.Model):
    """One mark on one criterion."""

    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    value = models.DecimalField(max_digits=5, decimal_places=2)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["scorecard", "criterion"]
        verbose_name = _("score")
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "criterion"], name="one_score_a_criterion"),
            models.CheckConstraint(condition=Q(value__gte=0, value__lte=100), name="score_in_range"),
        ]

    def __str__(self) -> str:
        return str(self.value)


class AssessmentQuerySet(OwnQuerySet):
    def visible_to(self, person: "Person | None") -> Self:
        """The kept means are for the secretary; for the auditor once decided."""
        if person is None or not person.is_authenticated:
            return self.none()
        standing = person.standing
        return self.filter(
            Q(dossier__programme__code__in=standing.scopes_of("committee_secretary"))
            | Q(dossier__programme__code__in=standing.scopes_of("auditor"), dossier__state__in=SCORES_OPEN_TO_AUDITORS)
        ).free_of_ties(person)


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
