"""Who read what, and which form was already sent."""

from __future__ import annotations

from django.db import models

from records.models.journal import DIGEST_LENGTH
from records.models.querysets import RecordQuerySet


class AccessLog(models.Model):
    """A sensitive thing was read or downloaded. Never changed, never deleted (trigger)."""

    actor_id = models.CharField(max_length=80)
    what = models.CharField(max_length=80)
    chain = models.CharField(max_length=100, blank=True, default="")
    subject = models.CharField(max_length=200)
    at = models.DateTimeField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["chain", "at"], name="access_chain"),
            models.Index(fields=["actor_id", "at"], name="access_actor"),
        )

    def __str__(self) -> str:
        return f"{self.actor_id} {self.what} {self.subject}"


class OneTimeKey(models.Model):
    """A form or a request that was answered: sent twice, it gets the first answer again."""

    actor_id = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    body_digest = models.CharField(max_length=DIGEST_LENGTH)
    response = models.CharField(max_length=500, blank=True, default="")
    used_at = models.DateTimeField()

    # Whether this is the first time, for the caller that has just asked.
    first = False

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["actor_id", "key"], name="one_time_key_actor_key"),)

    def __str__(self) -> str:
        return self.key
