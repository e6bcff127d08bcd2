"""Views of the work list under a name: saving what one sees, and deleting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grants.actions import worklist
from grants.models import SavedView
from people.models import Person
from people.permissions.table import LIST_READERS
from programmes.models import Programme
from web.forms import CleanCharField, EscalierForm, choices_of
from web.officer import listing
from web.pages import act, get_visible, page
from web.shared.acts import PersonRequest, act_page, confirmed, done

LIST, VIEWS = "officer:dossiers", "officer:saved_views"


class SaveForm(EscalierForm):
    """The name of a view, for whom, and the query string that it keeps."""

    name = CleanCharField(
        label=_("Name of the view"),
        max_length=60,
        help_text=_("For example: to examine in the Lot. A view of yours with the same name is replaced."),
    )
    programme = forms.ChoiceField(label=_("Programme"))
    shared = forms.BooleanField(label=_("Show it to the whole staff of the programme"), required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=listing.LONGEST)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = person.standing.scopes_of(*LIST_READERS)
        self.programmes = {str(row.pk): row for row in Programme.objects.filter(code__in=scopes).order_by("code")}
        self.fields["programme"].choices = choices_of(self.programmes.values())  # type: ignore[attr-defined]
        self.fields["programme"].initial = next(iter(self.programmes), None)
        if len(self.programmes) == 1:
            self.fields["programme"].widget = forms.HiddenInput()

    def clean_query(self) -> str:
        """The query string in the one spelling, without what is no view of the list."""
        return listing.written(listing.normalised(QueryDict(self.cleaned_data["query"])))


def shown(person: Person, path: str, query: str) -> list[dict[str, Any]]:
    """The saved views that the person may open, as the ready-made ones are shown; in one query."""
    rows = SavedView.objects.visible_to(person).order_by("name", "pk").values_list("name", "query")
    return [
        {"label": name, "url": listing.address(path, kept), "here": kept == query and kept != "", "count": None}
        for name, kept in rows
    ]


@page("view.save")
def save(request: PersonRequest) -> HttpResponse:
    """Keep the view that the query string shows, under a name."""
    query = listing.normalised(request.GET)
    written = listing.written(query)
    form = SaveForm(request.POST or None, person=request.user, initial={"query": written})
    if form.is_valid():
        given = form.cleaned_data
        kept = {name: given[name] for name in ("name", "query", "shared")}
        view = act(request, form, worklist.save_view, programme=form.programmes[given["programme"]], **kept)
        if view:
            return done(request, _t("The view “{name}” is saved.").format(name=view.name), VIEWS)
    return act_page(
        request,
        form,
        title=_t("Save this view"),
        submit=_t("Save the view"),
        back_url=address(written),
        lead=_t("A view keeps the filters, the columns and the order: it shows the dossiers of the day."),
        facts=listing.described(query, listing.DossierFilters(person=request.user)),
        trail=[(_t("Dossiers"), reverse(LIST))],
    )


@page("view.save", methods=["GET"])
def views(request: PersonRequest) -> HttpResponse:
    """The saved views, one's own and those of colleagues, each with what it shows."""
    rows = list(SavedView.objects.visible_to(request.user).select_related("programme", "person").order_by("name", "pk"))
    filters = listing.DossierFilters(person=request.user)
    for row in rows:
        facts = listing.described(listing.normalised(QueryDict(row.query)), filters)
        sentences = (_t("%(label)s: %(message)s") % {"label": label, "message": value} for label, value in facts)
        row.told = " · ".join(sentences)  # type: ignore[attr-defined]
        row.url = address(row.query)  # type: ignore[attr-defined]
        row.deletable = worklist.deletes(request.user, row)  # type: ignore[attr-defined]
    return render(request, "officer/saved_views.html", {"rows": rows})


@page("view.delete")
def delete(request: PersonRequest, pk: int) -> HttpResponse:
    """Delete a saved view."""
    view: SavedView = get_visible(SavedView.objects.select_related("programme", "person"), request.user, pk=pk)
    form = confirmed(request)
    if form.is_valid() and act(request, form, worklist.delete_view, view=view):
        return done(request, _t("The view is deleted."), VIEWS)
    return act_page(
        request,
        form,
        title=_t("Delete the view “{name}”").format(name=view.name),
        submit=_t("Delete the view"),
        back_url=reverse(VIEWS),
        lead=_t("The dossiers that it shows stay as they are."),
        trail=[(_t("Dossiers"), reverse(LIST)), (_t("Saved views"), reverse(VIEWS))],
        danger=True,
        refused="" if worklist.deletes(request.user, view) else worklist.anothers(),
    )


def address(query: str) -> str:
    """The list as the query string shows it."""
    return listing.address(reverse(LIST), query)
