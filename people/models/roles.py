"""Roles of staff, each in one programme: proposed by one person, confirmed by another."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kit import clock
from people.models.person import Person


class Role(models.TextChoices):
    ADVISER = "adviser", _("Adviser")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    COMMITTEE_SECRETARY = "committee_secretary", _("Committee secretary")
    INSTRUCTING_OFFICER = "instructing_officer", _("Instructing officer")
    PAYING_OFFICER = "paying_officer", _("Paying officer")
    CONTROLLER = "controller", _("Controller")
    AUDITOR = "auditor", _("Auditor")
    FOLLOW_UP_AGENT = "follow_up_agent", _("Follow-up agent")
    PROGRAMME_MANAGER = "programme_manager", _("Programme manager")
    ADMINISTRATOR = "administrator", _("Administrator of the site")


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def live(self) -> Self:
        """Confirmed and not ended: the roles that count."""
        return self.filter(confirmed_at__isnull=False, ended_at__isnull=True)

    def waiting(self) -> Self:
        """Proposed, neither confirmed nor refused."""
        return self.filter(confirmed_at__isnull=True, ended_at__isnull=True)

    def visible_to(self, person: Person | None) -> Self:
        """One's own; those of one's programme for its manager and auditor; all for administrators."""
        if person is None or not person.is_authenticated:
            return self.none()
        own = person.standing
        if own.has_role("administrator"):
            return self
        return self.filter(Q(person=person) | Q(scope__in=own.scopes_of("programme_manager", "auditor")))


class RoleAssignment(models.Model):
    """One role of one person in one programme; the administrator's is for the whole site (scope "").

    An administrator is made at the command line by the installer, so that no one on the site makes one:
    such a row has no proposer.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="role_assignments")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    scope = models.CharField(_("programme"), max_length=30, blank=True)
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["scope", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "scope"], condition=Q(ended_at__isnull=True), name="role_once_at_a_time"
            ),
            models.CheckConstraint(
                name="role_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True)
                | (~Q(confirmed_by=F("proposed_by")) & ~Q(confirmed_by=F("person"))),
            ),
            models.CheckConstraint(
                name="role_has_two_persons_unless_installed",
                condition=Q(role="administrator", scope="", proposed_by__isnull=True)
                | (
                    ~Q(role="administrator")
                    & ~Q(scope="")
                    & Q(proposed_by__isnull=False)
                    & (
                        Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                        | Q(confirmed_at__isnull=False, confirmed_by__isnull=False)
                    )
                ),
            ),
        ]
        indexes = [models.Index(fields=["scope", "role"], name="role_by_programme")]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}" + (f" · {self.scope}" if self.scope else "")

    @property
    def programme_code(self) -> str:
        return self.scope

    @property
    def journal_chain(self) -> str:
        return f"programme:{self.scope}" if self.scope else "site"

    @property
    def journal_label(self) -> str:
        return f"role:{self.role}"
