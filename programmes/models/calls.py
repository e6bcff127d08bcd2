"""A call for proposals: what opens a measure to applicants, between two instants (R48)."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programmes.models.money import Envelope
from programmes.models.programme import BilingualTitle, Measure, OfProgramme, Programme
from programmes.rules.deadlines import USUAL_REMINDERS

if TYPE_CHECKING:
    from people.models import Person


class CallState(models.TextChoices):
    PREPARED = "prepared", pgettext_lazy("call", "In preparation")
    PUBLISHED = "published", pgettext_lazy("call", "Published")


def usual_reminders() -> list[int]:
    """What a call reminds of unless it says otherwise."""
    return list(USUAL_REMINDERS)


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, person: "Person | None") -> Self:
        """Published calls are public; those in preparation are for the staff of their programme."""
        published = models.Q(state=CallState.PUBLISHED)
        if person is None or not person.is_authenticated:
            return self.filter(published)
        return self.filter(published | models.Q(programme__code__in=person.standing.scopes()))

    def open_at(self, instant: datetime) -> Self:
        return self.filter(state=CallState.PUBLISHED, opens_at__lte=instant, closes_at__gt=instant)


class Call(OfProgramme, BilingualTitle, models.Model):
    """A call: open from `opens_at` until just before `closes_at` (half-open UTC instants)."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="calls")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="calls")
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="calls")
    slug = models.SlugField(_("address of the page"), max_length=60, unique=True)
    reference_prefix = models.CharField(_("prefix of the references"), max_length=20, unique=True)
    title_fr = models.CharField(_("title in French"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    presentation_fr = models.TextField(_("presentation in French"))
    presentation_en = models.TextField(_("presentation in English"), blank=True)
    state = models.CharField(max_length=10, choices=CallState.choices, default=CallState.PREPARED)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    needs_advice = models.BooleanField(_("advice before selection"), default=True)
    allows_partial_awards = models.BooleanField(_("partial awards"), default=False)
    scorecards_needed = models.PositiveSmallIntegerField(_("scorecards needed"), default=2)
    appeal_days = models.PositiveSmallIntegerField(_("days to appeal"), default=60)
    contest_days = models.PositiveSmallIntegerField(_("days to contest a check"), default=30)
    reminder_days = models.JSONField(
        _("days before the deadline on which drafts are reminded"), default=usual_reminders
    )
    last_number = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = CallQuerySet.as_manager()

    lock_rank = 15

    class Meta:
        ordering = ["-closes_at", "-pk"]
        verbose_name = _("call for proposals")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="call_closes_after_opening"
            ),
            models.CheckConstraint(
                condition=models.Q(state=CallState.PREPARED, published_at=None)
                | models.Q(state=CallState.PUBLISHED, published_at__isnull=False),
                name="call_published_is_dated",
            ),
            models.CheckConstraint(condition=models.Q(scorecards_needed__gte=1), name="call_needs_a_scorecard"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def presentation(self) -> str:
        """The presentation in the language of the page."""
        return self.presentation_en if self.title != self.title_fr and self.presentation_en else self.presentation_fr

    def is_announced_at(self, instant: datetime) -> bool:
        """Published and not yet closed: a draft may be prepared."""
        return self.state == CallState.PUBLISHED and instant < self.closes_at

    def is_open_at(self, instant: datetime) -> bool:
        """Published, begun and not yet closed at `instant`."""
        return self.is_announced_at(instant) and self.opens_at <= instant
