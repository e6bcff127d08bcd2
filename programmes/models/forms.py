"""The form of a call, in versions: one is prepared, published ones are frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models.calls import Call
from programmes.rules.form import Form
from programmes.rules.form_values import parse, plain

if TYPE_CHECKING:
    from people.models import Person


class FormVersionQuerySet(models.QuerySet["FormVersion"]):
    def visible_to(self, person: Person | None) -> Self:
        """Those of the calls that `person` may see; what is prepared is for the staff of the programme."""
        calls = Call.objects.visible_to(person)
        scopes = person.standing.scopes() if person is not None and person.is_authenticated else frozenset()
        own = models.Q(call__programme__code__in=scopes)
        return self.filter(own | models.Q(published_at__isnull=False), call__in=calls)

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)


class FormVersion(models.Model):
    """What a call asks, from one moment on: canonical JSON with its SHA-256, frozen once it is published."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="form_versions")
    number = models.PositiveSmallIntegerField(_("version"))
    content = models.TextField()
    digest = models.CharField(max_length=64)
    reason = models.TextField(_("reason of the change"), blank=True)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = FormVersionQuerySet.as_manager()

    class Meta:
        ordering = ["call", "-number"]
        verbose_name = _("form of a call")
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="form_version_number_unique"),
            models.UniqueConstraint(
                fields=["call"], condition=models.Q(published_at=None), name="one_form_version_in_preparation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call} v{self.number}"

    @property
    def programme_code(self) -> str:
        return self.call.programme_code

    @property
    def form(self) -> Form:
        """The form itself, read once for each content."""
        return _read(self.content)

    def hold(self, form: Form) -> None:
        """Take this form as the version's content."""
        self.content = written(form)
        self.digest = hashlib.sha256(self.content.encode()).hexdigest()


def written(form: Form) -> str:
    """The form in one spelling: canonical JSON."""
    return json.dumps(plain(form), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=256)
def _read(content: str) -> Form:
    found: Mapping[str, Any] = json.loads(content)
    return parse(found)
