"""The work list of dossiers: filters, columns and order in the query string, pages by key, a fixed number of queries.

The query string is the whole of a view of the list: as a link it is shared, under a name it is saved, and what is
exported or done in bulk reads it in the same way as the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from grants.lifecycle import State
from grants.models import Dossier
from grants.models.dossier import DossierQuerySet
from grants.queries import handling
from grants.queries.visibility import programme_keys
from people.models import Person, Role
from programmes.models import Call
from web.forms import CleanCharField, EscalierForm
from web.officer import columns
from web.shared.acts import PersonRequest
from web.shared.lists import Page, by_key

FILED = [(value, label) for value, label in State.choices if value != State.DRAFT]
VIEWS = (State.SUBMITTED, State.RETURNED, State.ADVISED, State.SELECTED, State.CONTRACTED)
MINE, NOBODY = "mine", "nobody"
LONGEST = 1000
"""Characters of a query string that is kept."""
MOST_PICKED = 200
"""Dossiers that one act in bulk takes: some seconds of work."""


class DossierFilters(EscalierForm):
    """What the list can be narrowed to; every field may stay empty."""

    q = CleanCharField(label=_("Reference, applicant or title"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False)
    call = forms.ChoiceField(label=_("Call"), required=False)
    officer = forms.ChoiceField(label=_("Officer in charge"), required=False)
    department = CleanCharField(label=_("Département"), required=False, max_length=3)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, scopes = person, person.standing.scopes()
        self.officers = handling.officers_of(scopes)
        self.fields["state"].choices = [("", _t("All")), *FILED]  # type: ignore[attr-defined]
        calls = Call.objects.filter(programme__code__in=scopes).order_by("-closes_at", "-pk")
        self.fields["call"].choices = [("", _t("All")), *((call.slug, call.title) for call in calls[:200])]  # type: ignore[attr-defined]
        self.fields["officer"].choices = list(self._officer_choices())  # type: ignore[attr-defined]
        for field in self.fields.values():
            select = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if select else "form-control"

    def _officer_choices(self) -> Iterator[tuple[str, Any]]:
        yield "", _t("All")
        if self.person.standing.has_role(Role.INSTRUCTING_OFFICER):
            yield MINE, _t("Myself")
        yield NOBODY, _t("Nobody")
        named = {key: person for there in self.officers.values() for key, person in there.items()}
        for key, person in sorted(named.items(), key=lambda item: (item[1].full_name, item[0])):
            yield str(key), person.full_name

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
        if wanted["officer"]:
            rows = rows.filter(self._handled_by(wanted["officer"]))
        if wanted["department"]:
            rows = rows.filter(department=wanted["department"])
        return rows

    def _handled_by(self, who: str) -> Q:
        keys = programme_keys(self.person)
        if who == NOBODY:
            return handling.of_nobody(keys, self.officers)
        return handling.of_officer(self.person.pk if who == MINE else int(who), keys, self.officers)


def filed(person: Person) -> DossierQuerySet:
    """The filed dossiers that `person` may open, of the programmes in which they hold a role."""
    rows = Dossier.objects.visible_to(person)
    return rows.filter(submitted_at__isnull=False, programme__in=sorted(programme_keys(person).values()))


def found_by(person: Person, form: DossierFilters) -> DossierQuerySet:
    """The filtered list, with all that a row shows."""
    # Few calls and programmes: joined to them, SQLite would begin with these and sort every dossier.
    return form.narrow(filed(person)).select_related("applicant").prefetch_related("call", "programme")


def page_of(request: PersonRequest, form: DossierFilters, sort: str = columns.FIRST_ORDER) -> Page:
    """The page of the filtered list that the request asks for: the last filed first, or in the order `sort`."""
    return by_key(request, found_by(request.user, form), *columns.order_by(sort))


def dressed(row: Dossier, officers: handling.Officers) -> Dossier:
    """The row with the name of its officer in charge as `officer_name`; empty where there is none."""
    officer = officers.get(row.programme_code, {}).get(row.officer_id or 0)
    row.officer_name = officer.full_name if officer is not None else ""  # type: ignore[attr-defined]
    return row


def normalised(query: QueryDict) -> QueryDict:
    """What `query` says of a view of the list, and nothing else: known fields that are filled, in one spelling."""
    found = QueryDict(mutable=True)
    for name in DossierFilters.base_fields:
        if value := query.get(name, "").strip()[:100]:
            found[name] = value
    codes = columns.chosen(query.getlist("columns"))
    if codes != columns.DEFAULT:
        found["columns"] = ",".join(codes)
    sort = columns.ordered(query.get("sort", ""))
    if sort != columns.FIRST_ORDER:
        found["sort"] = sort
    return found


def written(query: QueryDict, **changes: str) -> str:
    """A view of the list as a query string, `changes` made; "" takes a field out."""
    changed = query.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value:
            changed[name] = value
    return changed.urlencode(safe=",")


def address(path: str, query: str) -> str:
    """The path with the query string, if there is one."""
    return f"{path}?{query}" if query else path


def counts(person: Person) -> dict[str, int]:
    """How many filed dossiers there are in each state, in one query."""
    return dict(filed(person).order_by().values_list("state").annotate(count=Count("pk")))


def views(path: str, query: QueryDict, counted: Mapping[str, int]) -> list[dict[str, Any]]:
    """The ready-made filters by state with their counts; they keep the columns and the order."""
    narrowed = {name for name in DossierFilters.base_fields if name in query}
    cleared = dict.fromkeys(DossierFilters.base_fields, "")

    def view(label: Any, state: str, count: int) -> dict[str, Any]:
        kept = written(query, **{**cleared, "state": state})
        here = narrowed == {"state"} and query["state"] == state if state else not narrowed
        return {"label": label, "url": address(path, kept), "here": here, "count": count}

    return [
        view(_t("All"), "", sum(counted.values())),
        *(view(State(state).label, state, counted.get(state, 0)) for state in VIEWS),
    ]


def number_of(person: Person, form: DossierFilters, query: QueryDict, counted: Mapping[str, int]) -> int:
    """How many dossiers the filters let pass; counted anew only where the counts by state do not say it."""
    narrowed = {name for name in DossierFilters.base_fields if name in query}
    if not narrowed:
        return sum(counted.values())
    if narrowed == {"state"}:
        return counted.get(str(query["state"]), 0)
    return form.narrow(filed(person)).count()


def headers(path: str, query: QueryDict, codes: tuple[str, ...], sort: str) -> list[dict[str, Any]]:
    """The heads of the table: label, class, and where the list can be ordered by it, the address that does."""
    found = []
    for column in (columns.REFERENCE, *(columns.BY_CODE[code] for code in codes)):
        head = {"code": column.code, "label": column.label, "css": column.css, "url": "", "sorted": ""}
        if column.field:
            here = sort.removeprefix("-") == column.code
            descending = here and sort.startswith("-")
            # The first press gives the greatest first, but for names; a second one turns the order around.
            turned = f"-{column.code}" if (not descending if here else column.code != "reference") else column.code
            head["url"] = address(path, written(query, sort="" if turned == columns.FIRST_ORDER else turned))
            head["sorted"] = ("descending" if descending else "ascending") if here else ""
        found.append(head)
    return found


def described(query: QueryDict, form: DossierFilters) -> list[tuple[Any, Any]]:
    """What a view of the list shows, in words: its filters, its columns when they are chosen, its order."""
    found: list[tuple[Any, Any]] = []
    for name, field in form.fields.items():
        if value := query.get(name, ""):
            choices = dict(getattr(field, "choices", ()))
            found.append((field.label, choices.get(value, value)))
    if not found:
        found.append((_t("Dossiers"), _t("All")))
    if "columns" in query:
        labels = [str(columns.BY_CODE[code].label) for code in columns.chosen([str(query["columns"])])]
        found.append((_t("Columns"), ", ".join(labels)))
    if sort := query.get("sort", ""):
        label = next(item.label for item in columns.SORTED_BY if item.code == sort.removeprefix("-"))
        turned = _t("{column}, descending") if sort.startswith("-") else _t("{column}, ascending")
        found.append((_t("Ordered by"), turned.format(column=label)))
    return found


def picked(request: PersonRequest) -> list[str] | str:
    """The references ticked in the list, or all of its filter; a sentence where there are none or too many."""
    if not request.POST.get("all"):
        found = request.POST.getlist("pick")
        return found[:MOST_PICKED] or _t("Tick at least one dossier.")
    form = DossierFilters(normalised(request.GET), person=request.user)
    rows = form.narrow(filed(request.user)).order_by("pk").values_list("reference", flat=True)
    every = list(rows[: MOST_PICKED + 1])
    if len(every) > MOST_PICKED:
        return too_many(form.narrow(filed(request.user)).count())
    return every or _t("Tick at least one dossier.")


def too_many(count: int) -> str:
    """Why an act in bulk does not take so many, in a sentence."""
    return _t("{count} dossiers are more than the {most} that one act takes: narrow the filters.").format(
        count=count, most=MOST_PICKED
    )
