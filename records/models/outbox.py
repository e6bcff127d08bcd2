"""The outbox: a mail is a row of the act's transaction; a relay sends it afterwards, at least once."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.models.querysets import RecordQuerySet


class OutboxQuerySet(RecordQuerySet):
    """Mails; a person sees those that were written to them."""

    def visible_to(self, person: Any) -> OutboxQuerySet:
        """The mails of this person."""
        actor_id = getattr(person, "actor_id", "")
        return self.filter(person_id=actor_id) if actor_id else self.none()


class OutboxMail(models.Model):
    """A mail to one recipient, rendered when it was queued."""

    class State(models.TextChoices):
        QUEUED = "queued", _("To be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not sent")

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    chain = models.CharField(max_length=100, blank=True, default="", db_index=True)
    person_id = models.CharField(max_length=80, blank=True, default="", db_index=True)
    recipient = models.CharField(max_length=254)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True, default="")
    message_id = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    queued_at = models.DateTimeField()
    # Not before this instant: the wish of the act, then the next attempt.
    due = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    # Until when the sender named by the token holds the mail; after that it is taken for dead.
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True, default="")
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True, default="")

    objects = OutboxQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending", "sent", "failed"]), name="outbox_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="outbox_sent_has_its_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(lease_until__isnull=False), name="outbox_sending_has_its_lease"
            ),
        )
        indexes = (
            models.Index(fields=["due", "id"], condition=Q(state__in=["queued", "sending"]), name="outbox_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.kind} ({self.key})"
