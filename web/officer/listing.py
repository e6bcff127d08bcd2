"""The work list of dossiers: filters in the query string, pages by key, the same queries at any length."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grants.lifecycle import State
from grants.models import Dossier
from grants.models.dossier import DossierQuerySet
from grants.queries.visibility import programme_keys
from people.models import Person
from programmes.models import Call
from web.forms import CleanCharField, EscalierForm
from web.shared.acts import PersonRequest
from web.shared.lists import Page, by_key

FILED = [(value, label) for value, label in State.choices if value != State.DRAFT]
VIEWS = (State.SUBMITTED, State.RETURNED, State.ADVISED, State.SELECTED, State.CONTRACTED)


class DossierFilters(EscalierForm):
    """What the list can be narrowed to; every field may stay empty."""

    q = CleanCharField(label=_("Reference, applicant or title"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False)
    call = forms.ChoiceField(label=_("Call"), required=False)
    department = CleanCharField(label=_("Département"), required=False, max_length=3)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _t("All")), *FILED]  # type: ignore[attr-defined]
        calls = Call.objects.filter(programme__code__in=person.standing.scopes()).order_by("-closes_at", "-pk")
        self.fields["call"].choices = [("", _t("All")), *((call.slug, call.title) for call in calls[:200])]  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name in ("state", "call") else "form-control"

    def narrow(self, rows: DossierQuerySet) -> DossierQuerySet:
        """The rows that the filters let pass; a filter that means nothing lets none pass."""
        if not self.is_valid():
            return rows.none()
        wanted = self.cleaned_data
        if wanted["q"]:
            found = Q(reference__istartswith=wanted["q"]) | Q(title__icontains=wanted["q"])
            rows = rows.filter(found | Q(applicant__name__icontains=wanted["q"]))
        if wanted["state"]:
            rows = rows.filter(state=wanted["state"])
        if wanted["call"]:
            rows = rows.filter(call__slug=wanted["call"])
        if wanted["department"]:
            rows = rows.filter(department=wanted["department"])
        return rows


def filed(person: Person) -> DossierQuerySet:
    """The filed dossiers that `person` may open, of the programmes in which they hold a role."""
    rows = Dossier.objects.visible_to(person)
    return rows.filter(submitted_at__isnull=False, programme__in=sorted(programme_keys(person).values()))


def page_of(request: PersonRequest, form: DossierFilters) -> Page:
    """The page of the filtered list that the request asks for, the last filed first."""
    # Few calls and programmes: joined to them, SQLite would begin with these and sort every dossier.
    rows = form.narrow(filed(request.user)).select_related("applicant").prefetch_related("call", "programme")
    return by_key(request, rows, "-submitted_at", "-pk")


def views(request: PersonRequest) -> list[dict[str, Any]]:
    """The ready-made filters by state with their counts, in one query."""
    counts = dict(filed(request.user).order_by().values_list("state").annotate(count=Count("pk")))
    wanted = request.GET.get("state", "")
    rows = [{"label": _t("All"), "url": request.path, "here": not request.GET, "count": sum(counts.values())}]
    for state in VIEWS:
        only = request.GET.keys() <= {"state", "after", "before"}
        rows.append(
            {
                "label": State(state).label,
                "url": f"{request.path}?{urlencode({'state': state})}",
                "here": only and wanted == state,
                "count": counts.get(state, 0),
            }
        )
    return rows
