"""Documents, found by what is in them."""

from __future__ import annotations

from django.db import models

from records.models.journal import DIGEST_LENGTH
from records.models.querysets import RecordQuerySet


class Document(models.Model):
    """A file that someone gave or that the product made. Its bytes stand under their SHA-256 and are never replaced."""

    digest = models.CharField(max_length=DIGEST_LENGTH, db_index=True)
    size = models.PositiveBigIntegerField(help_text="bytes")
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=150)
    label = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=60)
    chain = models.CharField(max_length=100, db_index=True)
    stored_by = models.CharField(max_length=80)
    stored_at = models.DateTimeField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(size__gt=0), name="document_not_empty"),)

    def __str__(self) -> str:
        return self.label or self.name

    @property
    def path(self) -> str:
        """Where the bytes stand in the store."""
        return path_of(self.digest)


def path_of(digest: str) -> str:
    """The place of the bytes with this SHA-256: two levels of folders, so that none grows too large."""
    return f"{digest[:2]}/{digest[2:4]}/{digest}"
