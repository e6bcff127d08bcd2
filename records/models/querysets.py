"""Querysets of the records. Who may see a record of a subject is decided above, where the subject is known."""

from __future__ import annotations

from typing import Any

from django.db import models


class RecordQuerySet(models.QuerySet):
    """Rows that nobody reaches through their own table: a page finds them through their subject."""

    def visible_to(self, person: Any) -> RecordQuerySet:
        """No row, for anybody."""
        return self.none()
