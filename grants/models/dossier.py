"""The dossier: one application, from draft to the end of its project."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.lifecycle import PUBLIC_LABELS, DossierLifecycle, State
from grants.models.plan import FinancingPlan
from kit.money import MoneyField
from people.models import Organisation
from programmes.models import Call, FormVersion, Programme

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from people.models import Person
    from programmes.models import AidRule
    from programmes.rules.form import Form

SINCE_SUBMISSION = [value for value in State.values if value not in (State.DRAFT, State.WITHDRAWN)]


# Who sees a dossier depends on the tables that hang on it, so it is told from above this module.
_visibility: "dict[str, Callable[[Person | None], Q]]" = {}


def bind_visibility(condition: "Callable[[Person | None], Q]") -> None:
    """Say which dossiers a person may open, as a condition on the table; called once, when the app starts."""
    _visibility["of"] = condition


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, person: "Person | None") -> Self:
        """Dossiers `person` may open: as applicant, partner, staff or participant.

        Staff roles are lost on dossiers the person is tied to; the page of permissions says who reads which state.
        """
        return self.filter(_visibility["of"](person))


class Dossier(DossierLifecycle):
    """One application to one call by one organisation, with the money columns that lists sort by (euros)."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="dossiers")
    call = models.ForeignKey(Call, models.PROTECT, related_name="dossiers")
    form = models.ForeignKey(FormVersion, models.PROTECT, related_name="dossiers")
    applicant = models.ForeignKey(Organisation, models.PROTECT, related_name="dossiers")
    reference = models.CharField(_("reference"), max_length=40, unique=True)
    title = models.CharField(_("title of the project"), max_length=200)
    department = models.CharField(_("department"), max_length=3, blank=True)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    # Of autosaved answers: who wrote each last, and what the journal does not tell yet (`grants.actions.hands`).
    hands = models.JSONField(default=dict, blank=True)
    unentered = models.JSONField(default=dict, blank=True)
    plan = models.OneToOneField(FinancingPlan, models.PROTECT, related_name="dossier")
    eligible = MoneyField(_("eligible base"), default=Decimal(0))
    requested = MoneyField(_("grant asked for"), default=Decimal(0))
    granted = MoneyField(_("grant awarded"), null=True, blank=True)
    reserve_rank = models.PositiveIntegerField(_("rank on the reserve list"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="created_dossiers")
    created_at = models.DateTimeField(_("created"))
    version = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="submitted_dossiers"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # `dossier_of_officer` begins with it
        related_name="dossiers_in_charge",
        verbose_name=_("officer in charge"),
    )
    advised_at = models.DateTimeField(_("advised"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_reasons = models.TextField(_("reasons"), blank=True)
    contracted_at = models.DateTimeField(_("contracted"), null=True, blank=True)
    verified_at = models.DateTimeField(_("service fact verified"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = DossierQuerySet.as_manager()

    lock_rank = 30

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("dossier")
        indexes = [
            models.Index(fields=["programme", "state", "-submitted_at", "-id"], name="dossier_work_list"),
            models.Index(fields=["programme", "-submitted_at", "-id"], name="dossier_list"),
            models.Index(fields=["programme", "reference", "id"], name="dossier_by_reference"),
            models.Index(fields=["programme", "requested", "id"], name="dossier_by_request"),
            models.Index(fields=["officer", "-submitted_at", "-id"], name="dossier_of_officer"),
            models.Index(fields=["applicant", "state"], name="dossier_of_applicant"),
            models.Index(fields=["call", "state"], name="dossier_of_call"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="dossier_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.WITHDRAWN])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="dossier_submitted_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ADVISED) | Q(advised_at__isnull=False), name="dossier_advised_is_dated"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.SELECTED, State.ON_RESERVE, State.REJECTED, State.INELIGIBLE])
                | Q(decided_at__isnull=False),
                name="dossier_decided_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[State.SELECTED, State.CONTRACTED, State.SERVICE_FACT_VERIFIED, State.PAID, State.CLOSED]
                )
                | Q(granted__isnull=False),
                name="dossier_selected_has_a_grant",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[State.CONTRACTED, State.SERVICE_FACT_VERIFIED, State.PAID, State.CLOSED, State.CANCELLED]
                )
                | Q(contracted_at__isnull=False),
                name="dossier_contracted_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.SERVICE_FACT_VERIFIED, State.PAID, State.CLOSED])
                | Q(verified_at__isnull=False),
                name="dossier_verified_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.PAID, State.CLOSED]) | Q(paid_at__isnull=False),
                name="dossier_paid_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.CLOSED, State.WITHDRAWN, State.CANCELLED]) | Q(ended_at__isnull=False),
                name="dossier_ended_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ON_RESERVE) | Q(reserve_rank__isnull=False),
                name="dossier_on_reserve_is_ranked",
            ),
            models.CheckConstraint(condition=Q(granted=None) | Q(granted__gte=0), name="dossier_grant_not_negative"),
            models.CheckConstraint(condition=Q(eligible__gte=0, requested__gte=0), name="dossier_amounts_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def programme_code(self) -> str:
        return self.programme.code

    @property
    def permission_dossier(self) -> "Dossier":
        """What relations to a dossier are asked about."""
        return self

    @property
    def permission_state(self) -> str:
        return self.state

    @property
    def journal_chain(self) -> str:
        return f"dossier:{self.reference}"

    @property
    def journal_label(self) -> str:
        return self.reference

    @property
    def questions(self) -> "Form":
        """What the dossier is asked: the version of the call's form that it is prepared on."""
        return self.form.form

    @property
    def public_state(self) -> str:
        """The state in public words."""
        return str(PUBLIC_LABELS[State(self.state)])

    def aid_rule_on(self, day: "date") -> "AidRule | None":
        """The aid rule of the dossier's measure in force on `day` (R20)."""
        return self.call.measure.aid_rules.in_force(day).first()


class OfDossier:
    """An object that hangs on a dossier: permissions and journal follow from it."""

    dossier: Dossier

    @property
    def programme_code(self) -> str:
        return self.dossier.programme_code

    @property
    def permission_dossier(self) -> Dossier:
        return self.dossier

    @property
    def permission_state(self) -> str:
        return self.dossier.state

    @property
    def journal_chain(self) -> str:
        return self.dossier.journal_chain

    @property
    def journal_label(self) -> str:
        return self.dossier.journal_label


class OfDossierQuerySet(models.QuerySet):
    def visible_to(self, person: "Person | None") -> Self:
        """Rows whose dossier `person` may open."""
        return self.filter(dossier__in=Dossier.objects.visible_to(person))


class CompletionRequest(OfDossier, models.Model):
    """A request to complete whole sections of a dossier, with its due date."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="completion_requests")
    sections = models.JSONField(_("sections"))
    message = models.TextField(_("what is missing"))
    due_at = models.DateTimeField(_("due"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("request for completion")
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(answered_at=None, cancelled_at=None), name="one_open_completion_request"
            ),
            models.CheckConstraint(condition=Q(due_at__gt=models.F("asked_at")), name="completion_due_after_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier.reference} {self.asked_at:%Y-%m-%d}"


class Snapshot(OfDossier, models.Model):
    """What was filed, sealed: canonical JSON with the SHA-256 of each document (I4)."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "number"]
        verbose_name = _("sealed snapshot")
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="snapshot_number_unique")]

    def __str__(self) -> str:
        return f"{self.dossier.reference} v{self.number}"
