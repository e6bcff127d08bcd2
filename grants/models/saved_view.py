"""A view of the work list that somebody named: filters, columns and order, as the query string that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programmes.models import Programme

if TYPE_CHECKING:
    from people.models import Person


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, person: Person | None) -> Self:
        """One's own, and those that are shared, of the programmes in which one holds a role."""
        if person is None or not person.is_authenticated or not person.is_active:
            return self.none()
        here = self.filter(programme__code__in=person.standing.scopes())
        return here.filter(Q(person=person) | Q(shared=True))


class SavedView(models.Model):
    """A named view, of one person or shared with the staff of the programme; it opens no dossier to anybody."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_views")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="saved_views")
    name = models.CharField(_("name of the view"), max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved view")
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_view_named_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def programme_code(self) -> str:
        return self.programme.code
