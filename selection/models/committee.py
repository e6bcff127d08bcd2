"""Committees, their members and their meetings (R36)."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kit import clock
from kit.clock import PARIS
from programmes.models import DecisionBody, Programme
from programmes.models.programme import OfProgramme

if TYPE_CHECKING:
    from people.models import Person


LONGEST_LABEL = 180
"""Characters of a committee's name in the journal, which adds the date."""


class CommitteeQuerySet(models.QuerySet["Committee"]):
    def visible_to(self, person: "Person | None") -> Self:
        """Its members, and the staff of the programme."""
        if person is None or not person.is_authenticated:
            return self.none()
        own = CommitteeMember.objects.in_office(clock.today()).filter(person=person).order_by()
        return self.filter(Q(pk__in=own.values("committee")) | Q(programme__code__in=person.standing.scopes()))


class Committee(OfProgramme, models.Model):
    """A committee of a programme; the quorum is the number of members who must attend."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="committees")
    body = models.CharField(_("kind"), max_length=12, choices=DecisionBody.choices, default=DecisionBody.SELECTION)
    name = models.CharField(_("name"), max_length=200)
    quorum = models.PositiveSmallIntegerField(_("members needed"), default=2)

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "name"]
        verbose_name = _("committee")
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="committee_name_unique"),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="committee_quorum"),
        ]

    def __str__(self) -> str:
        return self.name


class OfCommittee:
    """An object that belongs to a committee: roles and journal follow from it."""

    committee: Committee

    @property
    def programme_code(self) -> str:
        return self.committee.programme_code

    @property
    def journal_chain(self) -> str:
        return self.committee.journal_chain

    @property
    def journal_label(self) -> str:
        """The committee's name: that of a member is personal data."""
        return self.committee.name


class OfCommitteeQuerySet(models.QuerySet):
    def visible_to(self, person: "Person | None") -> Self:
        """As the committee."""
        return self.filter(committee__in=Committee.objects.visible_to(person))


class CommitteeMemberQuerySet(OfCommitteeQuerySet):
    def in_office(self, day: date) -> Self:
        """Appointed by `day` and not yet ended (half-open: the last day is excluded)."""
        return self.filter(since__lte=day).filter(Q(until=None) | Q(until__gt=day))


class CommitteeMember(OfCommittee, models.Model):
    """A person appointed to a committee from `since` until just before `until` (days in Paris)."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="committee_memberships")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = CommitteeMemberQuerySet.as_manager()

    class Meta:
        ordering = ["committee", "pk"]
        verbose_name = _("committee member")
        constraints = [
            models.UniqueConstraint(fields=["committee", "person"], condition=Q(until=None), name="member_once")
        ]

    def __str__(self) -> str:
        return str(self.person)


class MeetingState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    HELD = "held", pgettext_lazy("meeting", "Held")
    CLOSED = "closed", pgettext_lazy("meeting", "Closed")


class Meeting(OfCommittee, models.Model):
    """A meeting: planned, held with its attendance, closed once its decisions are recorded."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField(_("starts"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=MeetingState.choices, default=MeetingState.PLANNED)
    held_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    quorum_reached = models.BooleanField(null=True, blank=True)

    objects = OfCommitteeQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = _("meeting")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MeetingState.PLANNED, held_at=None, closed_at=None)
                | Q(state=MeetingState.HELD, held_at__isnull=False, closed_at=None)
                | Q(state=MeetingState.CLOSED, held_at__isnull=False, closed_at__isnull=False),
                name="meeting_state_is_dated",
            )
        ]

    def __str__(self) -> str:
        return f"{self.committee} {self.day:%Y-%m-%d}"

    @property
    def journal_label(self) -> str:
        return f"{self.committee.name[:LONGEST_LABEL]} {self.day:%Y-%m-%d}"

    @property
    def day(self) -> date:
        """The date of the meeting in Paris: that of its decisions."""
        return self.starts_at.astimezone(PARIS).date()


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def visible_to(self, person: "Person | None") -> Self:
        """As the meeting."""
        return self.filter(meeting__in=Meeting.objects.visible_to(person))


class Attendance(models.Model):
    """Who was at a meeting."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances")
    member = models.ForeignKey(CommitteeMember, models.PROTECT, related_name="attendances")
    present = models.BooleanField(_("present"))

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "pk"]
        verbose_name = _("attendance")
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.member} {self.present}"
